import { getEventListeners } from 'node:events';
import { onAbort, waitFor } from './abort';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

/** Work that is done when it is told to. */
function work(): { shared: Promise<string>; finish: () => void; fail: (error: Error) => void } {
  let finish = (): void => undefined;
  let fail = (_error: Error): void => undefined;
  const shared = new Promise<string>((resolve, reject) => {
    finish = () => resolve('done');
    fail = reject;
  });
  return { shared, finish, fail };
}

describe('a hundred waits on one signal', () => {
  const waits = (shared: Promise<string>, signal: AbortSignal) =>
    Array.from({ length: 100 }, () => waitFor(shared, signal).catch((error: unknown) => error));

  it('are one listener on it, where Node warns of a leak from the eleventh on', () => {
    const { signal } = new AbortController();
    void waits(work().shared, signal);
    expect(listeners(signal)).toBe(1);
  });

  it('all end with its reason, and not the work', async () => {
    const leaving = new AbortController();
    const { shared, finish } = work();
    const all = waits(shared, leaving.signal);
    const reason = new Error('shutting down');
    leaving.abort(reason);
    expect(await Promise.all(all)).toEqual(Array.from({ length: 100 }, () => reason));
    finish();
    await expect(shared).resolves.toBe('done');
    expect(listeners(leaving.signal)).toBe(0);
  });

  it('leave nothing on it when the work is done, and can be followed by others', async () => {
    const leaving = new AbortController();
    const first = work();
    const all = waits(first.shared, leaving.signal);
    first.finish();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
    await settled();
    expect(listeners(leaving.signal)).toBe(0);
    const [second] = waits(work().shared, leaving.signal);
    expect(listeners(leaving.signal)).toBe(1);
    leaving.abort(new Error('now'));
    expect(await second).toEqual(new Error('now'));
  });

  it('go on when one of them is over', async () => {
    const leaving = new AbortController();
    const short = work();
    const [over] = waits(short.shared, leaving.signal);
    const [going] = waits(work().shared, leaving.signal);
    short.fail(new Error('no token'));
    expect(await over).toEqual(new Error('no token'));
    await settled();
    leaving.abort(new Error('now'));
    expect(await going).toEqual(new Error('now'));
  });
});

it('a wait on a signal that has aborted ends at once', async () => {
  await expect(waitFor(work().shared, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});

it('a reaction is let go of by itself, also when the same function is given twice', () => {
  const leaving = new AbortController();
  const react = jest.fn();
  const forget = onAbort(leaving.signal, react);
  onAbort(leaving.signal, react);
  forget();
  forget();
  leaving.abort();
  expect(react).toHaveBeenCalledTimes(1);
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
