/**
 * The protocol by which replicas share one access token, as a state machine small enough to walk through completely.
 *
 * What a replica does between two awaits is one step; so is what Redis does in one script, and what the gateway does in one
 * request. A pause of any length, SIGSTOP included, is a replica that takes no step while the others and the lease's clock
 * go on: nothing need be modelled for it. Tokens are numbers in the order in which the gateway made them, so that "older" is
 * `<`. Only the order of tokens and of generations matters, hence both are renumbered after each step: the number of tokens
 * is not bounded, the number of states is.
 *
 * Three things are merged into one step each because nothing can come between them that changes the outcome: reading the
 * store and adopting what was read (a replica's answers arrive in the order of its commands); a caller's request, its 401 and
 * the rejection in memory; waiting for news and looking again. The drain before a request is time that passes.
 */

/** What is in Redis. 0 stands for "nothing there", for generation, token and lease alike. */
export interface Store {
  readonly generation: number;
  readonly token: number;
  /** Who holds the lease: 1, 2, 3, or {@link GHOST}. */
  readonly lease: number;
  /** The highest generation given out so far; Redis's clock, which outlives its memory. */
  readonly clock: number;
}

/** A holder of the lease that is gone for good: a process that crashed. */
export const GHOST = 4;

/** The rules of the protocol. Each can be broken on purpose, to see whether the check notices. */
export interface Rules {
  readonly acquireRespectsOwner: boolean;
  readonly leaseExpires: boolean;
  readonly readsAgainWithLease: boolean;
  readonly publishChecksLease: boolean;
  readonly publishComparesGeneration: boolean;
  readonly publishFreesLease: boolean;
  readonly releaseChecksOwner: boolean;
  readonly rejectComparesGeneration: boolean;
  readonly generationFollowsClock: boolean;
  readonly offerComparesGeneration: boolean;
  readonly publishTellsOthers: boolean;
  /** A store that does not answer is no busy leader: the replica goes on alone. */
  readonly unreachableIsNotTheirs: boolean;
  /** A leader whose publish was refused gives the lease back. */
  readonly outdatedFreesLease: boolean;
  /** Nothing is restored while somebody renews. */
  readonly restoreRespectsLease: boolean;
  /** Restoring replaces an older generation too, not only nothing. */
  readonly restoreReplacesOlder: boolean;
  /** Restoring tells the others, as publishing does. */
  readonly restoreTellsOthers: boolean;
  /** The lease's end is counted from before it was asked for. */
  readonly leaseCountedFromAsking: boolean;
  /** After a call without an answer a replica reconciles with the store, as it does after a lost connection. */
  readonly reconcilesAfterSilence: boolean;
  /** An unpublished token ranks just above the generation its replica knew when asking, and replaces no other. */
  readonly unpublishedKeepsGeneration: boolean;
  /** Reconciling starts over when the token it offered was refused. */
  readonly refusedReconcilesAgain: boolean;
  /** A replica that holds a token nobody else knows of reconciles. */
  readonly unpublishedReconciles: boolean;
  /** Reconciling gives back a lease that was left behind. */
  readonly reconcileFreesLease: boolean;
}

/** The rules with which every property holds. */
export const RULES: Rules = {
  acquireRespectsOwner: true,
  leaseExpires: true,
  readsAgainWithLease: true,
  publishChecksLease: true,
  publishComparesGeneration: true,
  publishFreesLease: true,
  releaseChecksOwner: true,
  rejectComparesGeneration: true,
  generationFollowsClock: true,
  offerComparesGeneration: true,
  publishTellsOthers: true,
  unreachableIsNotTheirs: true,
  outdatedFreesLease: true,
  restoreRespectsLease: true,
  restoreReplacesOlder: true,
  restoreTellsOthers: true,
  leaseCountedFromAsking: true,
  reconcilesAfterSilence: true,
  unpublishedKeepsGeneration: true,
  refusedReconcilesAgain: true,
  unpublishedReconciles: true,
  reconcileFreesLease: true,
};

/* The five scripts of redis-token-state.ts. A test holds them to the real ones. */

export function acquire(store: Store, me: number, rules: Rules = RULES): [answer: 'mine' | 'theirs', after: Store] {
  if (store.lease !== 0 && store.lease !== me && rules.acquireRespectsOwner) return ['theirs', store];
  return ['mine', { ...store, lease: me }];
}

export function release(store: Store, me: number, rules: Rules = RULES): Store {
  return store.lease === me || !rules.releaseChecksOwner ? { ...store, lease: 0 } : store;
}

export function publish(
  store: Store,
  me: number,
  seen: number,
  token: number,
  rules: Rules = RULES,
): [answer: 'published' | 'outdated', after: Store] {
  if (rules.publishChecksLease && store.lease !== 0 && store.lease !== me) return ['outdated', store];
  if (rules.publishComparesGeneration && store.generation !== seen) return ['outdated', store];
  const generation = (rules.generationFollowsClock ? Math.max(store.generation, store.clock) : store.generation) + 1;
  return [
    'published',
    {
      generation,
      token,
      lease: rules.publishFreesLease ? 0 : store.lease,
      clock: Math.max(store.clock, generation),
    },
  ];
}

