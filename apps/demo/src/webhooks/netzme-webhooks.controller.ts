import { HttpCode, HttpException, HttpStatus, Inject, Post, type RawBodyRequest, Req } from '@nestjs/common';
import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { type Request } from 'express';
import {
  type JsonObject,
  type NetzmeSnapCallback,
  type NetzmeTokenCallback,
  NotificationEvent,
  NotificationReplays,
  parseUnsignedNetzmeCallback,
  SignatureVerificationError,
  type UnsignedNetzmeCallback,
  VerifiedNotification,
  type VerifiedNotificationEvent,
} from 'nestjs-payment-auth';
import { createHash } from 'node:crypto';
import { NetzmeConfirmations } from './netzme-confirmations';
import { NETZME_MERCHANTS } from './netzme-merchants';
import { QueryBudget } from './query-budget';
import { WebhookLog } from './webhook-log';
import { ApiWebhook, UnsignedWebhookController, WebhookController } from './webhook.decorators';
import { WebhookRefusalBody } from './webhook.dto';

/** What Netzme takes for "received", as the library answers copies. */
const SNAP_RECEIVED = { responseCode: '2000000', responseMessage: 'Successful' } as const;
const SNAP_ANSWER = '`responseCode` 2000000.';

@WebhookController('netzme')
export class SnapV1Controller {
  constructor(
    private readonly log: WebhookLog,
    @Inject(NETZME_MERCHANTS) private readonly merchants: readonly string[] | undefined,
  ) {}

  @Post('snap-v1')
  @VerifiedNotification('netzme', 'snap-v1')
  @ApiWebhook({
    tells: 'An invoice or a QR code was paid (SNAP, first version)',
    proof: 'A static token, x-callback-token; nothing is signed.',
    answer: SNAP_ANSWER,
  })
  snapV1(@NotificationEvent() event: NetzmeTokenCallback): object {
    // The body is what its sender says, and has at least to make sense here. SNAP's own queries would tell; the demo has the
    // legacy API only.
    requireOurs(event.payload, this.merchants);
    this.log.handled(event);
    return SNAP_RECEIVED;
  }
}

@WebhookController('netzme')
export class SnapV2Controller {
  constructor(private readonly log: WebhookLog) {}

  @Post('snap-v2')
  @VerifiedNotification('netzme', 'snap-v2')
  @ApiWebhook({
    tells: 'A QR code was paid (SNAP, second version)',
    proof: 'RSA-SHA256 of method, path, body and time, X-SIGNATURE and X-TIMESTAMP.',
    answer: SNAP_ANSWER,
  })
  snapV2(@NotificationEvent() event: NetzmeSnapCallback): object {
    this.log.handled(event);
    return SNAP_RECEIVED;
  }
}

const UNSIGNED_SOURCE = { gateway: 'netzme', scheme: 'merchant-callback' } as const;

/** The legacy callback has no proof in it. It is a hint to ask Netzme, and only Netzme's answer is believed. */
@UnsignedWebhookController('netzme')
export class NetzmeMerchantCallbackController {
  private readonly budget = new QueryBudget();

  constructor(
    private readonly log: WebhookLog,
    private readonly confirmations: NetzmeConfirmations,
    private readonly replays: NotificationReplays,
    @Inject(NETZME_MERCHANTS) private readonly merchants: readonly string[] | undefined,
  ) {}

  @Post('merchant-callback')
  @HttpCode(HttpStatus.OK)
  @ApiTooManyRequestsResponse({ type: WebhookRefusalBody, description: 'More than Netzme is asked about in a minute.' })
  @ApiWebhook({
    tells: 'An invoice or a QR code was paid (legacy merchant API)',
    proof: 'None: Netzme is asked, and 403 answered when it says otherwise.',
    answer: 'What the page wants repeated.',
  })
  async merchantCallback(@Req() request: RawBodyRequest<Request>): Promise<unknown> {
    try {
      const callback = parseUnsignedNetzmeCallback({ rawBody: request.rawBody ?? Buffer.alloc(0) });
      await this.confirm(callback);
      const event = confirmedEvent(callback);
      const answer = await this.replays.handleOnce(onceADay(callback), event, () => {
        this.log.handled(event, { confirmed: true });
        return Promise.resolve(callback.acknowledgement);
      });
      this.log.unsignedArrived(UNSIGNED_SOURCE);
      this.log.answered(event, { reference: callback.claims.transactionId, state: callback.claims.status });
      return answer;
    } catch (error) {
      this.log.unsignedArrived(UNSIGNED_SOURCE, refusalOf(error));
      throw error;
    }
  }

  private async confirm(callback: UnsignedNetzmeCallback): Promise<void> {
    if (this.merchants?.includes(callback.claims.merchant) === false) throw notOurs();
    if (!this.budget.take()) throw unconfirmable('too-many');
    try {
      await this.confirmations.confirm(callback);
    } catch (error) {
      // How Netzme failed us is no matter of whoever sent this.
      throw error instanceof SignatureVerificationError ? error : unconfirmable('query-failed');
    }
  }
}

/** @throws {SignatureVerificationError} for a body that is no callback, or is somebody else's */
function requireOurs(payload: JsonObject, merchants: readonly string[] | undefined): void {
  const { latestTransactionStatus, additionalInfo } = payload;
  if (typeof latestTransactionStatus !== 'string') {
    throw new SignatureVerificationError('malformed-body', 'netzme', 'latestTransactionStatus is missing.');
  }
  const { custIdMerchant } = (additionalInfo ?? {}) as { readonly custIdMerchant?: unknown };
  if (merchants?.some((merchant) => merchant === custIdMerchant) === false) throw notOurs();
}

function notOurs(): SignatureVerificationError {
  return new SignatureVerificationError(
    'unknown-merchant',
    'netzme',
    'It names a merchant that is not configured here.',
  );
}

/** Netzme sends it again, three times. */
function unconfirmable(reason: 'too-many' | 'query-failed'): HttpException {
  const statusCode = reason === 'too-many' ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.SERVICE_UNAVAILABLE;
  const message = 'It could not be confirmed now.';
  return new HttpException({ statusCode, code: 'ERR_WEBHOOK_UNCONFIRMED', reason, message }, statusCode);
}

function refusalOf(error: unknown): string {
  if (error instanceof SignatureVerificationError) return error.reason;
  return error instanceof HttpException ? ((error.getResponse() as { reason?: string }).reason ?? 'error') : 'error';
}

const onceADay = ({ acknowledgement }: UnsignedNetzmeCallback) =>
  ({ onReplay: 'acknowledge', replayWindowMs: 86_400_000, acknowledgement }) as const;

/** As the library's events are; only now, for what Netzme has said itself. */
function confirmedEvent({ claims, payload }: UnsignedNetzmeCallback): VerifiedNotificationEvent {
  const { transactionId, status, merchant } = claims;
  return {
    ...UNSIGNED_SOURCE,
    merchant: 'default',
    payload,
    signed: {},
    unsigned: ['everything: what is known of it, Netzme was asked for'],
    algorithm: 'query',
    secretIndex: 0,
    replayKey: createHash('sha256')
      .update(JSON.stringify([transactionId, status, merchant]))
      .digest('base64url'),
  };
}
