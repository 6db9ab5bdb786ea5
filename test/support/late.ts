import timers from 'node:timers/promises';

/**
 * What a call ends with whose other side was asked and is silent for `ms`. Nobody waits: deadlines that were set during the call
 * pass at once, and none passes before the other side was asked, however slow the machine.
 */
export async function whenSilent<T>(ms: number, call: () => Promise<T>, wasAsked: () => boolean): Promise<T> {
  jest.useFakeTimers({
    // All but `setTimeout`, which sets deadlines.
    doNotFake: [
      ...(['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'requestAnimationFrame', 'cancelAnimationFrame'] as const),
      ...(['requestIdleCallback', 'cancelIdleCallback'] as const),
    ],
  });
  try {
    const ended = call();
    while (!wasAsked()) await new Promise((resolve) => setImmediate(resolve));
    jest.advanceTimersByTime(ms);
    return await ended;
  } finally {
    jest.useRealTimers();
  }
}

/** Runs a test in which every delay of a simulator in this process lasts until `end` is called, at the latest until the test's end. */
export async function withDelaysHeld(test: (end: () => void) => Promise<void>): Promise<void> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const held = jest
    .spyOn(timers, 'setTimeout')
    .mockImplementation(<T>(_ms?: number, value?: T) => ended.then(() => value as T));
  try {
    await test(end);
  } finally {
    held.mockRestore();
    end();
  }
}