export function restore(store: Store, generation: number, token: number, rules: Rules = RULES): Store {
  if (rules.restoreRespectsLease && store.lease !== 0) return store;
  const isFree = rules.restoreReplacesOlder ? store.generation < generation : store.generation === 0;
  return isFree ? { ...store, generation, token } : store;
}

export function reject(store: Store, generation: number, rules: Rules = RULES): Store {
  return store.generation === generation || !rules.rejectComparesGeneration ? { ...store, token: 0 } : store;
}

/** Where a replica is in `SharedTokenSource.obtain`: what it does next. */
const PLACES = [
  'idle',
  'read',
  'acquire',
  'read again',
  'send',
  'await answer',
  'publish',
  'release, then hold',
  'release, then fail',
  'await answer alone',
  'hold alone',
] as const;
type Place = (typeof PLACES)[number];

/** Places between getting the lease and giving it back. */
const LEADING: ReadonlySet<Place> = new Set([
  'read again',
  'send',
  'await answer',
  'publish',
  'release, then hold',
  'release, then fail',
]);

/** What a leader that no longer has the lease knows about it. */
const LEASE_OK = 0;
const LEASE_LOST = 1;
const LEASE_LOST_NOTICEABLY = 2;

/** How far reconciling has come; the last two are commands on their way. */
const RECONCILE_READ = 1;
const RECONCILE_RESTORE = 2;
const RECONCILE_PUBLISH = 3;

/** A command not answered in time that the store may yet execute, before the replica's next one. */
const LATE_ACQUIRE = 1;
const LATE_PUBLISH = 2;

interface Replica {
  alive: boolean;
  place: Place;
  /** The token just obtained or found, and the generation seen with the lease in hand or that of the token found. */
  token: number;
  seen: number;
  lease: number;
  held: number;
  heldGeneration: number;
  /** 1 when the token held was never published, as far as the replica knows. */
  unpublished: number;
  /** The highest generation the replica has met. */
  known: number;
  /** Bit per token this replica saw refused. */
  rejected: number;
  /** Generation of a `reject` on its way to the store. */
  rejecting: number;
  /** Generation of a `renewed` message on its way here. */
  news: number;
  reconcile: number;
  reconcileToken: number;
  reconcileGeneration: number;
  /** Whether a command of `obtain` may be ahead of reconciling's on the connection. */
  ahead: number;
  /** Whether to reconcile once more afterwards. */
  redo: number;
  late: number;
  lateToken: number;
  lateSeen: number;
}

/** How often each mishap may still happen. Pauses shorter than a lease are none: they happen any number of times. */
export interface Mishaps {
  /** A replica with the lease takes no step until its lease is over. */
  readonly pause: number;
  /** A replica dies, and may come back with an empty memory. */
  readonly crash: number;
  /** Somebody outside asks for a token of the same client. */
  readonly kill: number;
  /** The current token comes to its end. */
  readonly due: number;
  /** Redis goes away, and comes back with its memory or without. */
  readonly down: number;
  /** A command is not answered in time, and was executed, will be, or never is. */
  readonly silence: number;
  /** A token request fails, with a token made or not. */
  readonly fail: number;
  /** A replica asks the gateway without the store; {@link ANY} for as often as it likes. */
  readonly alone: number;
}

export const ANY = 15;

export const NO_MISHAPS: Mishaps = { pause: 0, crash: 0, kill: 0, due: 0, down: 0, silence: 0, fail: 0, alone: ANY };

interface State {
  readonly store: Store;
  /** How many tokens the gateway has made. */
  readonly made: number;
  readonly isUp: boolean;
  /** The token the gateway accepts; 0 when it is none of ours. */
  readonly active: number;
  /** The newest token that was in the store since it last lost its memory. */
  readonly newest: number;
  /** Bit per token whose renewal is due. */
  readonly due: number;
  readonly left: Mishaps;
  readonly replicas: readonly Replica[];
}

export type Property = 'a' | 'b' | 'c' | 'd' | 'd, store away' | 'e' | 'f' | 'g';

interface Step {
  readonly label: () => string;
  /** `mishap`: what progress may not rely on. `return`: the store comes back. */
  readonly kind: 'step' | 'mishap' | 'return';
  readonly next: State;
  readonly broken?: Property | undefined;
}

const COLD: Readonly<Replica> = {
  alive: true,
  place: 'idle',
  token: 0,
  seen: 0,
  lease: LEASE_OK,
  held: 0,
  heldGeneration: 0,
  unpublished: 0,
  known: 0,
  rejected: 0,
  rejecting: 0,
  news: 0,
  reconcile: 0,
  reconcileToken: 0,
  reconcileGeneration: 0,
  ahead: 0,
  redo: 0,
  late: 0,
  lateToken: 0,
  lateSeen: 0,
};

