import { randomBytes } from 'node:crypto';

export interface NetzmeToken {
  readonly clientId: string;
  readonly value: string;
  expiresAt: number;
}

export type NetzmeTokenCheck =
  | { readonly state: 'valid'; readonly clientId: string }
  | { readonly state: 'replaced' | 'expired'; readonly clientId: string }
  | { readonly state: 'unknown' };

/** Earlier tokens remembered per client, so that a refusal can say that the token was one of them. */
const REMEMBERED = 16;

/** The one active token of each client: asking for a new one ends the one before. */
export class NetzmeTokens {
  private readonly current = new Map<string, NetzmeToken>();
  private readonly earlier = new Map<string, string[]>();

  issue(clientId: string, lifetimeSeconds: number, now: number): NetzmeToken {
    const token = { clientId, value: randomBytes(32).toString('hex'), expiresAt: now + lifetimeSeconds * 1000 };
    const ended = this.current.get(clientId);
    if (ended) this.earlier.set(clientId, [...this.earlierOf(clientId), ended.value].slice(-REMEMBERED));
    this.current.set(clientId, token);
    return token;
  }

  check(value: string, now: number): NetzmeTokenCheck {
    for (const token of this.current.values()) {
      if (token.value === value)
        return { state: now >= token.expiresAt ? 'expired' : 'valid', clientId: token.clientId };
    }
    for (const [clientId, values] of this.earlier) if (values.includes(value)) return { state: 'replaced', clientId };
    return { state: 'unknown' };
  }

  earlierOf(clientId: string): readonly string[] {
    return this.earlier.get(clientId) ?? [];
  }

  /** Ends the current token by time; tells whether there was one. */
  expire(clientId: string, now: number): boolean {
    const token = this.current.get(clientId);
    if (token) token.expiresAt = Math.min(token.expiresAt, now);
    return token !== undefined;
  }

  /** When each client's current token expires. */
  describe(): Record<string, { expiresAt: number }> {
    return Object.fromEntries([...this.current].map(([clientId, { expiresAt }]) => [clientId, { expiresAt }]));
  }

  reset(): void {
    this.current.clear();
    this.earlier.clear();
  }
}
