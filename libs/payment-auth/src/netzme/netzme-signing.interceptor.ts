import { Inject, Injectable } from '@nestjs/common';
import {
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosRequestHeaders,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
  isAxiosError,
} from 'axios';
import { Readable } from 'node:stream';
import { type AccessToken } from '../core/access-token';
import { type AccessTokenKeeper } from '../core/access-token-keeper';
import { wrapAdapter } from '../core/adapter-wrapper';
import { Attachments } from '../core/attachments';
import { type Clock } from '../core/clock';
import { UnsignableRequestError } from '../core/errors';
import { finalHeaders } from '../core/final-headers';
import { type MerchantSelection } from '../core/merchants';
import { type WireUrl } from '../core/plain-wire-url';
import { removeRepeatedProofs } from '../core/repeated-proofs';
import { RequestDeadline } from '../core/request-deadline';
import { type FinalRequest, sendFinal } from '../core/send-final';
import { PAYMENT_AUTH_CLOCK } from '../core/tokens';
import { bodyInMemory, isBytes, readWireBody, resolveWireUrl } from '../core/wire-request';
import { escapeNonAscii, minifyJson } from './minify-json';
import { NetzmeAccessTokenService } from './netzme-access-token.service';
import { signNetzmeRequest } from './netzme-signature';
import { CLIENT_ID_HEADER, JSON_CONTENT_TYPE, REQUEST_TIME_HEADER, SIGNATURE_HEADER } from './netzme.constants';
import { type ResolvedNetzmeMerchant } from './resolve-netzme-options';

/** Every header that is ours, whatever the caller or an earlier try has under these names. */
const OUR_HEADERS: ReadonlySet<string> = new Set(
  ['Authorization', REQUEST_TIME_HEADER, SIGNATURE_HEADER, CLIENT_ID_HEADER, 'Content-Type'].map((name) =>
    name.toLowerCase(),
  ),
);

/** Signed and sent from the same values. */
interface BuiltRequest extends Omit<FinalRequest, 'isProduction'> {
  readonly contentType: string;
  readonly isReplayable: boolean;
}

/** A request of the caller's on its way, perhaps for the second time. */
interface SignedCall {
  readonly merchant: ResolvedNetzmeMerchant;
  readonly keeper: AccessTokenKeeper;
  readonly request: BuiltRequest;
  readonly config: InternalAxiosRequestConfig;
  readonly send: AxiosAdapter;
  readonly deadline: RequestDeadline;
}

/**
 * An outgoing axios interceptor (not a Nest interceptor) that signs every request of an axios instance for Netzme:
 * `Authorization`, `Request-Time`, `Signature`, `Client-Id`.
 *
 * It signs in the adapter, where the final URL and body bytes are known, so that what is signed is what is sent whatever
 * the body, params, serializer, later interceptors or adapter. A 401 drops the token if it is still the current one, and
 * the request is signed anew and replayed once, unless its body was a stream. Redirects are not followed.
 */
@Injectable()
export class NetzmeSigningInterceptor {
  private readonly attachments = new Attachments<ResolvedNetzmeMerchant>('netzme');

