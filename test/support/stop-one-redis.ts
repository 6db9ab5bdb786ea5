/** Jest's `globalTeardown`. */
export default async function stopOneRedis(): Promise<void> {
  const { oneRedis } = globalThis as { oneRedis?: { stop(): Promise<void> } };
  await oneRedis?.stop();
}
