import { type SecretSource } from 'nestjs-payment-auth';
import { readFile } from 'node:fs/promises';

/**
 * A secret that lies in a file, read when the library asks for it: at start, every few minutes, on SIGHUP, and when a gateway
 * refuses it. The first line is the secret in use; a second one, while it changes, is accepted as well.
 */
export const secretFile =
  (path: string): SecretSource =>
  async () => {
    const [current = '', next = ''] = (await readFile(path, 'utf8')).split(/\r?\n/);
    return next === '' ? current : { current, next };
  };
