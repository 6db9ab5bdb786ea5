import axios, {
  type AxiosAdapter,
  type AxiosRequestHeaders,
  type AxiosRequestTransformer,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { type Gateway, UnsignableRequestError } from './errors';
import { requestLimiter } from './gateway-axios';
import { bufferOfView } from './wire-request';

/** What is done with a request in place of plainly sending it. `send` is the adapter that would have been used. */
export type WrappedSend = (config: InternalAxiosRequestConfig, send: AxiosAdapter) => Promise<AxiosResponse>;

/** Settles headers by a body: as the caller gave it, then as the last `transformRequest` left it. */
export type SettleHeaders = (data: unknown, headers: AxiosRequestHeaders) => void;

/** Marks our adapters, so that a retry of a request is not wrapped twice. The value says by whom. */
const WRAPPED_BY = Symbol('payment-auth.wrapped-by');

type WrappedAdapter = AxiosAdapter & { [WRAPPED_BY]?: WrappedSend };

/**
 * Puts `wrapped` around the adapter of every request of `instance`: the one place where the final URL and the final body
 * bytes are known. A request interceptor runs before axios serialises the body, and others may run after it; so ours only
 * puts a hook before the first `transformRequest`. axios calls that behind the last interceptor, with the config it is
 * about to send, and asks for the adapter afterwards.
 *
 * @param settle runs behind every interceptor, before the first transform and behind the last
 * @returns a function that takes it off again
 */
export function wrapAdapter(
  instance: AxiosInstance,
  gateway: Gateway,
  wrapped: WrappedSend,
  settle: SettleHeaders = () => undefined,
): () => void {
  const limit = requestLimiter(instance);
  const hook = hookOnce((config) => {
    limit?.(config);
    if (!isWrappedBy(config.adapter, wrapped)) config.adapter = wrap(config.adapter, instance, wrapped);
  }, settle);
  const onRequest = instance.interceptors.request.use(
    (config) => {
      config.transformRequest = hook(config.transformRequest);
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
        hint: 'An interceptor registered earlier put another config in place; attach before registering it.',
      });
    }
    return response;
  });
  return () => {
    instance.interceptors.request.eject(onRequest);
    instance.interceptors.response.eject(onResponse);
  };
}

function wrap(
  inner: InternalAxiosRequestConfig['adapter'],
  instance: AxiosInstance,
  wrapped: WrappedSend,
): WrappedAdapter {
  const adapter: WrappedAdapter = (finalConfig) => wrapped(finalConfig, resolveAdapter(inner, instance, finalConfig));
  adapter[WRAPPED_BY] = wrapped;
  return adapter;
}

type Transforms = InternalAxiosRequestConfig['transformRequest'];

/**
 * Puts `run` before the first of a request's transforms, once, and `settle` there and behind the last. Hook and transform become
 * one function, because axios goes through all headers again for each; that function is made once for each transform.
 */
function hookOnce(
  run: (config: InternalAxiosRequestConfig) => void,
  settle: SettleHeaders,
): (transforms: Transforms) => Transforms {
  const made = new WeakMap<AxiosRequestTransformer, AxiosRequestTransformer>();
  const hooks = new WeakSet<AxiosRequestTransformer>();
  const last: AxiosRequestTransformer = (data: unknown, headers) => {
    settle(data, headers);
    return data;
  };
  return (transforms) => {
    const [first = asGiven, ...others] = Array.isArray(transforms) ? transforms : [transforms];
    if (hooks.has(first)) return transforms;
    let hooked = made.get(first);
    if (hooked === undefined) {
      hooked = function (this: InternalAxiosRequestConfig, data: unknown, headers): unknown {
        // To axios `null` and `''` are no body, until a content type that we set makes JSON of them.
        const isNone = (data === null || data === '') && !headers.hasContentType();
        run(this);
        settle(data, headers);
        const transformed: unknown = first.call(this, isNone ? undefined : viewToBuffer(data), headers);
        if (isOnly(this.transformRequest)) settle(transformed, headers);
        return transformed;
      };
      made.set(first, hooked);
      hooks.add(hooked);
    }
    return others.length === 0 ? [hooked] : [hooked, ...(others as AxiosRequestTransformer[]), last];
  };
}

const isOnly = (transforms: Transforms): boolean => Array.isArray(transforms) && transforms.length === 1;

const asGiven: AxiosRequestTransformer = (data: unknown) => data;

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
