import { LocalTokenSource } from './local-token-source';
import { type StoredAccessToken } from './stored-access-token';
import { type ObtainContext, type ObtainedToken } from './token-source';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T10:00:00Z');

/** A store whose calls end when they are told to. */
class SlowStore {
  stored: StoredAccessToken | undefined;
  readonly calls: string[] = [];
  private readonly waiting: (() => void)[] = [];

  read = (): Promise<StoredAccessToken | undefined> => Promise.resolve(this.stored);
  write = (_key: string, { value }: StoredAccessToken): Promise<void> => this.slowly(`write ${value}`);
  remove = (_key: string, value: string): Promise<void> => this.slowly(`remove ${value}`);

  async finishAll(): Promise<void> {
    await settled();
    while (this.waiting.length > 0) {
      this.waiting.shift()?.();
      await settled();
    }
  }

  private slowly(call: string): Promise<void> {
    this.calls.push(call);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(stored?: StoredAccessToken) {
  const store = new SlowStore();
  store.stored = stored;
  const answers: ((value: string) => void)[] = [];
  const drain = jest.fn(() => Promise.resolve());
  const context: ObtainContext = {
    accepts: () => true,
    request: () => new Promise((resolve) => answers.push((value) => resolve({ value, lifetimeMs: HOUR + 0.4 }))),
    drain,
    endsPrevious: true,
  };
  const source = new LocalTokenSource('key', store, { now: () => NOW, monotonic: () => 0 });
  const obtain = async (value: string): Promise<ObtainedToken> => {
    const obtaining = source.obtain(context);
    await settled();
    answers.at(-1)?.(value);
    return obtaining;
  };
  return { store, source, obtain, drain, context };
}

describe('LocalTokenSource', () => {
  it('asks the gateway after the requests in flight, and counts the life from the answer', async () => {
    const { obtain, drain } = setUp();
    expect(await obtain('A')).toEqual({
      token: { value: 'A', obtainedAt: NOW, expiresAt: NOW + HOUR },
      lifetimeMs: HOUR + 0.4,
      remainingMs: HOUR + 0.4,
      generation: 0,
      isPublished: true,
    });
    expect(drain).toHaveBeenCalledTimes(1);
  });

  it.each([
    [NOW + 1_000, 1_000],
    [NOW, 0],
    [NOW - 5, -5],
    // Written by a clock that is ahead.
    [NOW + 3 * HOUR, HOUR],
  ])('finds in the store a token that ends at %d and lives for %d ms', async (expiresAt, remainingMs) => {
    const { source, context, drain } = setUp({ value: 'S', obtainedAt: 5, expiresAt, lifetimeMs: HOUR });
    expect(await source.obtain(context)).toEqual({
      token: { value: 'S', obtainedAt: 5, expiresAt },
      lifetimeMs: HOUR,
      remainingMs,
      generation: 0,
      isPublished: true,
    });
    expect(drain).not.toHaveBeenCalled();
  });

  it('writes no token that was refused before its turn to be written came', async () => {
    const { store, source, obtain } = setUp();
    const old = await obtain('old');
    await store.finishAll();
    const fresh = obtain('fresh');
    source.rejected(old);
    source.rejected(await fresh);
    await store.finishAll();
    expect(store.calls).toEqual(['write old', 'remove old', 'remove fresh']);
  });

  it('writes the current token although an older one is refused meanwhile', async () => {
    const { store, source, obtain } = setUp();
    const old = await obtain('old');
    await store.finishAll();
    const fresh = obtain('fresh');
    source.rejected(old);
    await fresh;
    source.rejected(old);
    await store.finishAll();
    expect(store.calls).toEqual(['write old', 'remove old', 'write fresh', 'remove old']);
  });
});
