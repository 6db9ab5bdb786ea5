import { createClient } from '@redis/client';
import { Logger } from '@nestjs/common';
import { until } from '../../../../../test/support/wait';
import { RedisServer } from '../../../../../test/replicas/redis-server';
import { describeWith } from '../../../../../test/support/describe-with';
import { REDIS } from '../../../../../test/support/needed-program';
import { type IssuedAccessToken } from '../access-token';
import { AccessTokenKeeper } from '../access-token-keeper';
import { SYSTEM_CLOCK } from '../clock';
import { PooledRandomSource } from '../random';
import { Secret } from '../secret';
import { openTokenSharing } from './open-token-sharing';
import { TokenCipher } from './token-cipher';
import { TokenSharing } from './token-sharing';

const KEY = '["netzme","https://gateway.example","client",null,null]';
const PREFIX = 'spec:';
const HOUR_MS = 3_600_000;

/** The gateway of one active token. */
class Gateway {
  requests = 0;
  active = '';
  lifetimeMs = 3_600_000;
  ask = (): Promise<IssuedAccessToken> => {
    this.requests += 1;
    this.active = `T${this.requests}`;
    return Promise.resolve({ value: this.active, lifetimeMs: this.lifetimeMs });
  };
}

interface Replica {
  readonly sharing: TokenSharing;
  readonly keeper: AccessTokenKeeper;
  readonly events: string[];
}

const opened: TokenSharing[] = [];

function replicaOf(redisUrl: string, gateway: Gateway, more: { leaseMs?: number; drainMs?: number } = {}): Replica {
  const settings = {
    prefix: PREFIX,
    storeTimeoutMs: 250,
    leaseMs: more.leaseMs ?? 5_000,
    drainMs: more.drainMs ?? 1_000,
  };
  const sharing = openTokenSharing({ connection: { redisUrl }, encryptionKeys: [], ...settings }, SYSTEM_CLOCK);
  opened.push(sharing);
  const onUnavailable = (): Error => new Error('unavailable');
  const { source, attach } = sharing.source(KEY, TokenCipher.derivedFrom(new Secret('secret')), 5_000, onUnavailable);
  const events: string[] = [];
  const keeper = new AccessTokenKeeper({
    key: KEY,
    policy: { renewal: 'late', refreshMarginMs: 60_000, timeoutMs: 1_000 },
    clock: SYSTEM_CLOCK,
    source,
    listener: {
      renewed: () => events.push('renewed'),
      renewalFailed: () => events.push('failed'),
      rejected: () => events.push('rejected'),
      contested: () => events.push('contested'),
    },
    request: gateway.ask,
    onTimeout: () => new Error('timeout'),
    onContested: () => new Error('contested'),
    onPaced: () => new Error('paced'),
    random: new PooledRandomSource(),
  });
  attach(keeper);
  return { sharing, keeper, events };
}

const held = ({ keeper }: Replica): string | undefined => keeper.peek()?.value;

