import { type HttpService } from '@nestjs/axios';
import { type AxiosRequestConfig } from 'axios';
import { confirmByQuery } from '../../core/inbound/confirm-by-query';
import { type NetzmeCallbackClaims, type UnsignedNetzmeCallback } from './unsigned-netzme-callback';

/** How Netzme is asked about a callback. */
export interface NetzmeConfirmation {
  /** The `NetzmeHttpService`, or what its `for({ merchant })` gives: it signs the query. */
  readonly http: Pick<HttpService, 'axiosRef'>;
  /**
   * The call that tells of the transaction. Which one that is Netzme's documentation does not say for every kind of payment;
   * the list of a merchant's transactions is `{ url: '/api/aggregator/merchant/qr/transaction/list', params: { userId, ... } }`.
   * @default `method` 'get'
   */
  readonly query: AxiosRequestConfig;
  /**
   * Whether Netzme's answer says what the callback claims. Compare transaction, merchant, amount and state, and the amount with
   * what the order costs, too.
   *
   * @param body `body` of the answer's envelope
   */
  readonly agrees: (body: unknown, claims: NetzmeCallbackClaims) => boolean;
}

/**
 * Asks Netzme, by a signed call, whether what an unsigned callback claims is so: the only proof there is.
 *
 * @returns `body` of Netzme's own answer, to be used in place of the callback
 * @throws {SignatureVerificationError} `not-confirmed` when Netzme says something else, or that the call failed
 * @throws whatever the call fails with. Answer the callback with a failure then: Netzme sends it again
 * @example
 * const callback = parseUnsignedNetzmeCallback({ rawBody });
 * await confirmNetzmeCallback(callback, {
 *   http: this.netzme,
 *   query: { url: '/api/aggregator/merchant/qr/transaction/list', params: { userId: 'M_QLjyEqWF', startdate, enddate, page: 1 } },
 *   agrees: (body, { transactionId }) => isPaidIn(body, transactionId, order),
 * });
 */
export async function confirmNetzmeCallback(
  { claims }: Pick<UnsignedNetzmeCallback, 'claims'>,
  { http, query, agrees }: NetzmeConfirmation,
): Promise<unknown> {
  const { body } = await confirmByQuery({
    gateway: 'netzme',
    query: async () => readEnvelope((await http.axiosRef.request<unknown>(query)).data),
    agrees: (envelope) => envelope.isSuccess && agrees(envelope.body, claims),
  });
  return body;
}

/** Business failures come with HTTP 200; `status` from 100 to 199 is success, as a number or as text. */
function readEnvelope(answer: unknown): { readonly isSuccess: boolean; readonly body: unknown } {
  const { status, body } = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    readonly status?: unknown;
    readonly body?: unknown;
  };
  return { isSuccess: /^1\d\d$/.test(String(status)), body };
}
