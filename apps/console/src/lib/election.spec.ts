import { lead } from './election';

/** One lock, as browsers keep it. */
function fakeLocks() {
  let queue = Promise.resolve<unknown>(undefined);
  const request = (_name: string, { signal }: LockOptions, callback: () => Promise<void>) => {
    const turn = queue.then(() => {
      if (signal?.aborted === true) throw new Error('aborted');
      return callback();
    });
    queue = turn.catch(() => undefined);
    return turn;
  };
  // An election asks for nothing else of it.
  return { request } as unknown as LockManager;
}

// After every microtask that is due: an event of its own, and no wait.
const settled = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

describe('lead', () => {
  const begun: string[] = [];
  const begin = (page: string) => () => {
    begun.push(`${page} begins`);
    return () => void begun.push(`${page} ends`);
  };
  beforeEach(() => begun.splice(0));

  it('is for one page at a time; the next one takes over, and one that gave up waiting does not', async () => {
    const locks = fakeLocks();
    const [first, second, third] = ['1', '2', '3'].map((page) => lead('events', begin(page), locks));
    await settled();
    expect(begun).toEqual(['1 begins']);
    second?.();
    first?.();
    await settled();
    expect(begun).toEqual(['1 begins', '1 ends', '3 begins']);
    third?.();
    expect(begun.at(-1)).toBe('3 ends');
  });

  it('is for every page where locks are forbidden', async () => {
    const request = () => Promise.reject(new Error('forbidden'));
    const giveUp = lead('events', begin('1'), { request });
    await settled();
    giveUp();
    expect(begun).toEqual(['1 begins', '1 ends']);
  });
});
