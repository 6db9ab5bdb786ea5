import { createClient } from '@redis/client';
import { MemoryReplayStore, RedisReplayStore, type ReplayStore } from 'nestjs-payment-auth';
import { RedisServer } from '../replicas/redis-server';
import { describeWith } from '../support/describe-with';
import { ManualClock } from '../support/manual-clock';
import { REDIS } from '../support/needed-program';

const HOLD_MS = 60_000;

/** What every store must do, for each process that shares it. */
function itIsAReplayStore(open: () => readonly [ReplayStore, ReplayStore]): void {
  let one: ReplayStore;
  let other: ReplayStore;

  beforeEach(() => {
    [one, other] = open();
  });

  it('gives a claim to one of any number of copies', async () => {
    const claims = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? one : other).claim('copies', `delivery ${index}`, HOLD_MS),
      ),
    );
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'in-progress')).toHaveLength(99);
  });

  it('tells handled ones from those that are being handled', async () => {
    await one.claim('handled', 'one', HOLD_MS);
    await one.complete('handled', HOLD_MS);
    await expect(other.claim('handled', 'other', HOLD_MS)).resolves.toBe('done');
  });

  it('gives a released one to the next, and each key its own', async () => {
    await one.claim('released', 'one', HOLD_MS);
    await one.release('released', 'one');
    await expect(other.claim('released', 'other', HOLD_MS)).resolves.toBe('claimed');
    await expect(other.claim('another', 'other', HOLD_MS)).resolves.toBe('claimed');
  });

  it('takes a claim from its owner only, and never what tells that it was handled', async () => {
    await other.claim('kept', 'other', HOLD_MS);
    await one.release('kept', 'one');
    await expect(one.claim('kept', 'one', HOLD_MS)).resolves.toBe('in-progress');
    await other.complete('kept', HOLD_MS);
    await other.release('kept', 'other');
    await expect(one.claim('kept', 'one', HOLD_MS)).resolves.toBe('done');
  });

  it('gives a claim again to who has it: a client may ask twice when it missed the answer', async () => {
    await one.claim('asked twice', 'one', HOLD_MS);
    await expect(one.claim('asked twice', 'one', HOLD_MS)).resolves.toBe('claimed');
  });
}

describe('MemoryReplayStore', () => {
  itIsAReplayStore(() => {
    const store = new MemoryReplayStore(new ManualClock());
    return [store, store];
  });
});

describeWith(REDIS, 'RedisReplayStore', () => {
  let server: RedisServer;
  let clients: ReturnType<typeof createClient>[];

  beforeAll(async () => {
    server = await RedisServer.start();
    clients = [createClient({ url: server.url }), createClient({ url: server.url })];
    await Promise.all(clients.map((client) => client.connect()));
  });

  beforeEach(() => clients[0]?.flushDb());

  afterAll(async () => {
    clients.forEach((client) => client.destroy());
    await server.stop();
  });

  const stores = (): readonly [RedisReplayStore, RedisReplayStore] => {
    const [first, second] = clients.map((client) => new RedisReplayStore(client));
    if (first === undefined || second === undefined) throw new Error('not connected');
    return [first, second];
  };

  itIsAReplayStore(stores);

  it('keeps claims and handled ones for as long as it is told, and nothing but a hash of the key', async () => {
    const [store] = stores();
    const key = '{"gateway":"placetopay","signature":"cafe"}';
    await store.claim(key, 'one', HOLD_MS);
    const names = (await clients[0]?.keys('*')) ?? [];
    expect(names).toEqual([expect.stringMatching(/^payment-auth:notification:[\w-]{43}$/)]);
    const lifeOf = async (): Promise<number> => Number(await clients[0]?.pTTL(names[0] ?? ''));
    expect(await lifeOf()).toBeGreaterThan(HOLD_MS - 10_000);
    expect(await lifeOf()).toBeLessThanOrEqual(HOLD_MS);
    await store.complete(key, 10 * HOLD_MS);
    expect(await lifeOf()).toBeGreaterThan(9 * HOLD_MS);
  });
});