const has = (mask: number, token: number): boolean => ((mask >> token) & 1) === 1;
const name = (index: number): string => 'ABC'.charAt(index);

/** Whether `peek()` hands the token out. */
const believes = (state: State, { held }: Replica): boolean => held !== 0 && !has(state.due, held);
/** `AccessTokenKeeper.accepts`. */
const accepts = (state: State, { rejected }: Replica, token: number): boolean =>
  token !== 0 && !has(rejected, token) && !has(state.due, token);

/** `AccessTokenKeeper.offer`. */
function offered(state: State, replica: Replica, token: number, generation: number, rules: Rules): Partial<Replica> {
  const isNewer = generation > replica.heldGeneration || !rules.offerComparesGeneration;
  const known = Math.max(replica.known, generation);
  if (!isNewer || !accepts(state, replica, token)) return { known };
  return { known, held: token, heldGeneration: generation, unpublished: 0 };
}

/** The end of `AccessTokenKeeper.obtain`. */
function obtained(state: State, replica: Replica, token: number, generation: number): Partial<Replica> {
  if (believes(state, replica) && replica.heldGeneration > generation) return IDLE;
  const known = Math.max(replica.known, generation);
  return { ...IDLE, known, held: token, heldGeneration: generation, unpublished: 0 };
}

/** The same for a token that was not published. */
function obtainedAlone(state: State, replica: Replica, rules: Rules): Partial<Replica> {
  const generation = rules.unpublishedKeepsGeneration ? replica.seen : 0;
  const isOutdated = rules.unpublishedKeepsGeneration && replica.heldGeneration > generation;
  if (believes(state, replica) && isOutdated) return IDLE;
  const reconcile = rules.unpublishedReconciles && state.isUp ? reconcilesAgain(replica) : {};
  return { ...IDLE, ...reconcile, held: replica.token, heldGeneration: generation, unpublished: 1 };
}

const IDLE: Partial<Replica> = { place: 'idle', token: 0, seen: 0, lease: LEASE_OK };
/** Reconciling begins; a command of it that is on its way comes first. */
const reconcilesAgain = ({ reconcile }: Replica): Partial<Replica> =>
  reconcile === 0 || reconcile === RECONCILE_READ ? { reconcile: RECONCILE_READ } : { redo: 1 };

const goesAlone = ({ known }: Replica): Partial<Replica> => ({
  ...{ place: 'await answer alone', token: 0, seen: known, lease: LEASE_OK },
});
const AGAIN: Partial<Replica> = { place: 'read', token: 0, seen: 0, lease: LEASE_OK };

