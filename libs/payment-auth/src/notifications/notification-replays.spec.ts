import { Logger } from '@nestjs/common';
import { SignatureVerificationError } from '../core/errors';
import { type VerifiedNotification } from '../core/inbound/notification-scheme';
import { MemoryReplayStore, type ReplayStore } from '../core/inbound/replay-store';
import { NotificationReplays } from './notification-replays';

const HOUR_MS = 3_600_000;

const eventOf = (replayKey: string): VerifiedNotification => ({
  gateway: 'placetopay',
  scheme: 'checkout',
  merchant: 'default',
  payload: {},
  signed: {},
  unsigned: [],
  algorithm: 'sha256',
  secretIndex: 0,
  replayKey,
});

const delivery = { onReplay: 'acknowledge', replayWindowMs: HOUR_MS, acknowledgement: { ok: true } } as const;
const oneTimeProof = { ...delivery, onReplay: 'refuse' } as const;

class FakeClock {
  time = 0;
  now = (): number => this.time;
  monotonic = (): number => this.time;
}

describe('NotificationReplays', () => {
  const clock = new FakeClock();
  const replaysWith = (replayStore?: ReplayStore): NotificationReplays =>
    new NotificationReplays(
      { notifications: { replayStore, replayStoreTimeoutMs: 20 }, replicas: 1 },
      clock,
      replayStore,
    );
  const event = eventOf('one');
  let replays: NotificationReplays;
  let handle: jest.Mock<Promise<unknown>>;

  beforeEach(() => {
    replays = replaysWith();
    handle = jest.fn(() => Promise.resolve('handled'));
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  });

  afterEach(() => jest.restoreAllMocks());

  it('handles the first copy and acknowledges the others, until none can come any more', async () => {
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toBe('handled');
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toEqual({ ok: true });
    await expect(replays.handleOnce(delivery, eventOf('two'), handle)).resolves.toBe('handled');
    expect(handle).toHaveBeenCalledTimes(2);
    clock.time += HOUR_MS;
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toBe('handled');
  });

  it('lets the next copy try when the handler failed', async () => {
    handle.mockRejectedValueOnce(new Error('database away'));
    await expect(replays.handleOnce(delivery, event, handle)).rejects.toThrow('database away');
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toBe('handled');
  });

  it('refuses a copy while the first is being handled, with a status that has it sent again', async () => {
    let finish: (value: string) => void = () => undefined;
    handle.mockReturnValueOnce(new Promise<string>((resolve) => (finish = resolve)));
    const first = replays.handleOnce(delivery, event, handle);
    const copies = await Promise.allSettled([1, 2, 3].map(() => replays.handleOnce(delivery, event, handle)));
    expect(copies.map((copy) => copy.status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(replays.handleOnce(delivery, event, handle)).rejects.toMatchObject({
      reason: 'in-progress',
      // No 4xx: Placetopay's Onboarding would never send it again.
      httpStatus: 503,
      retryable: true,
    });
    finish('late');
    await expect(first).resolves.toBe('late');
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('takes a claim for dead when its process may be', async () => {
    handle.mockReturnValueOnce(new Promise<string>(() => undefined));
    void replays.handleOnce(delivery, event, handle);
    clock.time += 60_000;
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toBe('handled');
  });

  it('answers as the scheme does where the handler gives nothing', async () => {
    handle.mockResolvedValueOnce(undefined);
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toEqual({ ok: true });
  });

  it('lets the next copy try when the handler says that it did not handle it', async () => {
    handle.mockResolvedValueOnce(undefined);
    await expect(replays.handleOnce(delivery, event, handle, () => false)).resolves.toBeUndefined();
    await expect(replays.handleOnce(delivery, event, handle)).resolves.toBe('handled');
  });

  describe('a handler that fails', () => {
    it('leaves alone what was handled before, when the store was too slow to tell it', async () => {
      const store = new MemoryReplayStore(clock);
      await replaysWith(store).handleOnce(delivery, event, handle);
      const slow = replaysWith({
        claim: () => new Promise<never>(() => undefined),
        complete: (key, keepMs) => store.complete(key, keepMs),
        release: (key, owner) => store.release(key, owner),
      });
      handle.mockRejectedValueOnce(new Error('paid before'));
      await expect(slow.handleOnce(delivery, event, handle)).rejects.toThrow('paid before');
      await expect(replaysWith(store).handleOnce(delivery, event, handle)).resolves.toEqual({ ok: true });
      expect(handle).toHaveBeenCalledTimes(2);
    });

    it('leaves alone the claim of a copy that came when its own was over', async () => {
      let fail: (error: Error) => void = () => undefined;
      let finish: (value: string) => void = () => undefined;
      handle.mockReturnValueOnce(new Promise<string>((_resolve, reject) => (fail = reject)));
      handle.mockReturnValueOnce(new Promise<string>((resolve) => (finish = resolve)));
      const first = replays.handleOnce(delivery, event, handle);
      clock.time += 60_000;
      const second = replays.handleOnce(delivery, event, handle);
      fail(new Error('too late'));
      await expect(first).rejects.toThrow('too late');
      await expect(replays.handleOnce(delivery, event, handle)).rejects.toMatchObject({ reason: 'in-progress' });
      finish('handled');
      await expect(second).resolves.toBe('handled');
    });
  });

  it('refuses every copy of a proof that may be used once, also after a failure', async () => {
    handle.mockRejectedValueOnce(new Error('database away'));
    await expect(replays.handleOnce(oneTimeProof, event, handle)).rejects.toThrow('database away');
    const copy = await replays.handleOnce(oneTimeProof, event, handle).catch((error: unknown) => error);
    expect(copy).toBeInstanceOf(SignatureVerificationError);
    expect(copy).toMatchObject({ reason: 'replayed', httpStatus: 403 });
  });

  it('handles every copy where equal requests may both be meant', async () => {
    const scheme = { ...delivery, onReplay: 'accept' } as const;
    await replays.handleOnce(scheme, event, handle);
    await expect(replays.handleOnce(scheme, event, handle)).resolves.toBe('handled');
    expect(handle).toHaveBeenCalledTimes(2);
  });

  describe.each([
    ['fails', () => Promise.reject(new Error('store away'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('with a store that %s', (_how, call) => {
    const store: ReplayStore = { claim: call, complete: call, release: call };

    it('handles deliveries all the same: some gateways deliver only once', async () => {
      await expect(replaysWith(store).handleOnce(delivery, event, handle)).resolves.toBe('handled');
    });

    it('handles no delivery twice in one process', async () => {
      const here = replaysWith(store);
      const copies = await Promise.allSettled(
        Array.from({ length: 20 }, () => here.handleOnce(delivery, event, handle)),
      );
      expect(copies.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expect(here.handleOnce(delivery, event, handle)).resolves.toEqual({ ok: true });
      expect(handle).toHaveBeenCalledTimes(1);
    });

    it('lets the next copy try when the handler failed', async () => {
      const here = replaysWith(store);
      handle.mockRejectedValueOnce(new Error('database away'));
      await expect(here.handleOnce(delivery, event, handle)).rejects.toThrow('database away');
      await expect(here.handleOnce(delivery, event, handle)).resolves.toBe('handled');
    });

    it('knows what it handled before, and afterwards what the store was not told', async () => {
      const shared = new MemoryReplayStore(clock);
      const calls: ReplayStore = {
        claim: (...args) => shared.claim(...args),
        complete: (...args) => shared.complete(...args),
        release: (...args) => shared.release(...args),
      };
      const here = replaysWith(calls);
      await here.handleOnce(delivery, event, handle);
      handle.mockImplementationOnce(() => {
        Object.assign(calls, store);
        return Promise.resolve('handled, and the store is gone');
      });
      await here.handleOnce(delivery, eventOf('two'), handle);
      await expect(here.handleOnce(delivery, event, handle)).resolves.toEqual({ ok: true });
      Object.assign(calls, { claim: (...args: Parameters<ReplayStore['claim']>) => shared.claim(...args) });
      // The store holds an old claim of ours until that ends, and then nothing.
      clock.time += 60_000;
      await expect(here.handleOnce(delivery, eventOf('two'), handle)).resolves.toEqual({ ok: true });
      expect(handle).toHaveBeenCalledTimes(2);
    });

    it('lets a proof be used that was refused only because of the store', async () => {
      const here = replaysWith(store);
      await here.handleOnce(oneTimeProof, event, handle).catch(() => undefined);
      await expect(here.handleOnce(oneTimeProof, event, handle)).rejects.toMatchObject({
        reason: 'replay-store-unavailable',
      });
    });

    it('refuses proofs that may be used once', async () => {
      await expect(replaysWith(store).handleOnce(oneTimeProof, event, handle)).rejects.toMatchObject({
        reason: 'replay-store-unavailable',
        httpStatus: 503,
      });
      expect(handle).not.toHaveBeenCalled();
    });
  });

  it('asks the store again about a copy that another process was handling', async () => {
    const shared = new MemoryReplayStore(clock);
    await shared.claim(event.replayKey, 'somebody else', HOUR_MS);
    const here = replaysWith(shared);
    await expect(here.handleOnce(delivery, event, handle)).rejects.toMatchObject({ reason: 'in-progress' });
    await shared.release(event.replayKey, 'somebody else');
    await expect(here.handleOnce(delivery, event, handle)).resolves.toBe('handled');
  });

  describe('MemoryReplayStore', () => {
    it('forgets the oldest when it is full, and never the newest', async () => {
      const store = new MemoryReplayStore(clock, 2);
      await store.claim('a', 'one', HOUR_MS);
      await store.claim('b', 'one', HOUR_MS);
      await store.claim('c', 'one', HOUR_MS);
      await expect(store.claim('b', 'other', HOUR_MS)).resolves.toBe('in-progress');
      await expect(store.claim('c', 'other', HOUR_MS)).resolves.toBe('in-progress');
      await expect(store.claim('a', 'other', HOUR_MS)).resolves.toBe('claimed');
    });
  });
});
