import { isIP } from 'node:net';

/** Whether a host name or address, as configured or as in a URL, can only mean this machine. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** The name in a `Host` header, without its port. */
export const nameOfHost = (header: string): string => header.replace(/:\d*$/, '');
