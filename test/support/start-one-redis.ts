import { RedisProcess, SHARED_PORT } from '../replicas/redis-server';
import { findBinary, isSkipped, REDIS } from './needed-program';

/** Jest's `globalSetup`: one Redis for all test files, where there is one on this machine. Ends with `stop-one-redis.ts`. */
export default async function startOneRedis(): Promise<void> {
  if (isSkipped(REDIS) || findBinary(REDIS) === undefined) return;
  const server = await RedisProcess.start();
  process.env[SHARED_PORT] = String(server.port);
  Object.assign(globalThis, { oneRedis: server });
}