/** Everything that can happen next. */
function stepsOf(state: State, rules: Rules): Step[] {
  const steps: Step[] = [];
  const { store, replicas } = state;
  const add = (
    label: () => string,
    change: Partial<State>,
    more: { kind?: Step['kind']; broken?: Property | undefined } = {},
  ): void => {
    steps.push({ label, kind: more.kind ?? 'step', broken: more.broken, next: { ...state, ...change } });
  };
  const using = (mishap: keyof Mishaps): Mishaps => ({ ...state.left, [mishap]: state.left[mishap] - 1 });
  const withReplica = (index: number, change: Partial<Replica>, list: readonly Replica[] = replicas): Replica[] =>
    list.map((replica, at) => (at === index ? { ...replica, ...change } : replica));
  const everybody = (change: (replica: Replica) => Partial<Replica>): Replica[] =>
    replicas.map((replica) => (replica.alive ? { ...replica, ...change(replica) } : replica));
  const nextToken = state.made + 1;

  const toldOf = (generation: number): Replica[] => everybody((r) => ({ news: Math.max(r.news, generation) }));

  /** Runs the publish script for replica `index` and sends its message. */
  const published = (index: number, seen: number, token: number, change: (generation: number) => Partial<Replica>) => {
    const [answer, after] = publish(store, index + 1, seen, token, rules);
    if (answer === 'outdated') return undefined;
    const { generation } = after;
    const told = rules.publishTellsOthers ? toldOf(generation) : replicas;
    const mine = change(generation);
    // Its own message tells it nothing it does not hold already.
    const isKnown = mine.heldGeneration === generation ? { news: 0 } : {};
    const broken: Property | undefined =
      token < state.newest ? 'a' : generation <= store.clock || generation <= store.generation ? 'b' : undefined;
    return {
      change: {
        store: after,
        newest: Math.max(state.newest, token),
        replicas: withReplica(index, { ...mine, ...isKnown }, told),
      },
      broken,
    };
  };

  if (store.lease !== 0 && rules.leaseExpires) {
    const owner = replicas[store.lease - 1];
    const after = { ...store, lease: 0 };
    if (owner === undefined || !LEADING.has(owner.place)) {
      const whose = store.lease;
      add(() => `the lease of ${whose === GHOST ? 'the dead' : name(whose - 1)} runs out`, { store: after });
    } else if (state.left.pause > 0) {
      const isCounted = owner.place !== 'read again' || rules.leaseCountedFromAsking;
      const paused = { lease: isCounted ? LEASE_LOST_NOTICEABLY : LEASE_LOST };
      const change = { store: after, replicas: withReplica(store.lease - 1, paused), left: using('pause') };
      add(() => `${name(store.lease - 1)} is paused beyond its lease`, change, { kind: 'mishap' });
    }
  }
  if (state.left.kill > 0 && state.active !== 0) {
    add(() => 'somebody outside kills the token', { active: 0, left: using('kill') }, { kind: 'mishap' });
  }
  const isInUse = store.token === state.active || replicas.some(({ held }) => held === state.active);
  if (state.left.due > 0 && state.active !== 0 && isInUse && !has(state.due, state.active)) {
    const due = state.due | (1 << state.active);
    add(() => `renewal of token ${state.active} is due`, { due, left: using('due') }, { kind: 'mishap' });
  }
  if (state.left.down > 0 && state.isUp) {
    const cut = everybody(() => ({
      ...{ rejecting: 0, news: 0, reconcile: 0, reconcileToken: 0, reconcileGeneration: 0 },
      ...{ ahead: 0, redo: 0, late: 0, lateToken: 0, lateSeen: 0 },
    }));
    add(() => 'the store goes away', { isUp: false, left: using('down'), replicas: cut }, { kind: 'mishap' });
  }
  if (!state.isUp) {
    const back = everybody(() => ({ reconcile: RECONCILE_READ }));
    add(() => 'the store comes back', { isUp: true, replicas: back }, { kind: 'return' });
    const lost = back.map((r) => (LEADING.has(r.place) && r.lease === LEASE_OK ? { ...r, lease: LEASE_LOST } : r));
    const empty = { ...store, generation: 0, token: 0, lease: 0 };
    add(
      () => 'the store comes back empty',
      { isUp: true, store: empty, newest: 0, replicas: lost },
      { kind: 'return' },
    );
  }

  replicas.forEach((replica, index) => {
    const me = index + 1;
    const who = name(index);
    const act = (label: () => string, change: Partial<Replica>, rest: Partial<State> = {}, broken?: Property): void =>
      add(() => `${who} ${label()}`, { ...rest, replicas: withReplica(index, change) }, { broken });

    if (!replica.alive) {
      add(() => `${who} starts again`, { replicas: withReplica(index, COLD) }, { kind: 'mishap' });
      return;
    }
    if (state.left.crash > 0) {
      const dead = withReplica(index, { ...COLD, alive: false });
      const after = store.lease === me ? { ...store, lease: GHOST } : store;
      add(() => `${who} crashes`, { replicas: dead, store: after, left: using('crash') }, { kind: 'mishap' });
    }

    // A caller finds the token refused.
    const isRefused = believes(state, replica) && replica.held !== state.active;
    const isPublished = replica.unpublished === 0;
    if (isRefused && (replica.rejecting === 0 || !isPublished)) {
      act(() => `gets a 401 for token ${replica.held}`, {
        ...{ held: 0, heldGeneration: 0, unpublished: 0, rejected: replica.rejected | (1 << replica.held) },
        rejecting: state.isUp && isPublished ? replica.heldGeneration : replica.rejecting,
      });
    }

    // What needs no store.
    if (replica.place === 'send') {
      if (replica.lease === LEASE_LOST_NOTICEABLY) act(() => 'notices that its lease is over', AGAIN);
      else act(() => 'asks the gateway', { place: 'await answer' });
    }
    if (replica.place === 'await answer' || replica.place === 'await answer alone') {
      const isAlone = replica.place === 'await answer alone';
      const isNeedless =
        !isAlone && replica.lease === LEASE_OK && state.isUp && accepts(state, replica, store.token) ? 'f' : undefined;
      const place = isAlone ? 'hold alone' : 'publish';
      act(
        () => `has token ${nextToken} made`,
        { place, token: nextToken },
        { active: nextToken, made: nextToken },
        isNeedless,
      );
      if (state.left.fail > 0) {
        const failed = withReplica(index, isAlone ? IDLE : { place: 'release, then fail' });
        const failure = { replicas: failed, left: using('fail') };
        add(() => `${who}'s token request fails`, failure, { kind: 'mishap' });
        add(() => `${who}'s token request fails with a token made`, { ...failure, active: 0 }, { kind: 'mishap' });
      }
    }
    if (replica.place === 'hold alone') {
      act(() => `holds token ${replica.token}, unpublished`, obtainedAlone(state, replica, rules));
    }

    const isReading = replica.place === 'read' || (replica.place === 'idle' && !believes(state, replica));
    if (!state.isUp) {
      const alone = rules.unreachableIsNotTheirs ? goesAlone(replica) : AGAIN;
      if (isReading || replica.place === 'acquire' || replica.place === 'read again') {
        const once = state.left.alone === ANY ? state.left : using('alone');
        if (state.left.alone > 0) act(() => 'cannot reach the store', alone, { left: once });
      }
      if (replica.place === 'publish') act(() => 'cannot publish', obtainedAlone(state, replica, rules));
      if (replica.place === 'release, then hold') {
        act(() => 'cannot release', obtained(state, replica, replica.token, replica.seen));
      }
      if (replica.place === 'release, then fail') act(() => 'cannot release', IDLE);
      return;
    }

    // A connection keeps the order of its commands.
    const isReconciling = replica.reconcile === RECONCILE_RESTORE || replica.reconcile === RECONCILE_PUBLISH;
    if (replica.rejecting !== 0 && replica.late === 0 && !isReconciling) {
      const after = reject(store, replica.rejecting, rules);
      act(() => `has generation ${replica.rejecting} rejected`, { rejecting: 0 }, { store: after });
    }
    const noLate = { late: 0, lateToken: 0, lateSeen: 0 };
    if (replica.late === LATE_ACQUIRE) {
      act(() => "'s acquire is executed late", noLate, { store: acquire(store, me, rules)[1] });
    }
    if (replica.late === LATE_PUBLISH) {
      const outcome = published(index, replica.lateSeen, replica.lateToken, () => noLate);
      if (outcome === undefined) act(() => "'s publish is refused late", noLate);
      else add(() => `${who}'s publish is executed late`, outcome.change, { broken: outcome.broken });
    }
    const next = replica.redo === 1 ? RECONCILE_READ : 0;
    const reconciled = { ...{ reconcile: next, reconcileToken: 0, reconcileGeneration: 0 }, ahead: 0, redo: 0 };
    if (replica.reconcile === RECONCILE_RESTORE) {
      const after = restore(store, replica.reconcileGeneration, replica.reconcileToken, rules);
      const broken: Property | undefined = after !== store && store.token > replica.reconcileToken ? 'a' : undefined;
      const again = after === store && rules.refusedReconcilesAgain ? { reconcile: RECONCILE_READ } : {};
      const newest = Math.max(state.newest, after.token);
      const label = `${after === store ? 'is refused restoring' : 'restores'} token ${replica.reconcileToken}`;
      const told = rules.restoreTellsOthers && after !== store ? toldOf(replica.reconcileGeneration) : replicas;
      const list = withReplica(index, { ...reconciled, ...again, news: replica.news }, told);
      add(() => `${who} ${label}`, { store: after, newest, replicas: list }, { broken });
    }
    if (replica.reconcile === RECONCILE_PUBLISH) {
      const { reconcileToken: token, reconcileGeneration: seen } = replica;
      const outcome = published(index, seen, token, (generation) => ({
        ...reconciled,
        ...offered(state, replica, token, generation, rules),
      }));
      if (outcome === undefined) {
        const again = rules.refusedReconcilesAgain ? { reconcile: RECONCILE_READ } : {};
        act(() => `is refused token ${token}, unpublished until now`, { ...reconciled, ...again });
      } else
        add(() => `${who} publishes token ${token}, unpublished until now`, outcome.change, { broken: outcome.broken });
    }
    if (replica.rejecting !== 0 || replica.late !== 0) return;

    // Reconciling's command is on its way: of what `obtain` sends, one command at most was sent before it.
    const isBlocked = isReconciling && replica.ahead === 0;
    const passing = isReconciling ? { ahead: 0 } : {};
    const afterSilence = rules.reconcilesAfterSilence ? reconcilesAgain(replica) : {};
    const silent = (what: string, change: Partial<Replica>, rest: Partial<State> = {}): void => {
      if (state.left.silence === 0) return;
      const list = withReplica(index, { ...change, ...afterSilence }, rest.replicas);
      const next = { ...rest, replicas: list, left: using('silence') };
      add(() => `${who} gets no answer, ${what}`, next, { kind: 'mishap' });
    };
    const alone = rules.unreachableIsNotTheirs ? goesAlone(replica) : AGAIN;

    if (isReading && !isBlocked) {
      if (accepts(state, replica, store.token)) {
        act(() => `finds token ${store.token}`, {
          ...obtained(state, replica, store.token, store.generation),
          ...passing,
        });
      } else {
        const known = Math.max(replica.known, store.generation);
        act(() => 'finds no token', { place: 'acquire', known, ...passing });
      }
      silent('reading', AGAIN);
      silent('reading once more', alone);
    }
    switch (isBlocked ? 'idle' : replica.place) {
      case 'acquire': {
        const [answer, after] = acquire(store, me, rules);
        if (answer === 'mine') {
          act(() => 'gets the lease', { place: 'read again', lease: LEASE_OK, ...passing }, { store: after });
          silent('acquiring, executed', AGAIN, { store: after });
          silent('acquiring once more, executed', alone, { store: after });
          silent('acquiring, executed later', { ...AGAIN, late: LATE_ACQUIRE });
          silent('acquiring once more, executed later', { ...alone, late: LATE_ACQUIRE });
        } else act(() => "finds the lease somebody's", { ...AGAIN, ...passing });
        silent('acquiring, never executed', AGAIN);
        silent('acquiring once more, never executed', alone);
        break;
      }
      case 'read again': {
        if (rules.readsAgainWithLease && accepts(state, replica, store.token)) {
          const found = { token: store.token, seen: store.generation };
          act(() => `finds token ${store.token} after all`, { place: 'release, then hold', ...found, ...passing });
        } else
          act(() => `sees generation ${store.generation}`, {
            ...{ place: 'send', seen: store.generation, known: Math.max(replica.known, store.generation) },
            ...passing,
          });
        silent('reading again', AGAIN);
        break;
      }
      case 'publish': {
        const { token, seen } = replica;
        const outcome = published(index, seen, token, (generation) => ({
          ...obtained(state, replica, token, generation),
          ...passing,
        }));
        if (outcome !== undefined) {
          add(() => `${who} publishes token ${token}`, outcome.change, { broken: outcome.broken });
          silent('publishing, executed', obtainedAlone(state, replica, rules), outcome.change);
        } else {
          const isLeader = replica.lease === LEASE_OK;
          const after = rules.outdatedFreesLease ? release(store, me, rules) : store;
          act(
            () => `is refused token ${token}`,
            { ...AGAIN, ...passing },
            { store: after },
            isLeader ? 'g' : undefined,
          );
        }
        const late = { late: LATE_PUBLISH, lateToken: token, lateSeen: seen };
        silent('publishing, executed later', { ...obtainedAlone(state, replica, rules), ...late });
        silent('publishing, never executed', obtainedAlone(state, replica, rules));
        break;
      }
      case 'release, then hold':
      case 'release, then fail': {
        const { token, seen } = replica;
        const done = replica.place === 'release, then fail' ? IDLE : obtained(state, replica, token, seen);
        act(() => 'releases', { ...done, ...passing }, { store: release(store, me, rules) });
        silent('releasing, never executed', done);
        break;
      }
      case 'idle':
      case 'read':
      case 'send':
      case 'await answer':
      case 'await answer alone':
      case 'hold alone':
        break;
    }

    if (replica.news !== 0) {
      const known = believes(state, replica) ? replica.heldGeneration : 0;
      const isNews = replica.news > known || !rules.offerComparesGeneration;
      const change = isNews ? offered(state, replica, store.token, store.generation, rules) : {};
      act(() => 'is told of a new token', { news: 0, ...change });
    }
    if (replica.reconcile === RECONCILE_READ) {
      const takes = offered(state, replica, store.token, store.generation, rules);
      const now = { ...replica, ...takes };
      const freed = rules.reconcileFreesLease && !LEADING.has(replica.place) ? release(store, me, rules) : store;
      const finding: Partial<Replica> = { ...takes, ...reconciled };
      const send = { reconcileToken: now.held, ahead: 1 };
      const isUnmoved = store.generation === now.heldGeneration || store.generation === 0;
      if (!believes(state, now)) act(() => 'reconciles', finding, { store: freed });
      else if (now.unpublished === 0) {
        const isAhead = now.heldGeneration > store.generation;
        const give = { reconcile: RECONCILE_RESTORE, reconcileGeneration: now.heldGeneration, ...send };
        act(() => 'reconciles', isAhead ? { ...finding, ...give } : finding, { store: freed });
      } else if (isUnmoved || !rules.unpublishedKeepsGeneration) {
        const give = { reconcile: RECONCILE_PUBLISH, reconcileGeneration: store.generation, ...send };
        act(() => 'reconciles', { ...finding, ...give }, { store: freed });
      } else {
        const drop = { held: 0, heldGeneration: 0, unpublished: 0 };
        act(() => `lets go of token ${now.held}`, { ...finding, ...drop }, { store: freed });
      }
    }
  });
  return steps;
}

