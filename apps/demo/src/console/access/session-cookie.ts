import { type CookieOptions, type Request, type Response } from 'express';

/** Cookies know no ports: without one in its name, replicas on one machine would end each other's sessions. */
const nameOf = ({ socket }: Request): string => `console_session_${socket.localPort ?? 0}`;

export function sessionIdOf(request: Request): string | undefined {
  const start = `${nameOf(request)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length);
}

export function setSessionCookie(request: Request, response: Response, id: string): void {
  response.cookie(nameOf(request), id, attributes(request));
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(nameOf(request), attributes(request));
}

function attributes(request: Request): CookieOptions {
  // Behind a proxy that ends TLS only the browser says so.
  const isHttps = request.secure || request.headers.origin?.startsWith('https://') === true;
  return { httpOnly: true, sameSite: 'strict', secure: isHttps, path: '/' };
}
