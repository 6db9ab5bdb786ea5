import { type Answer, jsonAnswer, type RefusalReason } from '../core/exchange';
import { type NetzmeSettings } from '../settings';

export interface EnvelopeContent {
  readonly requestId?: unknown;
  readonly type?: unknown;
  /** 100 to 199 is success. */
  readonly status: number;
  readonly statusMessage: string;
  readonly body?: unknown;
}

/** The answer to a business call. Business failures come with HTTP 200. */
export function envelope(
  httpStatus: number,
  content: EnvelopeContent,
  settings: NetzmeSettings,
  now: number,
  reason?: RefusalReason,
): Answer {
  const answer = {
    requestId: content.requestId ?? null,
    type: content.type ?? null,
    status: settings.statusAs === 'string' ? String(content.status) : content.status,
    statusMessage: content.statusMessage,
    ts: new Date(now).toISOString(),
    body: content.body ?? null,
  };
  return jsonAnswer(httpStatus, answer, reason);
}
