import { closeRedisClient, openRedisClient, type RedisClient } from '../../redis-client';
import { type Replicas } from '../contract';

export type Replica = Replicas['replicas'][number];

/** As token sharing's keys begin. */
const PREFIX = 'payment-auth:console:';
const INDEX = `${PREFIX}replicas`;
const keyOf = (id: string): string => `${PREFIX}replica:${id}`;

/** How long a process is told of after its last word. */
const KEPT_MS = 60_000;
const LIMIT_MS = 500;

/** Where replicas tell of each other: a hash for each, which ends by itself, and a list of them. */
export class ReplicaStore {
  private readonly client: RedisClient;

  constructor(url: string) {
    // The overview says when Redis is away.
    this.client = openRedisClient(url);
  }

  async tell(replica: Replica): Promise<void> {
    const key = keyOf(replica.id);
    await inTime(
      this.client
        .multi()
        .hSet(key, { replica: JSON.stringify(replica) })
        .pExpire(key, KEPT_MS)
        .zAdd(INDEX, { score: Date.parse(replica.startedAt), value: replica.id })
        .pExpire(INDEX, KEPT_MS)
        .exec(),
    );
  }

  /** The oldest first. */
  async all(): Promise<Replica[]> {
    const ids = await inTime(this.client.zRange(INDEX, 0, -1));
    const texts = await inTime(Promise.all(ids.map((id) => this.client.hGet(keyOf(id), 'replica'))));
    const gone = ids.filter((_id, index) => typeof texts[index] !== 'string');
    if (gone.length > 0) await inTime(this.client.zRem(INDEX, gone));
    return texts.flatMap((text) => (typeof text === 'string' ? [JSON.parse(text) as Replica] : []));
  }

  async forget(id: string): Promise<void> {
    await inTime(this.client.multi().del(keyOf(id)).zRem(INDEX, id).exec());
  }

  close(): void {
    closeRedisClient(this.client);
  }
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis does not answer')), LIMIT_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