/** Whether nothing is on its way to or in any living replica. */
const isQuiet = (state: State): boolean =>
  state.isUp &&
  state.replicas.every(
    (r) => !r.alive || (r.place === 'idle' && r.news === 0 && r.rejecting === 0 && r.reconcile === 0 && r.late === 0),
  );

/** The property this state breaks on its own. */
function brokenIn(state: State): Property | undefined {
  const living = state.replicas.filter(({ alive }) => alive);
  if (isQuiet(state)) {
    const believed = new Set(living.filter((replica) => believes(state, replica)).map(({ held }) => held));
    // Where none of them is the gateway's, each holder learns it at its next use.
    if (believed.size > 1 && believed.has(state.active)) return 'c';
  }
  const owner = state.replicas[state.store.lease - 1];
  const isIdle = owner?.place === 'idle' && owner.reconcile === 0 && owner.late === 0;
  return state.isUp && isIdle ? 'e' : undefined;
}

/** One token for all that live, in the store as at the gateway. */
function isAgreed(state: State): boolean {
  const living = state.replicas.filter(({ alive }) => alive);
  return (
    state.isUp &&
    living.length > 0 &&
    state.active !== 0 &&
    living.every((replica) => believes(state, replica) && replica.held === state.active)
  );
}

const isServed = (state: State): boolean =>
  state.replicas.some((r) => r.alive && believes(state, r) && r.held === state.active);

