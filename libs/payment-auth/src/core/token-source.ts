import { type AccessToken, type IssuedAccessToken } from './access-token';

/** A token as a source found or obtained it. */
export interface ObtainedToken {
  readonly token: AccessToken;
  /** Its whole life, in milliseconds. */
  readonly lifetimeMs: number;
  /** What is left of it from now, in milliseconds. */
  readonly remainingMs: number;
  /**
   * Grows with every token of a client; 0 where nobody counts. Of a token that was not published: the newest generation known
   * when it was asked for.
   */
  readonly generation: number;
  /** False for a token that other replicas should know of and do not, because the store was gone. */
  readonly isPublished: boolean;
}

/** What a keeper lets its source do. */
export interface ObtainContext {
  /** Whether a token found somewhere is worth more than a new one. */
  accepts(found: ObtainedToken): boolean;
  /** Asks the gateway, with the deadline of the policy. Counted. */
  request(): Promise<IssuedAccessToken>;
  /** Waits for this process's requests in flight, with a short bound. Nothing to wait for where tokens live side by side. */
  drain(): Promise<void>;
  /** Whether a new token ends the one before, so that requests in flight have to be waited for. */
  readonly endsPrevious: boolean;
}

/** Where a keeper gets its tokens from: a store, another replica, the gateway. */
export interface TokenSource {
  obtain(context: ObtainContext): Promise<ObtainedToken>;
  /** The gateway no longer accepts this token. */
  rejected(token: ObtainedToken): void;
}
