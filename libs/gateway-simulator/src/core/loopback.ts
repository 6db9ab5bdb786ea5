import { isIP } from 'node:net';

/** Whether a host name or address, as written in a URL or given to `listen`, can only mean this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** The host of a `Host` header, without its port. */
export function hostOfHeader(header: string): string {
  return header.replace(/:\d*$/, '');
}

export function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}
