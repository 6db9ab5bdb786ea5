import { createHash } from 'node:crypto';
import { type VerifiedNotification } from './notification-scheme';

/**
 * The same for every copy of one notification, and for nothing else. A hash, because it goes into stores and logs, and a
 * signature that has no time in it is worth as much as the secret.
 *
 * @param proof what makes it this notification: a signature's bytes and not their spelling, which a sender may vary
 */
export function replayKeyOf(
  { gateway, scheme, merchant }: Pick<VerifiedNotification, 'gateway' | 'scheme' | 'merchant'>,
  ...proof: readonly (string | Uint8Array)[]
): string {
  const key = createHash('sha256').update(JSON.stringify([gateway, scheme, merchant]));
  // Digests are of one length, so no byte can move from one part to the next.
  for (const part of proof) key.update(createHash('sha256').update(part).digest());
  return key.digest('base64url');
}
