import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { PaymentAuthConfigError, type ConfigProblem } from '../errors';
import { resolvePaymentAuthOptions } from '../../payment-auth.resolve-options';
import { resolveTokenSharing } from './resolve-token-sharing';
import { type RedisClientLike } from './token-sharing';
import { type TokenSharingOptions } from './token-sharing.options';

const URL_WITH_PASSWORD = 'redis://:hunter2-pässword@redis.internal:6379/0';
const KEY = randomBytes(32).toString('base64');

const client: RedisClientLike = {
  isOpen: true,
  isReady: true,
  connect: () => Promise.resolve(),
  destroy: () => undefined,
  duplicate: () => {
    throw new Error('not in this test');
  },
  on: () => undefined,
  off: () => undefined,
  eval: () => Promise.resolve(0),
  publish: () => Promise.resolve(0),
};

/** Users without TypeScript pass anything. */
function resolve(block: unknown, replicas?: number) {
  const problems: ConfigProblem[] = [];
  const needs = { replicas, hasOneTokenGateway: true, longestRequestMs: 0 };
  const resolved = resolveTokenSharing(block as TokenSharingOptions | undefined, needs, problems);
  return { resolved, problems };
}

const netzme = {
  environment: 'sandbox',
  clientId: 'id',
  clientSecret: 'a secret of more than 32 characters',
  baseUrl: 'http://127.0.0.1:1',
};
const alignet = { environment: 'sandbox', clientId: 'id', clientSecret: 'secret' };
const placetopay = { environment: 'sandbox', login: 'login', secretKey: 'secret' };

function problemsOf(options: object): readonly ConfigProblem[] {
  try {
    resolvePaymentAuthOptions(options);
    return [];
  } catch (error) {
    if (error instanceof PaymentAuthConfigError) return error.problems;
    throw error;
  }
}

describe('resolveTokenSharing', () => {
  it('shows neither the password of its Redis nor its keys', () => {
    const { resolved } = resolve({ redisUrl: URL_WITH_PASSWORD, encryptionKeys: [{ id: 'k1', key: KEY }] });
    expect(resolved).toMatchObject({ connection: { redisUrl: URL_WITH_PASSWORD } });
    expect(inspect({ resolved }, { depth: Infinity, showHidden: true })).toBe('{ resolved: [tokenSharing] }');
    expect(JSON.stringify({ resolved })).toBe('{"resolved":"[tokenSharing]"}');
  });

  it('fills in the defaults', () => {
    expect(resolve({ redisUrl: 'redis://localhost' })).toEqual({
      problems: [],
      resolved: {
        connection: { redisUrl: 'redis://localhost' },
        prefix: 'payment-auth:',
        storeTimeoutMs: 250,
        leaseMs: undefined,
        drainMs: 1_000,
        encryptionKeys: [],
      },
    });
  });

  it("takes a client of the user's as it is", () => {
    expect(resolve({ client }).resolved?.connection).toEqual({ client });
    const { connection } = resolve({ client }).resolved ?? {};
    expect(connection !== undefined && 'client' in connection && connection.client).toBe(client);
  });

  it('takes keys, the first of which encrypts', () => {
    const { resolved, problems } = resolve({ redisUrl: 'rediss://r', encryptionKeys: [{ id: 'a', key: KEY }] });
    expect(problems).toEqual([]);
    expect(resolved?.encryptionKeys).toEqual([{ id: 'a', key: Buffer.from(KEY, 'base64') }]);
  });

  it.each([
    ['neither', {}],
    ['both', { redisUrl: 'redis://localhost', client }],
  ])('asks for either redisUrl or client: %s', (_what, block) => {
    const { resolved, problems } = resolve(block);
    expect(resolved).toBeUndefined();
    expect(problems).toEqual([{ option: 'tokenSharing', problem: 'needs either redisUrl or client' }]);
  });

  it.each([
    ['redisUrl', 'http://localhost'],
    ['redisUrl', 'localhost:6379'],
    ['redisUrl', ''],
    ['redisUrl', 6379],
    ['keyPrefix', ''],
    ['keyPrefix', 'has space'],
    ['keyPrefix', 'curly{tag}'],
    ['keyPrefix', 'star*'],
    ['keyPrefix', 'x'.repeat(65)],
    ['storeTimeoutMs', 0],
    ['storeTimeoutMs', 0.5],
    ['storeTimeoutMs', '250'],
    ['storeTimeoutMs', Number.POSITIVE_INFINITY],
    ['leaseMs', 499],
    ['leaseMs', 1_000.5],
    ['leaseMs', -1],
    ['drainMs', -1],
    ['drainMs', Number.NaN],
    ['encryptionKeys', []],
    ['encryptionKeys', 'text'],
    ['encryptionKeys', [{ id: 'a', key: randomBytes(16).toString('base64') }]],
    ['encryptionKeys', [{ id: 'a', key: randomBytes(33).toString('base64') }]],
    ['encryptionKeys', [{ id: '', key: KEY }]],
    ['encryptionKeys', [{ id: 1, key: KEY }]],
    ['encryptionKeys', [{ key: KEY }]],
    ['encryptionKeys', [{ id: 'a', key: [...randomBytes(32)] }]],
    ['encryptionKeys', [{ id: 'a', key: KEY }, null]],
    ['encryptionKeys', [KEY]],
    ['unknown', 1],
  ])('refuses %s = %p, naming the option and not the value', (option, value) => {
    const { resolved, problems } = resolve({ redisUrl: 'redis://localhost', [option]: value });
    expect(resolved).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.option).toBe(`tokenSharing.${option}`);
    expect(JSON.stringify(problems)).not.toContain(KEY);
  });

  it('shows no value, whatever is wrong with it', () => {
    const short = randomBytes(20).toString('base64');
    const { problems } = resolve({
      redisUrl: URL_WITH_PASSWORD.replace('redis:', 'http:'),
      encryptionKeys: [{ id: 'my-id', key: short }],
      keyPrefix: 'bad prefix!',
    });
    expect(problems).toHaveLength(3);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|redis\.internal|bad prefix/);
    expect(JSON.stringify(problems)).not.toContain(short);
  });

  it.each(['redis://localhost', 5, []])('refuses a block that is no object: %j', (block) => {
    const { resolved, problems } = resolve(block);
    expect(resolved).toBeUndefined();
    expect(problems[0]?.option).toBe('tokenSharing');
  });

  it('says of a text in place of a block no more than that', () => {
    expect(resolve('redis://localhost').problems).toEqual([{ option: 'tokenSharing', problem: 'must be an object' }]);
  });

  it('refuses null, as from a factory, with a configuration error', () => {
    expect(problemsOf({ tokenSharing: null })[0]?.option).toBe('tokenSharing');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %p replicas', (replicas) => {
    expect(resolve(undefined, replicas).problems[0]?.option).toBe('replicas');
  });
});

