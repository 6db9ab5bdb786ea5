import { isObject, type JsonObject } from '../core/json';
import { parseSeed } from './seed';

/** Members at fault, by path, each with its messages: the form of the documented `errors` map. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

const EARLIEST_EXPIRATION_MS = 5 * 60_000;
const LONGEST_EMAIL = 80;

class Findings {
  readonly errors: Record<string, string[]> = {};

  expect(fits: boolean, field: string, problem: string): void {
    if (!fits) (this.errors[field] ??= []).push(`The ${field} ${problem}.`);
  }

  text(holder: JsonObject, name: string, longest: number, path = name): void {
    const value = holder[name];
    const fits = typeof value === 'string' && value !== '' && value.length <= longest;
    this.expect(fits, path, `must be a text of 1 to ${longest} characters`);
  }

  amount(value: unknown, path: string): void {
    const amount = isObject(value) ? value : {};
    this.expect(/^[A-Z]{3}$/.test(String(amount['currency'])), `${path}.currency`, 'must be three capital letters');
    const { total } = amount;
    const number = typeof total === 'string' && /^\d+(\.\d+)?$/.test(total) ? Number(total) : total;
    this.expect(
      typeof number === 'number' && Number.isFinite(number) && number >= 0,
      `${path}.total`,
      'must be a number',
    );
  }
}

/** What the OpenAPI file requires of `POST /api/session`. Unknown members are no error: the API grows by them. */
export function sessionErrors(body: JsonObject, now: number): FieldErrors {
  const found = new Findings();
  found.text(body, 'ipAddress', 46);
  found.text(body, 'userAgent', 255);
  found.text(body, 'returnUrl', 255);
  found.expect(typeof body['returnUrl'] !== 'string' || URL.canParse(body['returnUrl']), 'returnUrl', 'must be a URL');
  const { payment, subscription, autopay, expiration, payer } = body;
  const kinds = [payment, subscription, autopay].filter((kind) => kind !== undefined && kind !== null);
  found.expect(kinds.length > 0, 'payment', 'is required, unless subscription or autopay is present');
  if (isObject(payment)) {
    found.text(payment, 'reference', 32, 'payment.reference');
    found.amount(payment['amount'], 'payment.amount');
  }
  if (isObject(subscription)) found.text(subscription, 'reference', 32, 'subscription.reference');
  if (expiration !== undefined && expiration !== null) {
    const instant = typeof expiration === 'string' && expiration.length <= 35 ? parseSeed(expiration) : undefined;
    const early = typeof instant === 'number' && instant < now + EARLIEST_EXPIRATION_MS;
    found.expect(typeof instant === 'number' && !early, 'expiration', 'must be a date at least 5 minutes ahead');
  }
  if (isObject(payer) && typeof payer['email'] === 'string') {
    found.expect(payer['email'].length <= LONGEST_EMAIL, 'payer.email', `must not exceed ${LONGEST_EMAIL} characters`);
  }
  return found.errors;
}

/** What the OpenAPI file requires of `POST /api/payment-link`. */
export function linkErrors(body: JsonObject, now: number): FieldErrors {
  const found = new Findings();
  found.text(body, 'name', 255);
  found.text(body, 'reference', 255);
  found.text(body, 'description', 1000);
  const expiresAt = parseLinkDate(body['expirationDate']);
  found.expect(expiresAt !== undefined, 'expirationDate', 'must look like 2026-12-31 23:59:59');
  found.expect(expiresAt === undefined || expiresAt > now, 'expirationDate', 'must be in the future');
  const { paymentExpiration, payment, recipients } = body;
  const minutes = Number(paymentExpiration);
  found.expect(Number.isInteger(minutes) && minutes > 0, 'paymentExpiration', 'must be a whole number of minutes');
  found.amount(isObject(payment) ? payment['amount'] : undefined, 'payment.amount');
  if (recipients !== undefined) {
    found.expect(Array.isArray(recipients) && recipients.length <= 20, 'recipients', 'must be a list of at most 20');
  }
  return found.errors;
}

/** The docs give this date no zone; read here as Colombian time, the zone of every other date. */
export function parseLinkDate(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value)) return undefined;
  const instant = parseSeed(`${value}-05:00`);
  return typeof instant === 'number' ? instant : undefined;
}
