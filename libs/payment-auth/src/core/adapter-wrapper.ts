import axios, {
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { type Gateway, UnsignableRequestError } from './errors';
import { bufferOfView } from './wire-request';

/** What is done with a request in place of plainly sending it. `send` is the adapter that would have been used. */
export type WrappedSend = (config: InternalAxiosRequestConfig, send: AxiosAdapter) => Promise<AxiosResponse>;

/** Marks our adapters, so that a retry of a request is not wrapped twice. The value says by whom. */
const WRAPPED_BY = Symbol('payment-auth.wrapped-by');

type WrappedAdapter = AxiosAdapter & { [WRAPPED_BY]?: WrappedSend };

/**
 * Puts `wrapped` around the adapter of every request of `instance`: the one place where the final URL and the final body
 * bytes are known. A request interceptor runs before axios serialises the body, and others may run after it.
 *
 * Returns a function that takes it off again.
 */
export function wrapAdapter(instance: AxiosInstance, gateway: Gateway, wrapped: WrappedSend): () => void {
  const onRequest = instance.interceptors.request.use((config) => {
    keepViewsAsTheyAre(config);
    if (isWrappedBy(config.adapter, wrapped)) return config;
    let inner = config.adapter;
    const adapter: WrappedAdapter = (finalConfig) => wrapped(finalConfig, resolveAdapter(inner, instance, finalConfig));
    adapter[WRAPPED_BY] = wrapped;
    // Interceptors registered before ours run after it; one that sets `config.adapter` sets the one we wrap.
    Object.defineProperty(config, 'adapter', {
      configurable: true,
      enumerable: true,
      get: () => adapter,
      set: (replacement: typeof inner) => {
        if (replacement !== adapter) inner = replacement;
      },
    });
    return config;
  });
  const onResponse = instance.interceptors.response.use((response) => {
    if (!isWrappedBy(response.config.adapter, wrapped)) {
      throw new UnsignableRequestError(`A request to ${gateway} left without authentication.`, {
        reason: 'adapter-replaced',
        gateway,
        hint: 'An interceptor registered earlier put another config with its own adapter in place; attach before registering it.',
      });
    }
    return response;
  });
  return () => {
    instance.interceptors.request.eject(onRequest);
    instance.interceptors.response.eject(onResponse);
  };
}

function isWrappedBy(adapter: unknown, wrapped: WrappedSend): boolean {
  return typeof adapter === 'function' && (adapter as WrappedAdapter)[WRAPPED_BY] === wrapped;
}

function resolveAdapter(
  adapter: InternalAxiosRequestConfig['adapter'],
  instance: AxiosInstance,
  config: InternalAxiosRequestConfig,
): AxiosAdapter {
  const chosen = adapter ?? instance.defaults.adapter;
  return typeof chosen === 'function'
    ? chosen
    : (axios.getAdapter as (adapters: unknown, config: unknown) => AxiosAdapter)(chosen, config);
}

/** axios sends the whole buffer beneath a typed array view; the caller meant the view. */
function viewToBuffer(data: unknown): unknown {
  return ArrayBuffer.isView(data) && !Buffer.isBuffer(data) ? bufferOfView(data) : data;
}

function keepViewsAsTheyAre(config: InternalAxiosRequestConfig): void {
  const transforms = [config.transformRequest ?? []].flat();
  if (!transforms.includes(viewToBuffer)) config.transformRequest = [viewToBuffer, ...transforms];
}
