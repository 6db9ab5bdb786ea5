import { EventEmitter } from 'node:events';
import { type RedisClientLike } from '../../libs/payment-auth/src/core/sharing/token-sharing';

export type StoreCall = 'read' | 'acquire' | 'release' | 'publish' | 'restore' | 'reject' | 'tell';

/** What a script is for, by what only it does. What they do in truth is judged on a real Redis (`redis-token-state.spec.ts`). */
const MARKS: readonly (readonly [mark: string, call: StoreCall])[] = [
  ["and redis.call('HGET'", 'read'],
  ["'PX'", 'acquire'],
  ['math.max', 'publish'],
  ['>= tonumber', 'restore'],
  ['HDEL', 'reject'],
  ['holder() ==', 'release'],
];

interface Entry {
  generation: number;
  sealed: string | undefined;
  lease: string | undefined;
}

/**
 * A Redis whose behaviour a test decides upon call by call: for what a real one does too rarely or too slowly to wait for. It
 * knows the library's scripts and nothing else.
 */
export class MemoryRedis {
  /** Everything asked of it, in order, whether answered or not. */
  readonly calls: StoreCall[] = [];
  /** The lease asked for last, in milliseconds. */
  leaseMs: number | undefined;
  /** The token written last, as it lies in the store. */
  sealed: string | undefined;
  /** What becomes of a call; answered where it says nothing. */
  behave: (call: StoreCall) => 'silent' | 'refuses' | Error | undefined = () => undefined;
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Map<string, Set<(message: string) => void>>();

  /** A client of one replica: connected, or still to be. */
  client(state: { isOpen?: boolean; isReady?: boolean } = {}): MemoryRedisClient {
    return new MemoryRedisClient(this, state);
  }

  /** What is stored, as if one token were all there is. */
  get entry(): Entry {
    const [entry, ...others] = this.entries.values();
    if (entry === undefined || others.length > 0) throw new Error(`${this.entries.size} tokens in the store`);
    return entry;
  }

  get channels(): string[] {
    return [...this.listeners.keys()];
  }

  forgetEverything(): void {
    this.entries.clear();
  }

  /** To everybody who listens. @returns how many did */
  say(channel: string, message: string): number {
    const listeners = [...(this.listeners.get(channel) ?? [])];
    for (const listener of listeners) listener(message);
    return listeners.length;
  }

  /** As {@link say}, but heard after the answer to the call that said it: messages come on another connection. */
  tell(channel: string, message: string): number {
    setImmediate(() => this.say(channel, message));
    return this.listeners.get(channel)?.size ?? 0;
  }

  /** @returns a function that ends it */
  listen(channel: string, listener: (message: string) => void): () => void {
    const listeners = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  callOf(script: string): StoreCall {
    const [, call] = MARKS.find(([mark]) => script.includes(mark)) ?? [];
    if (call === undefined) throw new Error(`an unknown script: ${script}`);
    return call;
  }

  answer(call: StoreCall, act: () => unknown): Promise<unknown> {
    this.calls.push(call);
    const behaviour = this.behave(call);
    if (behaviour === 'silent') return new Promise(() => undefined);
    if (behaviour === 'refuses') return Promise.resolve(0);
    return behaviour === undefined ? Promise.resolve(act()) : Promise.reject(behaviour);
  }

  run(call: StoreCall, place: string, args: readonly string[]): unknown {
    const entry = this.entries.get(place) ?? { generation: 0, sealed: undefined, lease: undefined };
    this.entries.set(place, entry);
    const [first = '', second = '', third = '', , channel = ''] = args;
    const isTheirs = entry.lease !== undefined && entry.lease !== first;
    switch (call) {
      case 'read':
        return [entry.generation === 0 ? null : String(entry.generation), entry.sealed ?? null];
      case 'acquire':
        if (isTheirs) return 0;
        entry.lease = first;
        this.leaseMs = Number(second);
        return 1;
      case 'release':
        if (entry.lease !== first) return 0;
        entry.lease = undefined;
        return 1;
      case 'publish':
        if (isTheirs || entry.generation !== Number(second)) return 0;
        entry.lease = undefined;
        return String(this.put(entry, entry.generation + 1, third, channel));
      case 'restore':
        if (entry.lease !== undefined || entry.generation >= Number(first)) return 0;
        this.put(entry, Number(first), second, args[3] ?? '');
        return 1;
      case 'reject':
        if (entry.generation === Number(first)) entry.sealed = undefined;
        return 1;
      case 'tell':
        throw new Error('is no script');
    }
  }

  private put(entry: Entry, generation: number, sealed: string, channel: string): number {
    Object.assign(entry, { generation, sealed });
    this.sealed = sealed;
    this.tell(channel, JSON.stringify({ type: 'renewed', generation }));
    return generation;
  }
}

export class MemoryRedisClient extends EventEmitter implements RedisClientLike {
  isOpen: boolean;
  isReady: boolean;
  connects = 0;
  destroys = 0;
  /** What `connect` comes to, for a client that is not open. */
  connecting: Promise<unknown> = Promise.resolve();
  /** The connection that subscribes. */
  subscriber: MemoryRedisClient | undefined;
  private readonly subscriptions: (() => void)[] = [];

  constructor(
    private readonly redis: MemoryRedis,
    { isOpen = true, isReady = true }: { isOpen?: boolean; isReady?: boolean },
  ) {
    super();
    this.isOpen = isOpen;
    this.isReady = isReady;
  }

  connect(): Promise<unknown> {
    this.connects += 1;
    return this.connecting;
  }

  destroy(): void {
    this.destroys += 1;
    for (const end of this.subscriptions.splice(0)) end();
  }

  duplicate(): MemoryRedisClient {
    this.subscriber = new MemoryRedisClient(this.redis, { isOpen: false, isReady: false });
    return this.subscriber;
  }

  subscribe(channel: string, listener: (message: string) => void): Promise<unknown> {
    this.subscriptions.push(this.redis.listen(channel, listener));
    return Promise.resolve();
  }

  /** The subscription is lost, and with it the messages until {@link subscribe}. */
  unsubscribe(): void {
    for (const end of this.subscriptions.splice(0)) end();
  }

  eval(script: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }): Promise<unknown> {
    const call = this.redis.callOf(script);
    return this.redis.answer(call, () => this.redis.run(call, keys[0] ?? '', args));
  }

  publish(channel: string, message: string): Promise<number> {
    return this.redis.answer('tell', () => this.redis.tell(channel, message)) as Promise<number>;
  }
}
