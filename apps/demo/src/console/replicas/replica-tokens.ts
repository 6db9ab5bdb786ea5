import { Injectable } from '@nestjs/common';
import { type AccessTokenStatus, AlignetNonceService, NetzmeAccessTokenService } from 'nestjs-payment-auth';
import { type Gateway } from '../contract';
import { ResolvedMerchantsReader } from '../overview/resolved-merchants';
import { type Replica } from './replica-store';

type ReplicaToken = Replica['tokens'][number];

/** Which tokens this process uses, and which of them it was that asked for. */
@Injectable()
export class ReplicaTokens {
  private readonly seen = new Map<Gateway, { generation: number; requests: number; isOurs: boolean }>();

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

  private token(gateway: Gateway, { generation, requests, expiresAt }: AccessTokenStatus): ReplicaToken {
    const before = this.seen.get(gateway) ?? { generation: 0, requests: 0, isOurs: false };
    // A lease lasts as long as one token request. Who sent one when the generation changed had it.
    const isOurs = generation === before.generation ? before.isOurs : requests > before.requests;
    this.seen.set(gateway, { generation, requests, isOurs });
    return {
      gateway,
      ...(generation > 0 && { generation }),
      holdsLease: generation > 0 && isOurs,
      ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
    };
  }
}
