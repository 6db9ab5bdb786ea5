import { check } from '../validation';
import { RsaPublicKey } from './rsa-public-key';

/**
 * One public key or several, in any form that {@link RsaPublicKey.read} reads. Several are all accepted: the current and the
 * next while a gateway rotates.
 *
 * @param allowsWeak whether the block that holds the keys allows short ones
 */
export function IsPublicKeys<Block extends object>(
  allowsWeak: (block: Partial<Block>) => boolean = () => false,
): PropertyDecorator {
  return check('isPublicKeys', (value, block: Partial<Block> = {}) => {
    const keys: readonly unknown[] = Array.isArray(value) ? value : [];
    if (keys.length === 0) return 'must be an array of one public key or several';
    const options = { allowWeak: allowsWeak(block) };
    const problems = keys.map((key) => problemOf(key, options));
    const index = problems.findIndex((problem) => problem !== undefined);
    return index === -1 ? undefined : `key ${index + 1} of ${keys.length} ${problems[index]}`;
  });
}

/** The keys of an option that {@link IsPublicKeys} has checked. */
export function readPublicKeys(texts: readonly string[], options?: { readonly allowWeak?: boolean }): RsaPublicKey[] {
  return texts.map((text) => RsaPublicKey.read(text, options)).filter((key) => key instanceof RsaPublicKey);
}

function problemOf(key: unknown, options: { readonly allowWeak: boolean }): string | undefined {
  if (typeof key !== 'string') return 'is no text';
  const read = RsaPublicKey.read(key, options);
  return read instanceof RsaPublicKey ? undefined : read.problem;
}
