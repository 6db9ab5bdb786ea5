import { createClient } from '@redis/client';

export type RedisClient = ReturnType<typeof openRedisClient>;

const CONNECT_TIMEOUT_MS = 2_000;
const LONGEST_RECONNECT_PAUSE_MS = 500;
/** Commands of a Redis that hangs pile up no further than this. */
const LONGEST_QUEUE = 1_000;

/** Told once each time, not at every attempt to connect. */
export interface RedisListener {
  readonly away: () => void;
  readonly back: () => void;
}

/**
 * Connects in the background: a Redis that is away keeps the demo neither from starting nor from answering. It tries again for
 * as long as the demo runs.
 */
export function openRedisClient(url: string, listener?: RedisListener) {
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
  client.on('error', () => {
    if (!isTold) listener?.away();
    isTold = true;
  });
  client.on('ready', () => {
    if (isTold) listener?.back();
    isTold = false;
  });
  client.connect().catch(() => undefined);
  return client;
}

/** Never waits for Redis: with the server gone, a polite goodbye would hang. */
export function closeRedisClient(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}
