import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Whether a host name or address, as configured or as in a URL, can only mean this machine. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** Whether a page elsewhere cannot have been given that name: an address, this machine's own name, or `localhost`. */
export function isUnrebindableName(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase();
}

/** The name in a `Host` header, without its port. */
export const nameOfHost = (header: string): string => header.replace(/:\d*$/, '');
