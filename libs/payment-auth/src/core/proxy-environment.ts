import { type InternalAxiosRequestConfig } from 'axios';
import { globalAgent as httpGlobalAgent } from 'node:http';
import { globalAgent as httpsGlobalAgent } from 'node:https';

const PROXY_VARIABLE = /(?:^|_)proxy$/i;
const LOOK_AGAIN_AFTER_MS = 1_000;

let lookedAt = Number.NEGATIVE_INFINITY;
let hasProxyVariable = false;

/**
 * Whether no proxy can apply to a request, so that axios need not look for one. axios reads half a dozen environment
 * variables for every request, which takes longer than signing it; ours are read once a second.
 */
export function isDirect({ proxy, httpAgent, httpsAgent }: InternalAxiosRequestConfig): boolean {
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
