import { createRequire } from 'node:module';
import { type Clock } from '../clock';
import { PaymentAuthConfigError } from '../errors';
import { type ResolvedTokenSharing } from './resolve-token-sharing';
import { type RedisClientLike, TokenSharing } from './token-sharing';

/** Reconnects at least this often, so that replicas agree again within two seconds of Redis's return. */
const LONGEST_RECONNECT_PAUSE_MS = 500;
const CONNECT_TIMEOUT_MS = 2_000;

/** Opens the connections in the background: a Redis that is down must not keep an application from starting. */
export function openTokenSharing(settings: ResolvedTokenSharing, clock: Clock): TokenSharing {
  const { connection } = settings;
  return 'client' in connection
    ? new TokenSharing(connection.client, false, settings, clock)
    : new TokenSharing(createClient(connection.redisUrl), true, settings, clock);
}

function createClient(url: string): RedisClientLike {
  return loadRedis().createClient({
    url,
    // A call while disconnected fails at once instead of waiting for ever.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries: number) => Math.min(50 * (retries + 1), LONGEST_RECONNECT_PAUSE_MS),
    },
  });
}

interface RedisModule {
  createClient(options: object): RedisClientLike;
}

/** Loaded on demand: only who shares tokens needs the package. */
function loadRedis(): RedisModule {
  try {
    return createRequire(__filename)('@redis/client') as RedisModule;
  } catch {
    throw new PaymentAuthConfigError([
      {
        option: 'tokenSharing.redisUrl',
        problem: 'needs the package @redis/client; install it, or pass a client of your own',
      },
    ]);
  }
}
