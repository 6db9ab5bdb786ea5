import { type AccessToken, type IssuedAccessToken } from './access-token';

/** A token as a source found or obtained it. */
export interface ObtainedToken {
  readonly token: AccessToken;
  /** Its whole life, in milliseconds. */
  readonly lifetimeMs: number;
  /** What is left of it from now, in milliseconds. */
  readonly remainingMs: number;
  /** Grows with every token of a client; 0 where nobody counts. */
  readonly generation: number;
}

/** What a keeper lets its source do. */
export interface ObtainContext {
  /** Whether a token found somewhere is worth more than a new one. */
  accepts(found: ObtainedToken): boolean;
  /** Asks the gateway, with the deadline of the policy. Counted. */
  request(): Promise<IssuedAccessToken>;
  /** Waits for this process's requests in flight, with a short bound. Nothing to wait for where tokens live side by side. */
  drain(): Promise<void>;
  /** Generation of the token that is to be replaced, 0 where there is none. */
  readonly replaces: number;
}

/** Where a keeper gets its tokens from: a store, another replica, the gateway. */
export interface TokenSource {
  obtain(context: ObtainContext): Promise<ObtainedToken>;
  /** The gateway no longer accepts this token. */
  rejected(token: AccessToken, generation: number): void;
}
