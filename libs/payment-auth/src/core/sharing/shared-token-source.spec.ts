import { type IssuedAccessToken } from '../access-token';
import { Secret } from '../secret';
import { type ObtainContext, type ObtainedToken } from '../token-source';
import {
  type LeaseAnswer,
  type PublishAnswer,
  RedisTokenState,
  type SharedRead,
  type SharedToken,
} from './redis-token-state';
import { SharedTokenSource } from './shared-token-source';
import { TokenCipher } from './token-cipher';

const HOUR = 3_600_000;
const LEASE_MS = 15_000;

type Call = 'read' | 'acquire' | 'publish' | 'release' | 'reject';

/** What the replicas of one test share. */
interface Place {
  generation: number;
  token: SharedToken | undefined;
  lease: string | undefined;
}

/** The state without Redis. Does what is asked of it unless told to be unreachable from some call on. */
class MemoryState extends RedisTokenState {
  readonly calls: Call[] = [];
  /** Runs before the nth call of a kind, counted from 1. */
  readonly before = new Map<string, () => void>();
  /** The connection is gone. */
  isDown = false;
  /** The connection is there, and the next calls get no answer. */
  silences = 0;

  constructor(
    private readonly place: Place,
    private readonly owner: string,
  ) {
    const nobody = { eval: () => Promise.reject(new Error('no')), publish: () => Promise.reject(new Error('no')) };
    super(nobody, TokenCipher.derivedFrom(new Secret('secret')), {
      key: 'key',
      prefix: 'p:',
      owner,
      leaseMs: LEASE_MS,
      timeoutMs: 1,
      opened: Promise.resolve(),
      onReachable: () => undefined,
      onCall: () => undefined,
    });
  }

  override async read(): Promise<SharedRead> {
    if (await this.failing('read')) return { state: 'unreachable' };
    const { generation, token } = this.place;
    return token === undefined ? { state: 'none', generation } : { state: 'token', token, generation };
  }

  override async acquireLease(): Promise<LeaseAnswer> {
    if (await this.failing('acquire')) return 'unreachable';
    if (this.place.lease !== undefined && this.place.lease !== this.owner) return 'theirs';
    this.place.lease = this.owner;
    return 'mine';
  }

  override async publish(seen: number, token: Omit<SharedToken, 'generation'>): Promise<PublishAnswer> {
    if (await this.failing('publish')) return { state: 'unreachable' };
    const { place, owner } = this;
    const isTheirs = place.lease !== undefined && place.lease !== owner;
    if (isTheirs || place.generation !== seen) return { state: 'outdated' };
    place.generation += 1;
    place.token = { ...token, generation: place.generation };
    place.lease = undefined;
    return { state: 'published', generation: place.generation };
  }

  override async releaseLease(): Promise<void> {
    if ((await this.failing('release')) || this.place.lease !== this.owner) return;
    this.place.lease = undefined;
  }

  override async reject(generation: number): Promise<void> {
    if ((await this.failing('reject')) || this.place.generation !== generation) return;
    this.place.token = undefined;
  }

  private failing(call: Call): Promise<boolean> {
    this.calls.push(call);
    const nth = this.calls.filter((one) => one === call).length;
    this.before.get(`${call} ${nth}`)?.();
    if (this.silences > 0) this.silences -= 1;
    else return Promise.resolve(this.isDown);
    return Promise.resolve(true);
  }
}

class TestClock {
  steady = 5_000;
  now = (): number => 1_700_000_000_000 + this.steady;
  monotonic = (): number => this.steady;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const clock = new TestClock();
  const place: Place = { generation: 0, token: undefined, lease: undefined };
  const refused = new Set<string>();
  const drained: string[] = [];
  let made = 0;

  const unpublished: string[] = [];

