import { type CookieOptions, type Request, type Response } from 'express';

const NAME = 'console_session';

export function sessionIdOf(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

export function setSessionCookie(request: Request, response: Response, id: string): void {
  response.cookie(NAME, id, attributes(request));
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(NAME, attributes(request));
}

function attributes(request: Request): CookieOptions {
  // Behind a proxy that ends TLS only the browser says so.
  const isHttps = request.secure || request.headers.origin?.startsWith('https://') === true;
  return { httpOnly: true, sameSite: 'strict', secure: isHttps, path: '/console/api' };
}
