import axios, {
  type AxiosRequestTransformer,
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
 * @param prepare runs first, as a request interceptor
 * @returns a function that takes it off again
 */
export function wrapAdapter(
  instance: AxiosInstance,
  gateway: Gateway,
  wrapped: WrappedSend,
  prepare: (config: InternalAxiosRequestConfig) => void = () => undefined,
): () => void {
  const onRequest = instance.interceptors.request.use(
    (config) => {
      prepare(config);
      keepViewsAsTheyAre(config);
      if (!isWrappedBy(config.adapter, wrapped)) wrap(config, instance, wrapped);
      return config;
    },
    undefined,
    // Spares axios a promise for every interceptor.
    { synchronous: true },
  );
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
  const { transformRequest } = instance.defaults;
  const withViews = withViewsAsTheyAre(transformRequest);
  instance.defaults.transformRequest = withViews;
  return () => {
    instance.interceptors.request.eject(onRequest);
    instance.interceptors.response.eject(onResponse);
    if (instance.defaults.transformRequest === withViews) instance.defaults.transformRequest = transformRequest ?? [];
  };
}

function wrap(config: InternalAxiosRequestConfig, instance: AxiosInstance, wrapped: WrappedSend): void {
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

function withViewsAsTheyAre(transforms: InternalAxiosRequestConfig['transformRequest']): AxiosRequestTransformer[] {
  return [viewToBuffer, ...[transforms ?? []].flat()];
}

/** A request may bring transforms of its own in place of the instance's. */
function keepViewsAsTheyAre(config: InternalAxiosRequestConfig): void {
  const { transformRequest } = config;
  if (Array.isArray(transformRequest) && transformRequest[0] === viewToBuffer) return;
  config.transformRequest = withViewsAsTheyAre(transformRequest);
}
