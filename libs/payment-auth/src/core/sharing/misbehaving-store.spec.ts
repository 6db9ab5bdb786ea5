import { randomBytes } from 'node:crypto';
import { RedisTokenState } from './redis-token-state';
import { TokenCipher } from './token-cipher';

const TIMEOUT_MS = 150;
const PREFIX = 'app:tokens:';
const KEY = '["netzme","https://gateway.example","client",null,null]';

describe('RedisTokenState, on a store that misbehaves', () => {
  const reports: unknown[][] = [];
  beforeEach(() => void (reports.length = 0));

  const stateOn = (answer: () => Promise<unknown>) =>
    new RedisTokenState(
      { eval: answer, publish: answer as () => Promise<number> },
      new TokenCipher([{ id: 'k1', key: randomBytes(32) }]),
      {
        key: KEY,
        prefix: PREFIX,
        owner: 'a',
        leaseMs: 15_000,
        timeoutMs: TIMEOUT_MS,
        opened: Promise.resolve(),
        onReachable: (...report) => reports.push(report),
        onCall: () => undefined,
      },
    );

  it.each([[null], ['OK'], [7], [[]], [[null, null]]])('takes %p for a store without a token', async (answer) => {
    expect(await stateOn(() => Promise.resolve(answer)).read()).toEqual({ state: 'none', generation: 0 });
  });

  it('says why it cannot be reached, and no more where that is no error', async () => {
    // Clients of other makers fail with anything.
    for (const why of [new Error('READONLY'), { password: 'of the store' }]) {
      const answer = jest.fn<Promise<unknown>, []>().mockRejectedValue(why);
      expect(await stateOn(answer).read()).toEqual({ state: 'unreachable' });
    }
    expect(reports).toEqual([
      [false, 'READONLY'],
      [false, 'unknown error'],
    ]);
  });

  it('holds up no process once it has answered', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    await stateOn(() => Promise.resolve(null)).read();
    await stateOn(() => Promise.reject(new Error('x'))).read();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
