import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios';
import { type RequestLimits } from './request-limits';

/**
 * Defaults that only a browser reads, and some that say what axios does without them as well. axios merges each of them
 * into every request.
 */
const IDLE_DEFAULTS = [
  'xsrfCookieName',
  'xsrfHeaderName',
  'env',
  'transitional',
  'timeout',
  'maxContentLength',
  'maxBodyLength',
] as const;

/** Kept here and not in the defaults, for the same reason. */
const limitsOf = new WeakMap<AxiosInstance, RequestLimits>();

/** An axios instance for one gateway: base URL set, no redirects, nothing in its defaults that is not needed. */
export function createGatewayAxios(baseURL: string, limits: RequestLimits): AxiosInstance {
  const instance = axios.create({ baseURL, maxRedirects: 0 });
  for (const name of IDLE_DEFAULTS) delete instance.defaults[name];
  // axios types the maps as always there.
  const headers = instance.defaults.headers as unknown as Record<string, object | undefined>;
  for (const [method, defaults] of Object.entries(headers)) {
    if (defaults !== undefined && Object.keys(defaults).length === 0) addOnDemand(headers, method);
  }
  limitsOf.set(instance, limits);
  return instance;
}

/** What puts the limits of an instance of ours into requests that state none; `undefined` for an instance of the caller's. */
export function requestLimiter(instance: AxiosInstance): ((config: InternalAxiosRequestConfig) => void) | undefined {
  const limits = limitsOf.get(instance);
  return (
    limits &&
    ((config) => {
      config.timeout ??= limits.timeout;
      config.maxContentLength ??= limits.maxContentLength;
    })
  );
}

/** `defaults.headers.post` and the like are there for whoever asks for one, and merged into requests from then on. */
function addOnDemand(headers: Record<string, object | undefined>, method: string): void {
  const become = (value: object | undefined): object | undefined => {
    Object.defineProperty(headers, method, { value, configurable: true, enumerable: true, writable: true });
    return value;
  };
  Object.defineProperty(headers, method, { configurable: true, enumerable: false, get: () => become({}), set: become });
}
