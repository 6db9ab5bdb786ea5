/**
 * Leads as long as this page is the one of its origin that holds the lock: then `begin` is called, and what it returned at the
 * end of it. Where there are no locks (HTTP to another host than localhost) every page leads.
 * @returns gives up the lead, or the place in the queue for it
 */
export function lead(
  name: string,
  begin: () => () => void,
  locks: Pick<LockManager, 'request'> | undefined = navigator.locks,
): () => void {
  if (locks === undefined) return begin();
  const waiting = new AbortController();
  let giveUp = () => waiting.abort();
  const hold = () =>
    new Promise<void>((release) => {
      const end = begin();
      giveUp = () => {
        end();
        release();
      };
    });
  locks.request(name, { signal: waiting.signal }, hold).catch(() => {
    // Locks may be forbidden, as storage may be: then this page is on its own.
    if (!waiting.signal.aborted) giveUp = begin();
  });
  return () => giveUp();
}