describe('keys derived from client secrets', () => {
  const tokenSharing = { redisUrl: 'redis://localhost' };
  const LONG = 'x'.repeat(32);
  const SHORT = 'y'.repeat(31);

  it.each([
    ['netzme.clientSecret', { netzme: { ...netzme, clientSecret: SHORT } }],
    ['netzme.clientSecret', { netzme: { ...netzme, clientSecret: { current: LONG, next: SHORT } } }],
    [
      'alignet.merchants.usd.clientSecret',
      {
        alignet: {
          ...alignet,
          merchants: { pen: { clientSecret: LONG }, usd: { clientId: 'u', clientSecret: SHORT } },
        },
      },
    ],
  ])('are refused at start where %s could be guessed', (option, options) => {
    const problems = problemsOf({ ...options, tokenSharing });
    expect(problems).toEqual([
      {
        option: 'tokenSharing.encryptionKeys',
        problem: expect.stringMatching(`^must be set.*${option} has fewer than 32 characters`) as string,
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain(SHORT);
    const encryptionKeys = [{ id: 'a', key: KEY }];
    expect(problemsOf({ ...options, tokenSharing: { ...tokenSharing, encryptionKeys } })).toEqual([]);
  });

  it.each([
    ['long ones', { alignet: { ...alignet, clientSecret: LONG }, netzme: { ...netzme, clientSecret: LONG } }],
    ['a gateway without tokens', { placetopay }],
  ])('are taken from %s', (_what, options) => {
    expect(problemsOf({ ...options, tokenSharing })).toEqual([]);
  });
});

describe('more than one replica without sharing', () => {
  it('is a start-up error that says what to set when Netzme is configured', () => {
    const problems = problemsOf({ netzme, replicas: 2 });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.option).toBe('tokenSharing');
    expect(problems[0]?.problem).toMatch(/2 replicas.*set tokenSharing\.redisUrl/);
  });

  it.each([
    ['one replica', { netzme, replicas: 1 }],
    ['no number of replicas', { netzme }],
    ['sharing', { netzme, replicas: 16, tokenSharing: { redisUrl: 'redis://localhost' } }],
    ['Alignet only', { alignet, replicas: 16 }],
    ['Placetopay only', { placetopay, replicas: 16 }],
    ['Alignet and Placetopay', { alignet, placetopay, replicas: 16 }],
  ])('is none with %s', (_what, options) => {
    expect(problemsOf(options)).toEqual([]);
  });

  it('is reported with every other mistake at once', () => {
    const problems = problemsOf({ netzme: { ...netzme, clientId: '' }, replicas: 3 });
    expect(problems.map(({ option }) => option)).toEqual(['netzme.clientId', 'tokenSharing']);
  });

  it('a number of replicas that is none is refused without Netzme too', () => {
    expect(problemsOf({ alignet, replicas: 0.5 })).toHaveLength(1);
  });

  it('a lease shorter than a token request may take is refused', () => {
    const tokenSharing = { redisUrl: 'redis://localhost', leaseMs: 500 };
    expect(problemsOf({ netzme: { ...netzme, timeoutMs: 10_000 }, tokenSharing })).toMatchObject([
      { option: 'tokenSharing.leaseMs' },
    ]);
  });

  it.each([
    [10_000, false],
    [10_001, true],
    [undefined, true],
  ])('a lease of %p ms and a token request of 10000 ms: taken %p', (leaseMs, isTaken) => {
    const problems: ConfigProblem[] = [];
    const block = { redisUrl: 'redis://localhost', ...(leaseMs !== undefined && { leaseMs }) };
    const needs = { replicas: 2, hasOneTokenGateway: true, longestRequestMs: 10_000 };
    expect(resolveTokenSharing(block, needs, problems) !== undefined).toBe(isTaken);
    expect(problems.map(({ option }) => option)).toEqual(isTaken ? [] : ['tokenSharing.leaseMs']);
  });
});