  /** One replica, whose token requests are answered by hand. */
  const replica = (owner: string, endsPrevious = true) => {
    const state = new MemoryState(place, owner);
    const requests: { answer: () => string; fail: (error: Error) => void }[] = [];
    const source = new SharedTokenSource({
      state,
      clock,
      leaseMs: LEASE_MS,
      drainReplicas: (generation) => {
        drained.push(`replicas of ${generation}`);
        return Promise.resolve();
      },
      isConnected: () => !state.isDown,
      onUnpublished: () => unpublished.push(owner),
      onUnavailable: () => new Error('unavailable'),
    });
    const context: ObtainContext = {
      accepts: ({ token, remainingMs }: ObtainedToken) => !refused.has(token.value) && remainingMs > 60_000,
      request: () =>
        new Promise<IssuedAccessToken>((resolve, reject) => {
          const answer = (): string => {
            made += 1;
            resolve({ value: `T${made}`, lifetimeMs: HOUR });
            return `T${made}`;
          };
          requests.push({ answer, fail: reject });
        }),
      drain: () => {
        drained.push(`own of ${owner}`);
        return Promise.resolve();
      },
      endsPrevious,
    };
    const answered = async (): Promise<void> => {
      await settled();
      requests.at(-1)?.answer();
      await settled();
    };
    return { state, source, requests, answered, obtain: () => source.obtain(context) };
  };
  const stored = (value: string, remainingMs = HOUR): SharedToken => {
    place.generation += 1;
    const expiresAt = clock.now() + remainingMs;
    place.token = { value, generation: place.generation, obtainedAt: expiresAt - HOUR, expiresAt, lifetimeMs: HOUR };
    return place.token;
  };
  return { clock, place, refused, drained, replica, stored };
}

