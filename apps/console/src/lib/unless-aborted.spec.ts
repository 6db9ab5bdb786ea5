import { unlessAborted } from './unless-aborted';

describe('unlessAborted', () => {
  const never = new Promise<never>(() => undefined);

  it('hands on what comes, and what goes wrong', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('waits no longer once it is aborted', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('does not begin to wait when it is aborted already, even for what is there', async () => {
    const signal = AbortSignal.abort();
    await expect(unlessAborted(Promise.resolve(1), signal)).rejects.toMatchObject({ name: 'AbortError' });
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('leaves nothing unhandled that goes wrong later', async () => {
    const controller = new AbortController();
    let fail = (_error: Error): void => undefined;
    const slow = new Promise<never>((_resolve, reject) => (fail = reject));
    const waiting = unlessAborted(slow, controller.signal);
    controller.abort();
    fail(new Error('late'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