describeWith(REDIS, 'TokenSharing, on a real Redis', () => {
  let server: RedisServer;
  let gateway: Gateway;
  let admin: ReturnType<typeof createClient>;

  beforeAll(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(Logger.prototype, 'log').mockImplementation();
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  const connectAdmin = async (): Promise<void> => {
    admin = createClient({ url: server.url });
    admin.on('error', () => undefined);
    await admin.connect();
  };

  beforeEach(async () => {
    await server.restart();
    await connectAdmin();
    await admin.flushDb();
    gateway = new Gateway();
  });
  afterEach(() => {
    server.thaw();
    admin.destroy();
    for (const sharing of opened.splice(0)) sharing.close();
  });

  /** Replicas that listen, all with one token. */
  const replicasWithToken = async (count: number, more: { drainMs?: number } = {}): Promise<Replica[]> => {
    const replicas = Array.from({ length: count }, () => replicaOf(server.url, gateway, more));
    await until('all listen', async () => {
      const [channel] = await admin.pubSubChannels(`${PREFIX}*`);
      return channel !== undefined && (await admin.pubSubNumSub([channel]))[channel] === count;
    });
    await replicas[0]?.keeper.get();
    await until('all have the token', () => replicas.every((replica) => held(replica) === 'T1'));
    return replicas;
  };

  it('pushes a new token to the others, who ask nobody', async () => {
    const replicas = await replicasWithToken(3);
    expect(gateway.requests).toBe(1);
    expect(replicas.map(({ events }) => events)).toEqual([['renewed'], [], []]);
    expect(replicas.map(({ keeper }) => keeper.status().requests)).toEqual([1, 0, 0]);
    const generations = replicas.map(({ keeper }) => keeper.status().generation);
    expect(generations[0]).toBeGreaterThan(0);
    expect(new Set(generations).size).toBe(1);
  });

  it('pushes the successor of a refused token to those who have not met the refusal', async () => {
    const replicas = await replicasWithToken(3);
    replicas[1]?.keeper.reject('T1');
    expect((await replicas[1]?.keeper.get())?.value).toBe('T2');
    await until('all have the next token', () => replicas.every((replica) => held(replica) === 'T2'));
    expect(gateway.requests).toBe(2);
  });

  it('asks once for any number of replicas and callers', async () => {
    const replicas = Array.from({ length: 4 }, () => replicaOf(server.url, gateway));
    const tokens = await Promise.all(replicas.flatMap(({ keeper }) => Array.from({ length: 250 }, () => keeper.get())));
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['T1']));
    expect(gateway.requests).toBe(1);
  });

  it('makes no store call for a token in hand', async () => {
    const [replica] = await replicasWithToken(1);
    const calls = replica?.sharing.status().storeCalls;
    for (let call = 0; call < 10_000; call += 1) {
      await replica?.keeper.get();
      replica?.keeper.begin()();
    }
    expect(replica?.sharing.status().storeCalls).toBe(calls);
  });

  describe('with all the time in the world to let go of a token', () => {
    const patient = { drainMs: 3_600_000 };

    const untilRenewalIsDue = (replica: Replica | undefined): Promise<void> =>
      until('renewal is due', () => replica !== undefined && held(replica) === undefined);

    it('has the others let go before it is replaced, and waits for their requests in flight', async () => {
      gateway.lifetimeMs = 2_000;
      const [a, b] = await replicasWithToken(2, patient);
      const end = b?.keeper.begin();
      await untilRenewalIsDue(a);
      gateway.lifetimeMs = 3_600_000;
      const renewing = a?.keeper.get();
      await until('it leads', async () => (await admin.keys(`${PREFIX}*:lease`)).length === 1);
      // Long enough for whoever would not wait.
      for (let trips = 0; trips < 20; trips += 1) await admin.ping();
      expect(gateway.requests).toBe(1);
      end?.();
      await renewing;
      expect(gateway.requests).toBe(2);
    });

    it("a leader's own requests in flight, once over, hold nobody up", async () => {
      gateway.lifetimeMs = 2_000;
      const [a] = await replicasWithToken(1, patient);
      const end = a?.keeper.begin();
      await untilRenewalIsDue(a);
      gateway.lifetimeMs = 3_600_000;
      const renewing = a?.keeper.get();
      await until('it leads', async () => (await admin.keys(`${PREFIX}*:lease`)).length === 1);
      end?.();
      // Both waits for quiet are the keeper's: the second took the place of the first, which would end at its limit.
      await renewing;
      expect(gateway.requests).toBe(2);
    });
  });

  it('a token that was let go of is not taken up again before it is replaced', async () => {
    const [a] = await replicasWithToken(1);
    a?.keeper.retire(a.keeper.status().generation, 60_000);
    expect(a !== undefined && held(a)).toBeUndefined();
    // The next caller finds it in the store, where it stays until its successor is published.
    await a?.keeper.get();
    expect(a !== undefined && held(a)).not.toBe('T1');
  });

  describe('whatever somebody wrote into Redis', () => {
    const YEAR_MS = 365 * 24 * HOUR_MS;
    type Keys = Readonly<Record<'token' | 'lease', string>>;

    it.each<[what: string, spoil: (keys: Keys) => Promise<unknown>]>([
      ...['abc', '1e300', '9007199254740993', '9007199254740990', '7 ', ''].map(
        (text): [string, (keys: Keys) => Promise<unknown>] => [
          `generation ${JSON.stringify(text)}`,
          ({ token }) => admin.hSet(token, 'generation', text),
        ],
      ),
      ['a text for the token', ({ token }) => admin.set(token, 'text')],
      ['a list for the lease', ({ lease }) => admin.lPush(lease, 'x')],
      ['a lease without an end', ({ lease }) => admin.set(lease, 'somebody')],
    ])('the replicas get one token with one request: %s', async (_what, spoil) => {
      const [first] = await replicasWithToken(1);
      const [token = ''] = await admin.keys(`${PREFIX}*:token`);
      await admin.del(token);
      await spoil({ token, lease: token.replace(/token$/, 'lease') });
      first?.sharing.close();
      const cold = [replicaOf(server.url, gateway), replicaOf(server.url, gateway)];
      const tokens = await Promise.all(cold.map(({ keeper }) => keeper.get()));
      expect(tokens.map(({ value }) => value)).toEqual(['T2', 'T2']);
      expect(gateway.requests).toBe(2);
      expect((await replicaOf(server.url, gateway).keeper.get()).value).toBe('T2');
    });

    it('a lease that lasts for a year is waited for as long as one of ours', async () => {
      const [first] = await replicasWithToken(1);
      const [token = ''] = await admin.keys(`${PREFIX}*:token`);
      const lease = token.replace(/token$/, 'lease');
      await admin.del(token);
      await admin.set(lease, 'somebody', { expiration: { type: 'PX', value: YEAR_MS } });
      first?.sharing.close();
      const obtaining = replicaOf(server.url, gateway, { leaseMs: 500 }).keeper.get();
      expect((await obtaining).value).toBe('T2');
    });
  });

  describe('when Redis comes back', () => {
    it('without its memory: gets the token back, and nobody asks for another', async () => {
      const replicas = await replicasWithToken(2);
      const generation = replicas[0]?.keeper.status().generation;
      await server.kill();
      admin.destroy();
      await server.restart();
      await connectAdmin();
      await until('the token is back', async () => (await admin.keys(`${PREFIX}*:token`)).length === 1);
      const cold = replicaOf(server.url, gateway);
      expect((await cold.keeper.get()).value).toBe('T1');
      expect(cold.keeper.status().generation).toBe(generation);
      expect(gateway.requests).toBe(1);
    });

    it('gets the token that was obtained without it, and the others take it', async () => {
      const replicas = await replicasWithToken(2);
      await server.kill();
      admin.destroy();
      replicas[0]?.keeper.reject('T1');
      expect((await replicas[0]?.keeper.get())?.value).toBe('T2');
      replicas[1]?.keeper.reject('T1');
      await server.restart();
      await connectAdmin();
      await until('both have it', () => replicas.every((replica) => held(replica) === 'T2'));
      expect(gateway.requests).toBe(2);
    });

    it('frozen meanwhile, a token in hand keeps serving, and the next renewal is shared again', async () => {
      const replicas = await replicasWithToken(2);
      server.freeze();
      expect(replicas.map(held)).toEqual(['T1', 'T1']);
      server.thaw();
      replicas[0]?.keeper.reject('T1');
      expect((await replicas[0]?.keeper.get())?.value).toBe('T2');
      await until('both have it', () => replicas.every((replica) => held(replica) === 'T2'));
    });

    it('frozen meanwhile, a token obtained without it reaches the others', async () => {
      const replicas = await replicasWithToken(2);
      server.freeze();
      replicas[0]?.keeper.reject('T1');
      await replicas[0]?.keeper.get();
      server.thaw();
      // No connection broke, so that no event tells the replica to reconcile.
      await until('both have it', () => replicas.every((replica) => held(replica) === 'T2'));
      expect(gateway.requests).toBe(2);
    });
  });

  describe('close', () => {
    it('ends its connections', async () => {
      const [replica] = await replicasWithToken(1);
      replica?.sharing.close();
      const database = Number(new URL(server.url).pathname.slice(1));
      const own = async () => (await admin.clientList()).filter(({ db }) => db === database);
      await until('the connections are gone', async () => (await own()).length === 1);
      expect(opened.splice(0)).toHaveLength(1);
    });

    it('right after the start leaves no connection, which would keep the process from ending', async () => {
      const client = createClient({ url: server.url, disableOfflineQueue: true });
      const subscriber = client.duplicate();
      jest.spyOn(client, 'duplicate').mockReturnValue(subscriber as never);
      const connects = [client, subscriber].map((each) => jest.spyOn(each, 'connect'));
      const settings = { prefix: PREFIX, storeTimeoutMs: 250, leaseMs: undefined, drainMs: 0 };
      new TokenSharing(client, true, settings, SYSTEM_CLOCK).close();
      await Promise.allSettled(connects.map(({ mock }) => mock.results[0]?.value as Promise<unknown>));
      expect([client.isReady, subscriber.isReady]).toEqual([false, false]);
      const database = Number(new URL(server.url).pathname.slice(1));
      const own = async () => (await admin.clientList()).filter(({ db }) => db === database);
      await until('the connections are gone', async () => (await own()).length === 1);
    });

    it.each<[state: string, act: () => unknown]>([
      ['killed', () => server.kill()],
      ['frozen', () => server.freeze()],
    ])('is over when it returns, Redis %s', async (_state, act) => {
      const [replica] = await replicasWithToken(1);
      await act();
      expect(replica?.sharing.close()).toBeUndefined();
      opened.length = 0;
    });

    it('is over when it returns, Redis never there', async () => {
      await server.kill();
      const replica = replicaOf(server.url, gateway);
      expect((await replica.keeper.get()).value).toBe('T1');
      expect(replica.sharing.close()).toBeUndefined();
      opened.length = 0;
    });

    it.each(['alive', 'frozen'])('lets a token request in flight end, Redis %s', async (redis) => {
      const [replica] = await replicasWithToken(1);
      if (redis === 'frozen') server.freeze();
      replica?.keeper.reject('T1');
      const obtaining = replica?.keeper.get();
      replica?.sharing.close();
      opened.length = 0;
      expect((await obtaining)?.value).toBe('T2');
    });

    it("leaves a client of the user's open", async () => {
      const client = createClient({ url: server.url });
      client.on('error', () => undefined);
      await client.connect();
      const settings = { prefix: PREFIX, storeTimeoutMs: 250, leaseMs: undefined, drainMs: 1_000, encryptionKeys: [] };
      const listeners = client.listenerCount('ready');
      const sharing = openTokenSharing({ connection: { client: client }, ...settings }, SYSTEM_CLOCK);
      sharing.close();
      expect(client.isOpen).toBe(true);
      expect(await client.ping()).toBe('PONG');
      expect(client.listenerCount('ready')).toBe(listeners);
      client.destroy();
    });
  });
});
