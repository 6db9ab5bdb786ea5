import { Inject, Logger, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { RedisReplayStore, type ReplayStore } from 'nestjs-payment-auth';
import { EnvironmentVariables } from '../config/environment';
import { closeRedisClient, openRedisClient, type RedisClient } from '../redis-client';

/** Where several replicas remember which notifications were handled; `undefined` without `REDIS_URL`: each for itself. */
export const REPLAY_STORE = Symbol('REPLAY_STORE');

const CLIENT = Symbol('REPLAY_STORE_CLIENT');

@Module({
  providers: [
    {
      provide: CLIENT,
      inject: [EnvironmentVariables],
      useFactory: ({ REDIS_URL }: EnvironmentVariables) =>
        REDIS_URL === undefined ? undefined : openClient(REDIS_URL),
    },
    {
      provide: REPLAY_STORE,
      inject: [{ token: CLIENT, optional: true }],
      useFactory: (client: RedisClient | undefined): ReplayStore | undefined => client && new RedisReplayStore(client),
    },
  ],
  exports: [REPLAY_STORE],
})
export class ReplayStoreModule implements OnApplicationShutdown {
  constructor(@Optional() @Inject(CLIENT) private readonly client: RedisClient | undefined) {}

  onApplicationShutdown(): void {
    if (this.client !== undefined) closeRedisClient(this.client);
  }
}

function openClient(url: string): RedisClient {
  const logger = new Logger('Webhooks');
  return openRedisClient(url, {
    away: () => logger.warn('Redis is away: copies of a notification may be handled once by every replica'),
    back: () => logger.log('Redis is back'),
  });
}
