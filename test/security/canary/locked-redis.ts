import { createClient } from '@redis/client';
import { SECRETS } from './canaries';
import { redisUrl } from './options';

/** Gives a Redis that has none the canary for a password. */
export async function lockRedis(port: number): Promise<void> {
  const client = createClient({ url: `redis://127.0.0.1:${port}` });
  await client.connect();
  await client.configSet('requirepass', SECRETS.redis);
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
