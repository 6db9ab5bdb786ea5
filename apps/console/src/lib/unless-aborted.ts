/**
 * What a promise becomes, for something that cannot be called off itself: it goes on, and nobody waits for it any more.
 * @throws what it is rejected with; the signal's reason once that is aborted
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([aborted, promise]);
}
