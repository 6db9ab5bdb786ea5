import { type PaymentAuthConfigError, SignatureVerificationError } from '../errors';
import { confirmByQuery } from './confirm-by-query';
import { requireFresh } from './freshness';
import { type InboundRequest, signatureHeader } from './inbound-request';
import { findCandidate } from './notification-scheme';
import { RedisReplayStore } from './redis-replay-store';
import { replayKeyOf } from './replay-key';
import { MemoryReplayStore } from './replay-store';
import { usableMerchants } from './usable-merchants';

function errorOf(run: () => unknown): SignatureVerificationError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof SignatureVerificationError) return error;
    throw error;
  }
}

describe('requireFresh', () => {
  const refusal = (age: number) => errorOf(() => requireFresh('netzme', 1_000_000 - age, 1_000_000, 5_000));

  it.each([0, 1, -1, 5_000, -5_000])('takes an age of %d ms within 5 s', (age) => {
    expect(refusal(age)).toBeUndefined();
  });

  it.each([
    [5_001, 'stale', 'It was signed 5 s ago; 5 s are allowed.'],
    [60_499, 'stale', 'It was signed 60 s ago; 5 s are allowed.'],
    [-5_001, 'future', 'It was signed 5 s in the future; 5 s are allowed.'],
    [Infinity, 'stale', 'It was signed Infinity s ago; 5 s are allowed.'],
    [Number.NaN, 'future', 'It was signed NaN s in the future; 5 s are allowed.'],
  ])('refuses an age of %d ms as %s', (age, reason, message) => {
    expect(refusal(age)).toMatchObject({ reason, message, gateway: 'netzme' });
  });
});

describe('signatureHeader', () => {
  const request = (value: string | readonly string[] | undefined): InboundRequest => ({
    method: 'POST',
    target: '/',
    headers: { signature: value, other: 'other' },
    rawBody: Buffer.alloc(0),
  });

  it('is the one value there is', () => {
    expect(signatureHeader('alignet', request('value'), 'signature')).toBe('value');
  });

  it.each([
    [undefined, 'missing-signature'],
    ['', 'missing-signature'],
    [['one', 'two'], 'malformed-signature'],
    [['one'], 'malformed-signature'],
    [[], 'malformed-signature'],
  ])('is not %j', (value, reason) => {
    const error = errorOf(() => signatureHeader('alignet', request(value), 'signature'));
    expect(error).toMatchObject({ reason, gateway: 'alignet' });
    expect(error?.message).toContain('signature');
  });
});

describe('findCandidate', () => {
  const candidates = ['a', 'b', 'c'].map((secret, secretIndex) => ({ merchant: `of ${secret}`, secret, secretIndex }));

  it.each(['a', 'b', 'c', 'none'])('tries all of them, whichever fits: %s', (right) => {
    const fits = jest.fn((secret: string, _merchant: string) => secret === right);
    expect(findCandidate(candidates, fits)).toBe(candidates.find(({ secret }) => secret === right));
    expect(fits.mock.calls).toEqual(candidates.map(({ secret, merchant }) => [secret, merchant]));
  });

  it('is the first where several fit', () => {
    expect(findCandidate(candidates, () => true)).toBe(candidates[0]);
  });
});

describe('confirmByQuery', () => {
  it('gives the answer of the gateway where it agrees', async () => {
    const query = () => Promise.resolve('paid');
    await expect(confirmByQuery({ gateway: 'netzme', query, agrees: (answer) => answer === 'paid' })).resolves.toBe(
      'paid',
    );
    await expect(confirmByQuery({ gateway: 'netzme', query, agrees: () => false })).rejects.toMatchObject({
      reason: 'not-confirmed',
      gateway: 'netzme',
      httpStatus: 403,
    });
  });
});

describe('usableMerchants', () => {
  const scheme = {
    missingFor: (name: string) => (name.startsWith('un') ? { option: name, problem: 'is needed' } : undefined),
  };
  const problemsOf = (merchants: readonly string[]) => {
    try {
      return usableMerchants('alignet', scheme, merchants);
    } catch (error) {
      return (error as PaymentAuthConfigError).problems;
    }
  };

  it('are those that lack nothing', () => {
    expect(problemsOf(['usable', 'unusable', 'useful'])).toEqual(['usable', 'useful']);
  });

  it('are a mistake in the options where there is none, which says what each lacks', () => {
    expect(problemsOf(['unusable', 'unfit'])).toEqual([
      { option: 'unusable', problem: 'is needed' },
      { option: 'unfit', problem: 'is needed' },
    ]);
    expect(problemsOf([])).toEqual([{ option: 'alignet', problem: 'there is no merchant to verify for' }]);
  });
});

