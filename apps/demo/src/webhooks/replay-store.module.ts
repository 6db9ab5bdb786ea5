import { Inject, Logger, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { createClient } from '@redis/client';
import { RedisReplayStore, type ReplayStore } from 'nestjs-payment-auth';
import { EnvironmentVariables } from '../config/environment';

/** Where several replicas remember which notifications were handled; `undefined` without `REDIS_URL`: each for itself. */
export const REPLAY_STORE = Symbol('REPLAY_STORE');

const CLIENT = Symbol('REPLAY_STORE_CLIENT');
type Client = ReturnType<typeof openClient>;

const CONNECT_TIMEOUT_MS = 2_000;
const LONGEST_RECONNECT_PAUSE_MS = 500;
/** Commands of a Redis that hangs pile up no further than this. */
const LONGEST_QUEUE = 1_000;

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
      useFactory: (client: Client | undefined): ReplayStore | undefined => client && new RedisReplayStore(client),
    },
  ],
  exports: [REPLAY_STORE],
})
export class ReplayStoreModule implements OnApplicationShutdown {
  constructor(@Optional() @Inject(CLIENT) private readonly client: Client | undefined) {}

  /** Never waits for Redis: with the server gone, a polite goodbye would hang. */
  onApplicationShutdown(): void {
    if (this.client?.isOpen === true) this.client.destroy();
  }
}

/** Connects in the background: a Redis that is away keeps the demo neither from starting nor from answering. */
function openClient(url: string) {
  const logger = new Logger('Webhooks');
  let isTold = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: LONGEST_QUEUE,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries: number) => Math.min(50 * (retries + 1), LONGEST_RECONNECT_PAUSE_MS),
    },
  });
  // It tries again for as long as the demo runs; that it does is told once.
  client.on('error', () => {
    if (!isTold) logger.warn('Redis is away: copies of a notification may be handled once by every replica');
    isTold = true;
  });
  client.on('ready', () => {
    if (isTold) logger.log('Redis is back');
    isTold = false;
  });
  client.connect().catch(() => undefined);
  return client;
}