  constructor(
    private readonly accessTokens: NetzmeAccessTokenService,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Signs every request of `instance` from now on, for one merchant. Attaching again changes nothing. Attach before other
   * request interceptors: axios runs the last registered first, so that ours sees what they did.
   *
   * Text, bytes and requests without a body get `Content-Type: application/json` where none is set: Netzme asks for it,
   * on GET too. Insignificant whitespace in JSON is removed before signing and sending.
   *
   * @returns a function that detaches it again
   * @throws {PaymentAuthConfigError} when Netzme or the merchant is not configured, or the instance signs for another one
   *
   * Requests fail with {@link UnsignableRequestError} (another origin, `config.auth`, no URL, body too large), with
   * {@link AccessTokenError} when no token can be had, with {@link GatewayTransportError} on a redirect, and otherwise with
   * the axios error the caller would get without us, minus the signed request. axios's `timeout` covers all of it: the wait
   * for a token, the request and its replay.
   */
  attach(instance: AxiosInstance, selection: MerchantSelection = {}): () => void {
    const merchant = this.accessTokens.merchant(selection);
    return this.attachments.attach(instance, merchant, () => {
      const keeper = this.accessTokens.keeper(merchant);
      const { origin } = new URL(merchant.baseUrl);
      return wrapAdapter(
        instance,
        'netzme',
        (config, send) => this.sendSigned(merchant, keeper, origin, config, send),
        defaultToJson,
      );
    });
  }

  private async sendSigned(
    merchant: ResolvedNetzmeMerchant,
    keeper: AccessTokenKeeper,
    origin: string,
    config: InternalAxiosRequestConfig,
    send: AxiosAdapter,
  ): Promise<AxiosResponse> {
    const deadline = new RequestDeadline(config, this.clock);
    const url = targetOf(config, origin);
    const body = bodyInMemory(config.data);
    // Nothing is awaited that is at hand: at many requests a second, every await counts.
    const request = buildRequest(
      merchant,
      url,
      config,
      body === undefined ? await readBody(config, deadline) : { body },
    );
    const call: SignedCall = { merchant, keeper, request, config, send, deadline };
    const accessToken = keeper.peek() ?? (await deadline.wait((signal) => keeper.get(signal)));
    const first = await this.dispatch(call, accessToken);
    if (first.status !== 401) return first.settle();
    const isRejected = keeper.reject(accessToken.value);
    // Kept, the token would be refused for this request once more.
    if (!request.isReplayable || keeper.peek()?.value === accessToken.value) return first.settle();
    first.discard();
    const renewed = keeper.peek() ?? (await deadline.wait((signal) => keeper.get(signal)));
    const second = await this.dispatch(call, renewed);
    if (isRejected && second.status === 401) keeper.excuseRejection();
    return second.settle();
  }

  private async dispatch(call: SignedCall, accessToken: AccessToken): Promise<Outcome> {
    const { merchant, keeper, request, config, send } = call;
    const { method, url, body } = request;
    const timeoutMs = call.deadline.remainingMs();
    const target = url.pathname + url.search;
    const { unsignedPathPrefix: prefix } = merchant;
    const isProduction = merchant.environment === 'production';
    const signed = signNetzmeRequest({
      clientId: merchant.clientId,
      clientSecret: merchant.clientSecret.reveal(),
      accessToken: accessToken.value,
      method,
      path: prefix !== '' && target.startsWith(`${prefix}/`) ? target.slice(prefix.length) : target,
      requestTime: String(this.clock.now()),
      body,
    });
    const end = keeper.begin();
    try {
      const headers = finalHeaders(request.headers, { 'Content-Type': request.contentType, ...signed }, OUR_HEADERS);
      // Member by member: spreading `request` takes several times longer than signing it.
      const final = { method, url, body, headers, timeoutMs, isProduction };
      return new Outcome(await sendFinal('netzme', config, send, final));
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      removeRepeatedProofs(error, [accessToken.value, signed.Signature, ...merchant.clientSecret.accepted()]);
      if (error.response !== undefined) return new Outcome(error.response, error);
      throw error;
    } finally {
      end();
    }
  }
}

/** An answer, and how axios would have settled with it by `validateStatus`. */
class Outcome {
  readonly status: number;

  constructor(
    private readonly response: AxiosResponse,
    private readonly error?: Error,
  ) {
    this.status = response.status;
  }

  settle(): AxiosResponse {
    if (this.error !== undefined) throw this.error;
    return this.response;
  }

  /** A streamed answer that nobody will read would keep its socket busy. */
  discard(): void {
    const { data } = this.response as { data: unknown };
    if (data instanceof Readable) data.destroy();
  }
}

function targetOf(config: InternalAxiosRequestConfig, origin: string): WireUrl {
  if (config.auth !== undefined) {
    throw new UnsignableRequestError('config.auth would replace the Authorization header that was signed.', {
      reason: 'auth-option',
      gateway: 'netzme',
      hint: 'Leave `auth` out of requests to Netzme; the access token is added for you.',
    });
  }
  const url = resolveWireUrl(config, 'netzme');
  if (url.origin !== origin) {
    throw new UnsignableRequestError(`A request to ${url.host} was not signed: Netzme is configured at ${origin}.`, {
      reason: 'foreign-origin',
      gateway: 'netzme',
      hint: 'Use another axios instance for other hosts, or set netzme.baseUrl.',
    });
  }
  return url;
}

interface ReadBody {
  readonly body: Buffer;
  readonly contentType?: string | undefined;
  readonly isReplayable?: boolean;
}

function buildRequest(
  merchant: ResolvedNetzmeMerchant,
  url: WireUrl,
  config: InternalAxiosRequestConfig,
  { body: raw, contentType, isReplayable = true }: ReadBody,
): BuiltRequest {
  const stated = contentType ?? config.headers.getContentType();
  const type = typeof stated === 'string' ? stated : JSON_CONTENT_TYPE;
  const body = isJsonType(type) ? normalizeJson(raw, merchant) : raw;
  const method = (config.method ?? 'get').toUpperCase();
  return { method, url, body, headers: config.headers, contentType: type, isReplayable };
}

async function readBody(config: InternalAxiosRequestConfig, deadline: RequestDeadline): Promise<ReadBody> {
  const read = await deadline.reading(readWireBody(config, 'netzme'));
  if (!read.isReplayable) {
    // Should the caller retry by hand, with `axios(error.config)`: the stream is spent, its bytes are not.
    config.data = read.body;
    if (read.contentType !== undefined) config.headers.setContentType(read.contentType);
  }
  return read;
}

function isJsonType(contentType: string): boolean {
  return /[/+]json\b/i.test(contentType);
}

function normalizeJson(body: Buffer, merchant: ResolvedNetzmeMerchant): Buffer {
  const minified = minifyJson(body);
  return merchant.escapeNonAscii ? escapeNonAscii(minified) : minified;
}

/** A transform may have made text of an object, which axios would take for a form. */
function defaultToJson(data: unknown, headers: AxiosRequestHeaders): void {
  const isTextOrBytes = data === undefined || data === null || typeof data === 'string' || isBytes(data);
  if (isTextOrBytes && !headers.hasContentType()) headers.setContentType(JSON_CONTENT_TYPE);
}
