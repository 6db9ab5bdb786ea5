import { Injectable } from '@nestjs/common';
import { type AccessTokenStatus, AlignetNonceService, NetzmeAccessTokenService } from 'nestjs-payment-auth';
import { type Gateway } from '../contract';
import { ResolvedMerchantsReader } from '../overview/resolved-merchants';
import { type Replica } from './replica-store';

type ReplicaToken = Replica['tokens'][number];

/** A generation, how many requests this process had sent when it came or the last one failed, and whether it was ours. */
interface Seen {
  readonly generation: number;
  readonly requests: number;
  readonly isOurs: boolean;
}

/** Which tokens this process uses, and which of them it was that asked for. */
@Injectable()
export class ReplicaTokens {
  private readonly seen = new Map<Gateway, Seen>();

  constructor(
    private readonly merchants: ResolvedMerchantsReader,
    private readonly alignet: AlignetNonceService,
    private readonly netzme: NetzmeAccessTokenService,
  ) {}

  look(): ReplicaToken[] {
    return [
      ...(this.merchants.alignet() ? [this.token('alignet', this.alignet.accessTokenStatus())] : []),
      ...(this.merchants.netzme() ? [this.token('netzme', this.netzme.accessTokenStatus())] : []),
    ];
  }

  private token(gateway: Gateway, status: AccessTokenStatus): ReplicaToken {
    const { generation, expiresAt } = status;
    const { isOurs } = this.see(gateway, status);
    return {
      gateway,
      ...(generation > 0 && { generation }),
      holdsLease: generation > 0 && isOurs,
      ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    };
  }

  private see(gateway: Gateway, status: AccessTokenStatus): Seen {
    const before = this.seen.get(gateway) ?? { generation: 0, requests: 0, isOurs: false };
    const seen = seenAfter(before, status);
    this.seen.set(gateway, seen);
    return seen;
  }
}

/**
 * A lease lasts as long as one token request: who has sent one since the generation before had it. A request counts from its
 * start, and the generation changes at its end; whoever looks in between learns nothing yet.
 */
function seenAfter(before: Seen, { state, generation, requests }: AccessTokenStatus): Seen {
  // Requests that failed brought nobody a token.
  if (state === 'failing') return { ...before, requests };
  if (generation === 0 || generation === before.generation) return before;
  return { generation, requests, isOurs: requests > before.requests };
}