/** The same text for states that differ in nothing that matters: replicas' names, tokens nobody knows any more. */
function keyOf(state: State): string {
  const { store, replicas, left } = state;
  let tokens = (1 << state.active) | (1 << store.token) | (1 << state.newest);
  let generations = (1 << store.generation) | (1 << store.clock);
  for (const r of replicas) {
    tokens |= (1 << r.held) | (1 << r.token) | (1 << r.reconcileToken) | (1 << r.lateToken);
    generations |= (1 << r.heldGeneration) | (1 << r.seen) | (1 << r.rejecting) | (1 << r.news);
    generations |= (1 << r.reconcileGeneration) | (1 << r.lateSeen) | (1 << r.known);
  }
  if (state.made > 30 || store.clock > 30) throw new Error('The model counts no further than 30 tokens.');
  // 0 stands for none and keeps its place.
  tokens |= 1;
  generations |= 1;
  const token = (value: number): number => rankIn(tokens, value);
  const generation = (value: number): number => rankIn(generations, value);
  const mask = (bits: number): number => {
    let ranked = 0;
    for (let rest = bits & tokens; rest !== 0; rest &= rest - 1) ranked |= 1 << token(31 - Math.clz32(rest & -rest));
    return ranked;
  };
  // Only a token that may stay unpublished makes a difference here.
  const known = (r: Replica): number =>
    left.down + left.silence > 0 || !state.isUp || r.unpublished === 1 ? generation(r.known) : 0;
  const parts = replicas.map((r, index) =>
    String.fromCharCode(
      (r.alive ? 1 : 0) |
        (store.lease === index + 1 ? 2 : 0) |
        (r.lease << 2) |
        (r.reconcile << 4) |
        (r.late << 6) |
        (r.ahead << 8) |
        (r.unpublished << 9),
      PLACES.indexOf(r.place),
      mask(r.rejected),
      token(r.token) | (token(r.held) << 4) | (token(r.reconcileToken) << 8) | (token(r.lateToken) << 12),
      generation(r.seen) | (generation(r.heldGeneration) << 4) | (generation(r.rejecting) << 8) | (known(r) << 12),
      generation(r.news) | (generation(r.reconcileGeneration) << 4) | (generation(r.lateSeen) << 8),
    ),
  );
  return (
    String.fromCharCode(
      (state.isUp ? 1 : 0) | (store.lease === GHOST ? 2 : 0) | (left.crash << 2) | (left.kill << 4) | (left.due << 6),
      left.pause | (left.down << 2) | (left.silence << 4) | (left.fail << 6) | (left.alone << 8),
      generation(store.generation) | (generation(store.clock) << 4),
      token(state.active) | (token(store.token) << 4) | (token(state.newest) << 8),
      mask(state.due),
    ) + parts.sort().join('')
  );
}

