import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type AccessTokenStatus,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  PaymentAuthModule,
  type TokenSharingOptions,
  type TokenSharingStatus,
} from 'nestjs-payment-auth';
import { AccessTokenRegistry } from '../../libs/payment-auth/src/core/access-token-registry';
import { Load, type LoadPlan, type LoadReport } from './load';
import { serve } from './rpc';

export interface ReplicaOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userId: string;
  readonly baseUrl: string;
  /** Deadline of a token call. */
  readonly timeoutMs: number;
  readonly replicas: number;
  /** Left out: one cache and one single flight a process, which is what others do. */
  readonly tokenSharing:
    Pick<TokenSharingOptions, 'redisUrl' | 'keyPrefix' | 'encryptionKeys' | 'leaseMs' | 'drainMs'> | undefined;
}

export interface ReplicaStatus extends AccessTokenStatus {
  readonly sharing: TokenSharingStatus | undefined;
}

/** One replica of a merchant's backend: a Nest application with the library, under load. */
export interface ReplicaHandlers {
  open: (options: ReplicaOptions) => Promise<void>;
  start: (plan: LoadPlan) => void;
  burst: (plan: { count: number; concurrency: number }) => Promise<void>;
  mark: (at: number) => void;
  status: () => ReplicaStatus;
  stop: () => Promise<LoadReport>;
  /** Milliseconds it took. */
  close: () => Promise<number>;
}

let replica: { app: INestApplicationContext; load: Load } | undefined;

function current(): { app: INestApplicationContext; load: Load } {
  if (replica === undefined) throw new Error('the application is not open');
  return replica;
}

async function open(options: ReplicaOptions): Promise<void> {
  const { clientId, clientSecret, userId, baseUrl, timeoutMs, replicas, tokenSharing } = options;
  const root = PaymentAuthModule.forRoot({
    netzme: { environment: 'sandbox', clientId, clientSecret, baseUrl, timeoutMs },
    ...(tokenSharing && { tokenSharing, replicas }),
  });
  const logger = process.env['REPLICAS_LOG'] === '1' ? undefined : (false as const);
  const app = await NestFactory.createApplicationContext(root, {
    abortOnError: false,
    ...(logger === false && { logger }),
  });
  const { axiosRef } = app.get(NetzmeHttpService);
  axiosRef.defaults.timeout = 10_000;
  const path = `/api/aggregator/merchant/qr/balance/detail?userId=${userId}`;
  replica = { app, load: new Load(axiosRef, path) };
}

async function close(): Promise<number> {
  const startedAt = performance.now();
  await replica?.app.close();
  replica = undefined;
  return performance.now() - startedAt;
}

serve<ReplicaHandlers>({
  open,
  start: (plan) => current().load.start(plan),
  burst: (plan) => current().load.burst(plan),
  mark: (at) => current().load.mark(at),
  status: () => ({
    ...current().app.get(NetzmeAccessTokenService).accessTokenStatus(),
    sharing: current().app.get(AccessTokenRegistry).sharingStatus(),
  }),
  stop: () => current().load.stop(),
  close,
});