describe('SharedTokenSource', () => {
  describe('a leader', () => {
    it('looks, takes the lease, looks again, asks and publishes', async () => {
      const { replica, place, drained } = setUp();
      const a = replica('a');
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation: 1, remainingMs: HOUR });
      expect(a.state.calls).toEqual(['read', 'acquire', 'read', 'publish']);
      expect(place).toMatchObject({ generation: 1, token: { value: 'T1' }, lease: undefined });
      expect(drained).toEqual([]);
    });

    it('asks nobody when the store has a good token', async () => {
      const { replica, stored } = setUp();
      stored('T0', 1_800_000);
      const a = replica('a');
      expect(await a.obtain()).toMatchObject({ token: { value: 'T0' }, generation: 1, remainingMs: 1_800_000 });
      expect(a.state.calls).toEqual(['read']);
      expect(a.requests).toHaveLength(0);
    });

    it('takes the token that came between its look and its lease, and gives the lease back', async () => {
      const { replica, stored, place } = setUp();
      const a = replica('a');
      a.state.before.set('acquire 1', () => stored('T0'));
      expect(await a.obtain()).toMatchObject({ token: { value: 'T0' } });
      expect(a.state.calls).toEqual(['read', 'acquire', 'read', 'release']);
      expect(a.requests).toHaveLength(0);
      expect(place.lease).toBeUndefined();
    });

    it('has everybody let go of a token that lives before it asks for its successor', async () => {
      const { replica, stored, drained } = setUp();
      stored('T0', 30_000);
      const a = replica('a');
      const obtaining = a.obtain();
      await settled();
      expect(drained).toEqual(['replicas of 1', 'own of a']);
      await a.answered();
      expect(await obtaining).toMatchObject({ generation: 2 });
    });

    it('lets everybody go on with it where tokens live side by side', async () => {
      const { replica, stored, drained } = setUp();
      stored('T0', 30_000);
      const a = replica('a', false);
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ generation: 2 });
      expect(drained).toEqual([]);
    });

    it('never believes in more than the whole life, whatever the clock of the writer', async () => {
      const { replica, stored } = setUp();
      stored('T0', 10 * HOUR);
      expect(await replica('a').obtain()).toMatchObject({ remainingMs: HOUR });
    });

    it('that fails gives the lease back, and the error to its callers', async () => {
      const { replica, place } = setUp();
      const [a, b] = [replica('a'), replica('b')];
      const failing = a.obtain().catch((error: Error) => error.message);
      await settled();
      a.requests[0]?.fail(new Error('gateway says no'));
      expect(await failing).toBe('gateway says no');
      expect(place.lease).toBeUndefined();
      const obtaining = b.obtain();
      await b.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' } });
    });

    it('that lost its lease while draining looks again and asks nobody', async () => {
      const { replica, stored, clock, place } = setUp();
      const a = replica('a');
      a.state.before.set('read 2', () => {
        // Paused beyond its lease; another one led meanwhile.
        clock.steady += LEASE_MS;
        place.lease = undefined;
      });
      a.state.before.set('read 3', () => stored('T9'));
      expect(await a.obtain()).toMatchObject({ token: { value: 'T9' } });
      expect(a.requests).toHaveLength(0);
    });

    it('that lost its lease before it saw the answer asks nobody', async () => {
      const { replica, clock, place } = setUp();
      const a = replica('a');
      const acquire = a.state.acquireLease.bind(a.state);
      a.state.acquireLease = async () => {
        const answer = await acquire();
        // Stopped here: the lease was given, its answer not yet handled.
        clock.steady += LEASE_MS + 1;
        place.lease = 'b';
        return answer;
      };
      const obtaining = a.obtain().catch((error: Error) => error.message);
      await settled();
      const asked = a.requests.length;
      a.requests[0]?.answer();
      clock.steady += 2 * LEASE_MS;
      await obtaining;
      expect(asked).toBe(0);
    });

    it('whose token comes too late takes the newer one, which stays', async () => {
      const { replica, place, stored } = setUp();
      const a = replica('a');
      const obtaining = a.obtain();
      await settled();
      place.lease = undefined;
      stored('T-newer');
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T-newer' }, generation: 1 });
      expect(place.token?.value).toBe('T-newer');
    });

    it("whose token comes while somebody else leads waits for that one's", async () => {
      const { replica, place } = setUp();
      const [a, b] = [replica('a'), replica('b')];
      const ofA = a.obtain();
      await settled();
      place.lease = undefined;
      const ofB = b.obtain();
      await settled();
      await a.answered();
      expect(place.token).toBeUndefined();
      await b.answered();
      a.source.news();
      expect(await ofB).toMatchObject({ token: { value: 'T2' } });
      expect(await ofA).toMatchObject({ token: { value: 'T2' } });
      expect(a.requests).toHaveLength(1);
    });

    it('that is refused as outdated gives the lease back', async () => {
      const { replica, place, stored } = setUp();
      const a = replica('a');
      const obtaining = a.obtain();
      await settled();
      // What RESTORE does: another generation in spite of the lease.
      stored('T-restored');
      await a.answered();
      await obtaining;
      expect(place.lease).toBeUndefined();
    });

    it('keeps its lease while it asks, also when the connection comes back meanwhile', async () => {
      const { replica, place } = setUp();
      const a = replica('a');
      const obtaining = a.obtain();
      await settled();
      await a.source.releaseForgottenLease();
      expect(place.lease).toBe('a');
      await a.answered();
      await obtaining;
      expect(place.lease).toBeUndefined();
    });

    it('that finds the store gone gives the lease back when it can', async () => {
      const { replica, place } = setUp();
      const a = replica('a');
      a.state.before.set('read 2', () => (a.state.isDown = true));
      const obtaining = a.obtain();
      await settled();
      a.state.isDown = false;
      await a.answered();
      await obtaining;
      expect(place.lease).toBeUndefined();
    });
  });

  describe('a follower', () => {
    it('takes the token of the leader as soon as there is news', async () => {
      const { replica } = setUp();
      const [a, b] = [replica('a'), replica('b')];
      const ofA = a.obtain();
      await settled();
      const ofB = b.obtain();
      await settled();
      expect(b.state.calls).toEqual(['read', 'acquire']);
      await a.answered();
      b.source.news();
      expect((await ofB).token).toEqual((await ofA).token);
      expect(b.state.calls).toEqual(['read', 'acquire', 'read']);
      expect(b.requests).toHaveLength(0);
    });

    it('looks again without news too', async () => {
      const { replica } = setUp();
      const [a, b] = [replica('a'), replica('b')];
      const ofA = a.obtain();
      await settled();
      const ofB = b.obtain();
      await a.answered();
      expect((await ofB).token).toEqual((await ofA).token);
    });

    it('leads when the leader dies, as soon as the lease is over', async () => {
      const { replica, place } = setUp();
      place.lease = 'dead';
      const b = replica('b');
      const obtaining = b.obtain();
      await settled();
      place.lease = undefined;
      b.source.news();
      await b.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' } });
    });

    it('gives up after two leases', async () => {
      const { replica, place, clock } = setUp();
      place.lease = 'somebody who renews it for ever';
      const b = replica('b');
      const start = clock.steady;
      for (let nth = 1; nth < 1_000; nth += 1) {
        b.state.before.set(`acquire ${nth}`, () => {
          clock.steady += 1_000;
          setImmediate(() => b.source.news());
        });
      }
      await expect(b.obtain()).rejects.toThrow('unavailable');
      expect(clock.steady - start).toBe(2 * LEASE_MS);
      expect(b.requests).toHaveLength(0);
    });

    it('sixteen of them cause no request', async () => {
      const { replica } = setUp();
      const replicas = Array.from({ length: 16 }, (_, owner) => replica(`r${owner}`));
      const obtaining = replicas.map(({ obtain }) => obtain());
      await settled();
      const asked = replicas.flatMap(({ requests }) => requests);
      expect(asked).toHaveLength(1);
      asked[0]?.answer();
      await settled();
      for (const { source } of replicas) source.news();
      const tokens = await Promise.all(obtaining);
      expect(new Set(tokens.map(({ token }) => token.value))).toEqual(new Set(['T1']));
      expect(replicas.flatMap(({ requests }) => requests)).toHaveLength(1);
    });
  });

  describe('with the store out of reach', () => {
    it.each(['read 1', 'acquire 1', 'read 2'])('at %s: asks alone, after its own requests in flight', async (step) => {
      const { replica, drained, place } = setUp();
      const a = replica('a');
      a.state.before.set(step, () => (a.state.isDown = true));
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation: 0, remainingMs: HOUR });
      expect(drained).toEqual(['own of a']);
      expect(a.requests).toHaveLength(1);
      expect(place.generation).toBe(0);
    });

    it('connected and silent now and then: asks the store again', async () => {
      const { replica } = setUp();
      const a = replica('a');
      a.state.before.set('read 1', () => (a.state.silences = 3));
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation: 1 });
      expect(a.requests).toHaveLength(1);
    });

    it('connected and silent for long: goes on alone', async () => {
      const { replica } = setUp();
      const a = replica('a');
      a.state.silences = 100;
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation: 0 });
      expect(a.state.calls.filter((call) => call !== 'release')).toEqual(['read', 'read', 'read', 'read']);
    });

    it.each([
      [3, 1],
      [4, 0],
    ])('connected, and its lease not answered for %d times: generation %d', async (times, generation) => {
      const { replica, clock } = setUp();
      const a = replica('a');
      for (let nth = 1; nth <= 20; nth += 1) {
        a.state.before.set(`acquire ${nth}`, () => {
          clock.steady += 1_000;
          if (nth <= times) a.state.silences = 1;
        });
      }
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation });
      expect(a.state.calls.filter((call) => call === 'acquire')).toHaveLength(4);
    });

    it('asks alone, and counts its token as that of the generation it saw last', async () => {
      const { replica, stored, refused } = setUp();
      const a = replica('a');
      stored('T-old');
      stored('T-new');
      await a.obtain();
      refused.add('T-new');
      a.state.isDown = true;
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation: 2, isPublished: false });
    });

    it('at publishing: uses what it has', async () => {
      const { replica } = setUp();
      const a = replica('a');
      a.state.before.set('publish 1', () => (a.state.isDown = true));
      const obtaining = a.obtain();
      await a.answered();
      expect(await obtaining).toMatchObject({ token: { value: 'T1' }, generation: 0 });
      expect(a.requests).toHaveLength(1);
    });

    it('at releasing: tells the error all the same', async () => {
      const { replica } = setUp();
      const a = replica('a');
      a.state.before.set('release 1', () => (a.state.isDown = true));
      const failing = a.obtain().catch((error: Error) => error.message);
      await settled();
      a.requests[0]?.fail(new Error('gateway says no'));
      expect(await failing).toBe('gateway says no');
    });

    it('while it follows: goes on alone', async () => {
      const { replica, place } = setUp();
      place.lease = 'somebody';
      const b = replica('b');
      const obtaining = b.obtain();
      await settled();
      b.state.isDown = true;
      b.source.news();
      await b.answered();
      expect(await obtaining).toMatchObject({ generation: 0 });
    });
  });

  it('rejects by generation, only what others know of, and waits for nothing', async () => {
    const { replica, stored, place } = setUp();
    const { source, state } = replica('a');
    const token = source.fromStore(stored('T0'));
    source.rejected({ ...token, isPublished: false });
    expect(place.token).toBeDefined();
    source.rejected(token);
    expect(state.calls).toEqual(['reject']);
    await settled();
    expect(place.token).toBeUndefined();
  });

  it('freezes what it hands out', async () => {
    const { replica, stored } = setUp();
    stored('T0');
    expect(Object.isFrozen((await replica('a').obtain()).token)).toBe(true);
  });
});
