import axios, { type AxiosInstance } from 'axios';

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

/** An axios instance for one gateway: base URL set, no redirects, nothing in its defaults that is not needed. */
export function createGatewayAxios(baseURL: string): AxiosInstance {
  const instance = axios.create({ baseURL, maxRedirects: 0 });
  for (const name of IDLE_DEFAULTS) delete instance.defaults[name];
  // axios types the maps as always there.
  const headers = instance.defaults.headers as unknown as Record<string, object | undefined>;
  for (const [method, defaults] of Object.entries(headers)) {
    if (defaults !== undefined && Object.keys(defaults).length === 0) addOnDemand(headers, method);
  }
  return instance;
}

/** `defaults.headers.post` and the like are there for whoever asks for one, and merged into requests from then on. */
function addOnDemand(headers: Record<string, object | undefined>, method: string): void {
  const become = (value: object | undefined): object | undefined => {
    Object.defineProperty(headers, method, { value, configurable: true, enumerable: true, writable: true });
    return value;
  };
  Object.defineProperty(headers, method, { configurable: true, enumerable: false, get: () => become({}), set: become });
}
