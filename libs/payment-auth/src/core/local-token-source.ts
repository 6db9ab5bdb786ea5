import { type AccessTokenStore } from './access-token-store';
import { type Clock } from './clock';
import { type StoredAccessToken } from './stored-access-token';
import { type ObtainContext, type ObtainedToken, type TokenSource } from './token-source';

/** One process on its own: the users' cache first, then the gateway. */
export class LocalTokenSource implements TokenSource {
  private storeWrites: Promise<void> = Promise.resolve();
  private latest: string | undefined;

  constructor(
    private readonly key: string,
    private readonly store: Pick<AccessTokenStore, 'read' | 'write' | 'remove'>,
    private readonly clock: Clock,
  ) {}

  async obtain(context: ObtainContext): Promise<ObtainedToken> {
    await this.storeWrites;
    const stored = await this.store.read(this.key);
    const found = stored && this.fromStore(stored);
    if (found !== undefined && context.accepts(found)) return found;
    await context.drain();
    const { value, lifetimeMs } = await context.request();
    const obtainedAt = this.clock.now();
    const token = Object.freeze({ value, obtainedAt, expiresAt: Math.round(obtainedAt + lifetimeMs) });
    this.latest = value;
    this.inStoreOrder(() =>
      this.latest === value ? this.store.write(this.key, { ...token, lifetimeMs }) : Promise.resolve(),
    );
    return { token, lifetimeMs, remainingMs: lifetimeMs, generation: 0, isPublished: true };
  }

  rejected({ token: { value } }: ObtainedToken): void {
    if (this.latest === value) this.latest = undefined;
    this.inStoreOrder(() => this.store.remove(this.key, value));
  }

  private fromStore({ value, obtainedAt, expiresAt, lifetimeMs }: StoredAccessToken): ObtainedToken {
    // The writer's wall clock may differ from ours: never believe in more than the whole lifetime.
    const remainingMs = Math.min(expiresAt - this.clock.now(), lifetimeMs);
    return {
      token: Object.freeze({ value, obtainedAt, expiresAt }),
      lifetimeMs,
      remainingMs,
      generation: 0,
      isPublished: true,
    };
  }

  /** One store call after the other, so that an older token's write never lands on a newer one's. */
  private inStoreOrder(call: () => Promise<void>): void {
    this.storeWrites = this.storeWrites.then(call);
  }
}
