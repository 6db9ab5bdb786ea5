import { createClient } from '@redis/client';
import { SECRETS } from './canaries';
import { REDIS_USER, redisUrl } from './options';

/** Gives a Redis a user whose password is the canary. The others who use it keep their own. */
export async function lockRedis(port: number): Promise<void> {
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  await client.connect();
  await client.aclSetUser(REDIS_USER, ['reset', 'on', `>${SECRETS.redis}`, '~*', '&*', '+@all']);
  client.destroy();
}

/** Names and values of everything in it. */
export async function redisContents(port: number): Promise<string[]> {
  const client = createClient({ url: redisUrl(port) });
  await client.connect();
  const contents: string[] = [];
  for (const name of await client.keys('*')) {
    const isHash = (await client.type(name)) === 'hash';
    contents.push(name, JSON.stringify(isHash ? await client.hGetAll(name) : await client.get(name)));
  }
  client.destroy();
  return contents;
}
