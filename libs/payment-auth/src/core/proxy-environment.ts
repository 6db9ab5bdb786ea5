import { type AxiosRequestConfig } from 'axios';
import { globalAgent as httpGlobalAgent } from 'node:http';
import { globalAgent as httpsGlobalAgent } from 'node:https';
import { isLoopbackHost } from './validation';

const PROXY_VARIABLE = /(?:^|_)proxy$/i;
const LOOK_AGAIN_AFTER_MS = 1_000;

let lookedAt = Number.NEGATIVE_INFINITY;
let hasProxyVariable = false;

/**
 * Whether a request goes to its host with no proxy between, so that `proxy: false` is to be set.
 *
 * - To a loopback host, always: the only one that plain http is accepted for, because nobody sits between. A proxy would read
 *   the credentials, and its loopback is another machine's.
 * - To others, when no proxy can apply. axios reads half a dozen environment variables for every request to find out, which
 *   takes longer than signing it; ours are read once a second.
 *
 * What is left is https, and axios opens a tunnel for that (CONNECT, since 1.16.1, hence our peer range): a proxy sees the host
 * and no more. Before, it sent the request in clear to the proxy.
 */
export function isDirect(
  { proxy, httpAgent, httpsAgent }: Pick<AxiosRequestConfig, 'proxy' | 'httpAgent' | 'httpsAgent'>,
  hostname: string,
): boolean {
  if (isLoopbackHost(hostname)) return true;
  return (
    proxy === undefined &&
    !isProxyInEnvironment() &&
    !hasProxyOfItsOwn(httpAgent ?? httpGlobalAgent) &&
    !hasProxyOfItsOwn(httpsAgent ?? httpsGlobalAgent)
  );
}

function isProxyInEnvironment(): boolean {
  const now = performance.now();
  if (now - lookedAt >= LOOK_AGAIN_AFTER_MS) {
    lookedAt = now;
    hasProxyVariable = Object.keys(process.env).some((name) => PROXY_VARIABLE.test(name));
  }
  return hasProxyVariable;
}

/** An agent of newer Node versions can bring proxies along. */
function hasProxyOfItsOwn(agent: unknown): boolean {
  return (agent as { options?: { proxyEnv?: unknown } }).options?.proxyEnv !== undefined;
}