describe('replayKeyOf', () => {
  const source = { gateway: 'alignet', scheme: 'notification', merchant: 'shop' } as const;

  it('is another for every other gateway, scheme, merchant, proof and division of the proof', () => {
    const keys = [
      replayKeyOf(source, 'proof'),
      replayKeyOf({ ...source, gateway: 'netzme' }, 'proof'),
      replayKeyOf({ ...source, scheme: 'redirect' }, 'proof'),
      replayKeyOf({ ...source, merchant: 'other' }, 'proof'),
      replayKeyOf(source, 'proof', ''),
      replayKeyOf(source, 'pro', 'of'),
      replayKeyOf(source),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(replayKeyOf(source, Buffer.from('proof'))).toBe(keys[0]);
    expect(keys[0]).toMatch(/^[\w-]{43}$/);
  });
});

describe('MemoryReplayStore', () => {
  let now = 0;
  const store = (capacity?: number) => new MemoryReplayStore({ monotonic: () => now }, capacity);
  beforeEach(() => void (now = 1_000));

  it('holds a claim and a handled one to the last millisecond', async () => {
    const replays = store();
    await expect(replays.claim('a', 'one', 10)).resolves.toBe('claimed');
    now += 9;
    await expect(replays.claim('a', 'another', 10)).resolves.toBe('in-progress');
    await replays.complete('a', 20);
    now += 19;
    await expect(replays.claim('a', 'one', 10)).resolves.toBe('done');
    now += 1;
    await expect(replays.claim('a', 'one', 10)).resolves.toBe('claimed');
    await replays.release('a', 'one');
    await expect(replays.claim('a', 'another', 10)).resolves.toBe('claimed');
  });

  it('prolongs a claim for its owner', async () => {
    const replays = store();
    await replays.claim('a', 'one', 10);
    now += 9;
    await expect(replays.claim('a', 'one', 10)).resolves.toBe('claimed');
    now += 9;
    await expect(replays.claim('a', 'another', 10)).resolves.toBe('in-progress');
  });

  it('forgets the oldest of more than it can hold, and none of as many as it can', async () => {
    const replays = store(2);
    for (const key of ['a', 'b']) await replays.complete(key, 100);
    await expect(replays.claim('a', 'one', 10)).resolves.toBe('done');
    await expect(replays.claim('b', 'one', 10)).resolves.toBe('done');
    // Changed last: `b` is the older one now.
    await replays.complete('a', 100);
    await replays.complete('c', 100);
    await expect(replays.claim('a', 'one', 10)).resolves.toBe('done');
    await expect(replays.claim('c', 'one', 10)).resolves.toBe('done');
    await expect(replays.claim('b', 'one', 10)).resolves.toBe('claimed');
  });

  it('gives the room of what is over to others, and keeps what is not, however old', async () => {
    const replays = store(3);
    await replays.complete('short', 10);
    await replays.complete('long', 1_000);
    now += 10;
    await replays.complete('new', 1_000);
    await replays.complete('newer', 1_000);
    await expect(replays.claim('long', 'one', 10)).resolves.toBe('done');
  });
});

describe('RedisReplayStore', () => {
  const store = (answer: unknown, keyPrefix?: string) => {
    const evaluate = jest.fn((_script: string, _options: { keys: string[]; arguments: string[] }) =>
      Promise.resolve(answer),
    );
    return {
      evaluate,
      replays: new RedisReplayStore({ eval: evaluate }, keyPrefix === undefined ? {} : { keyPrefix }),
    };
  };

  it.each([
    ['claimed', 'claimed'],
    ['in-progress:another', 'in-progress'],
    ['done', 'done'],
    ['something else', 'done'],
    [null, 'done'],
  ])('takes the answer %j for %s', async (answer, claim) => {
    await expect(store(answer).replays.claim('key', 'one', 10)).resolves.toBe(claim);
  });

  it('asks by a hash of the key behind its prefix, for whole milliseconds', async () => {
    const { evaluate, replays } = store('claimed', 'mine:');
    await replays.claim('key', 'one', 10.2);
    await replays.complete('key', 20.2);
    await replays.release('key', 'one');
    const calls = evaluate.mock.calls.map(([, options]) => options);
    expect(calls.map((options) => options.arguments)).toEqual([['in-progress:one', '11'], ['21'], ['in-progress:one']]);
    // SHA-256 of "key".
    const name = 'mine:notification:LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM';
    expect(calls.map(({ keys }) => keys)).toEqual([[name], [name], [name]]);
  });

  it('has a prefix of its own where none is given', async () => {
    const { evaluate, replays } = store('claimed');
    await replays.claim('key', 'one', 1);
    expect(evaluate.mock.calls[0]?.[1].keys[0]).toMatch(/^payment-auth:notification:[\w-]{43}$/);
  });
});
