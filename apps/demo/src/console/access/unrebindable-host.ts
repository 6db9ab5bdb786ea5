import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Whether a page elsewhere cannot have been given that name: an address, this machine's own name, or `localhost`. */
export function isUnrebindableHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase();
}
