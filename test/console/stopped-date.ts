const ALL_BUT_DATE = [
  ...['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  ...['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
] as 'setTimeout'[];

/**
 * Stops `Date` at a whole second, until `jest.useRealTimers()`, for this file and whatever it starts from now on: however long
 * the machine takes, all of it happens at one time. Timers run on.
 */
export function stopDate(now = Math.floor(Date.now() / 1_000) * 1_000): void {
  jest.useFakeTimers({ doNotFake: ALL_BUT_DATE, now });
}
