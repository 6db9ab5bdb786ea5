import { inspect } from 'node:util';
import { Secret } from './secret';
import { loadSecrets, reloadSecrets } from './secret-sources';

const TEXT = 'b7f1c0d2-the-secret-text';

describe('Secret', () => {
  it.each<[how: string, shown: (secret: Secret) => string]>([
    ['String()', String],
    ['a template', (secret) => `${secret as unknown as string}`],
    ['concatenation', (secret) => 'x' + (secret as unknown as string)],
    ['JSON', (secret) => JSON.stringify({ deep: [{ secret }] })],
    ['inspect', (secret) => inspect({ deep: [{ secret }] }, { depth: Infinity, showHidden: true, getters: true })],
    ['%o', (secret) => inspect(secret, { showProxy: true, customInspect: false, showHidden: true })],
    ['structuredClone', (secret) => inspect(structuredClone({ secret }), { depth: Infinity, showHidden: true })],
    ['spread', (secret) => inspect({ ...secret })],
    ['own keys', (secret) => Reflect.ownKeys(secret).join()],
    ['an error', (secret) => inspect(Object.assign(new Error('x'), { secret }), { depth: Infinity })],
  ])('shows nothing by %s', (_how, shown) => {
    const secret = new Secret({ current: TEXT, next: `${TEXT}-next` });
    expect(shown(secret)).not.toContain(TEXT);
    expect(secret.reveal()).toBe(TEXT);
    expect(secret.accepted()).toEqual([TEXT, `${TEXT}-next`]);
  });

  it('tells whether it changed', () => {
    const secret = new Secret('a');
    expect(secret.replace('a')).toBe(false);
    expect(secret.replace({ current: 'a', next: 'b' })).toBe(true);
    expect(secret.replace({ current: 'b' })).toBe(true);
    expect(secret.reveal()).toBe('b');
  });
});

describe('loadSecrets', () => {
  const given = {
    netzme: { clientId: 'a', clientSecret: () => Promise.resolve(TEXT), list: ['x'] },
    placetopay: { merchants: { shop: { secretKey: { current: TEXT, next: 'later' }, login: 'shop' } } },
    other: { fn: () => 'untouched' },
  };

  it('asks functions wherever they stand in a block, wraps rotating secrets, and leaves the rest', async () => {
    const { options, sourced } = await loadSecrets(given, ['netzme', 'placetopay']);
    expect(options.netzme.clientSecret).toBeInstanceOf(Secret);
    expect(options.netzme).toMatchObject({ clientId: 'a', list: ['x'] });
    const secret: unknown = options.placetopay.merchants.shop.secretKey;
    expect((secret as Secret).accepted()).toEqual([TEXT, 'later']);
    expect(options.other.fn()).toBe('untouched');
    expect(sourced.map(({ option }) => option)).toEqual(['netzme.clientSecret']);
  });

  it.each<[what: string, source: () => unknown, problem: string]>([
    [
      'throws',
      () => {
        throw new RangeError(TEXT);
      },
      'its function failed (RangeError)',
    ],
    ['rejects', () => Promise.reject(new Error(TEXT)), 'its function failed (Error)'],
    ['gives nothing', () => undefined, 'its function must give a text'],
    ['gives an empty text', () => '', 'its function must give a text'],
    ['gives a line break', () => `${TEXT}\n`, 'trim what comes from a file'],
    ['gives a number', () => ({ current: 'a', next: 5 }), 'its function must give a text'],
  ])('names the option whose function %s, and repeats nothing', async (_what, source, problem) => {
    const { problems } = await loadSecrets({ netzme: { clientSecret: source, other: source } }, ['netzme']);
    expect(problems.map(({ option }) => option)).toEqual(['netzme.clientSecret', 'netzme.other']);
    expect(problems[0]?.problem).toContain(problem);
    expect(inspect(problems, { depth: Infinity, showHidden: true })).not.toContain(TEXT);
  });

  it('gives up on a function that never answers', async () => {
    jest.useFakeTimers();
    const loading = loadSecrets({ netzme: { clientSecret: () => new Promise(() => undefined) } }, ['netzme']);
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    expect(await loading).toMatchObject({
      problems: [{ option: 'netzme.clientSecret', problem: 'its function gave no secret within 10 s' }],
    });
  });
});

describe('reloadSecrets', () => {
  it('changes what changed and keeps what cannot be had', async () => {
    let first: unknown = 'one';
    const { options, sourced } = await loadSecrets({ netzme: { first: () => first, second: () => 'same' } }, [
      'netzme',
    ]);
    // The type is that of what was given.
    const secret = options.netzme.first as unknown as Secret;
    first = { current: 'two', next: 'three' };
    await expect(reloadSecrets(sourced)).resolves.toEqual({ changed: ['netzme.first'], problems: [] });
    expect(secret.accepted()).toEqual(['two', 'three']);
    first = undefined;
    const { changed, problems } = await reloadSecrets(sourced);
    expect([changed, problems.length]).toEqual([[], 1]);
    expect(secret.reveal()).toBe('two');
  });
});