/** How many of the numbers in a set, given as bits, are smaller than this one. */
function rankIn(set: number, value: number): number {
  let bits = set & ((1 << value) - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** The shortest way to a state that breaks a property, when there is one. */
  readonly violation: { readonly property: Property; readonly trace: readonly string[] } | undefined;
}

export interface Scenario {
  readonly replicas: number;
  readonly mishaps: Mishaps;
  /** Whether all of them hold the store's token from the start, instead of nothing. */
  readonly isWarm?: boolean;
  /** Stops after so many states, the nearest; `d` is not asked for then. */
  readonly nearest?: number;
  /** Properties not asked for. */
  readonly except?: readonly Property[];
}

const LARGEST_EXPLORATION = 3_000_000;

/** Walks through every reachable state, nearest first. Stops at the first that breaks a property. */
export function explore(rules: Rules, scenario: Scenario): Exploration {
  const { replicas, mishaps, isWarm = false, nearest = Number.POSITIVE_INFINITY, except = [] } = scenario;
  const first = isWarm ? 1 : 0;
  const replica: Replica = { ...COLD, held: first, heldGeneration: first, known: first };
  const start: State = {
    store: { generation: first, token: first, lease: 0, clock: first },
    made: first,
    isUp: true,
    active: first,
    newest: first,
    due: 0,
    left: mishaps,
    replicas: Array.from({ length: replicas }, () => replica),
  };
  const known = new Map<string, number>([[keyOf(start), 0]]);
  const keys: string[] = [keyOf(start)];
  const parents: number[] = [-1];
  const waiting: (State | undefined)[] = [start];
  const agreed: number[] = [];
  const served: number[] = [];
  const mustProgress: number[] = [];
  const away: number[] = [];
  const edges: [from: number[], to: number[]] = [[], []];
  const edgesWithoutReturn: [from: number[], to: number[]] = [[], []];
  let transitions = 0;

  const violation = (property: Property, at: number): Exploration => {
    const path: string[] = [];
    for (let index = at; index > 0; index = parents[index] ?? 0) path.unshift(keys[index] ?? '');
    return { states: keys.length, transitions, violation: { property, trace: retrace(start, path, rules) } };
  };

  for (let index = 0; index < waiting.length; index += 1) {
    const state = waiting[index];
    if (state === undefined) continue;
    waiting[index] = undefined;
    if (keys.length >= nearest) return { states: keys.length, transitions, violation: undefined };
    if (keys.length > LARGEST_EXPLORATION) throw new Error('The model has too many states to walk through.');
    if (isAgreed(state)) agreed.push(index);
    if (isServed(state)) served.push(index);
    if (state.replicas.some(({ alive }) => alive)) {
      mustProgress.push(index);
      if (!state.isUp) away.push(index);
    }
    for (const { kind, next, broken } of stepsOf(state, rules)) {
      transitions += 1;
      const key = keyOf(next);
      let to = known.get(key);
      const isNew = to === undefined;
      if (to === undefined) {
        to = keys.length;
        known.set(key, to);
        keys.push(key);
        parents.push(index);
        waiting.push(next);
      }
      const property = broken ?? (isNew ? brokenIn(next) : undefined);
      if (property !== undefined && !except.includes(property)) {
        if (!isNew) {
          keys.push(key);
          parents.push(index);
          to = keys.length - 1;
        }
        return violation(property, to);
      }
      if (kind === 'mishap') continue;
      edges[0].push(index);
      edges[1].push(to);
      if (kind === 'return') continue;
      edgesWithoutReturn[0].push(index);
      edgesWithoutReturn[1].push(to);
    }
  }

  const stuck = unableToReach(agreed, mustProgress, edges, keys.length);
  if (stuck !== undefined && !except.includes('d')) return violation('d', stuck);
  const helpless = unableToReach(served, away, edgesWithoutReturn, keys.length);
  if (helpless !== undefined && !except.includes('d, store away')) return violation('d, store away', helpless);
  return { states: keys.length, transitions, violation: undefined };
}

/** The first of `states` from which no way leads to any of `goals`. */
function unableToReach(
  goals: readonly number[],
  states: readonly number[],
  [from, to]: readonly [from: readonly number[], to: readonly number[]],
  count: number,
): number | undefined {
  const first = new Int32Array(count).fill(-1);
  const following = new Int32Array(from.length);
  to.forEach((target, edge) => {
    following[edge] = first[target] ?? -1;
    first[target] = edge;
  });
  const reaches = new Uint8Array(count);
  const queue = [...goals];
  for (const goal of goals) reaches[goal] = 1;
  for (let target = queue.pop(); target !== undefined; target = queue.pop()) {
    for (let edge = first[target] ?? -1; edge >= 0; edge = following[edge] ?? -1) {
      const source = from[edge] ?? 0;
      if (reaches[source] === 1) continue;
      reaches[source] = 1;
      queue.push(source);
    }
  }
  return states.find((state) => reaches[state] === 0);
}

/** Goes the way once more without renaming anybody, and tells it. */
function retrace(start: State, path: readonly string[], rules: Rules): string[] {
  const told: string[] = [];
  let state = start;
  for (const key of path) {
    const step = stepsOf(state, rules).find(({ next }) => keyOf(next) === key);
    if (step === undefined) throw new Error('The trace cannot be told.');
    told.push(step.label());
    state = step.next;
  }
  told.push(describeState(state));
  return told;
}

function describeState({ store, active, isUp, replicas, due }: State): string {
  const lease = store.lease === 0 ? 'nobody' : store.lease === GHOST ? 'the dead' : name(store.lease - 1);
  const who = replicas.map((r, index) => {
    const held =
      r.held === 0 ? 'nothing' : `${r.held}${has(due, r.held) ? ' (due)' : ''} of generation ${r.heldGeneration}`;
    return r.alive ? `${name(index)} (${r.place}) holds ${held}` : `${name(index)} is dead`;
  });
  const content = `generation ${store.generation}, token ${store.token || 'none'}, lease: ${lease}`;
  return `=> store${isUp ? '' : ' (away)'}: ${content}; the gateway accepts ${active || 'none of ours'}; ${who.join('; ')}`;
}
