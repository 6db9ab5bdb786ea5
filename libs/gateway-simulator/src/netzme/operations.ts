import { type NetzmeAccount } from '../accounts';
import { type Answer, type Exchange, type RefusalReason } from '../core/exchange';
import { isObject, type JsonObject, parseJsonObject } from '../core/json';
import { type NetzmeSettings } from '../settings';
import { envelope, type EnvelopeContent } from './envelope';
import { type NetzmeTransactions } from './transactions';

/** How many a page has is not said. */
const PAGE_SIZE = 20;

const SUCCESS = { status: 100, statusMessage: 'success' } as const;

/** The business calls of the legacy merchant API that are simulated, after the signature was found right. */
export function performOperation(
  exchange: Exchange,
  account: NetzmeAccount,
  settings: NetzmeSettings,
  paid: NetzmeTransactions,
): Answer {
  const query = new URLSearchParams(exchange.query);
  const answer = (content: EnvelopeContent) => {
    const failed = content.status < 100 || content.status > 199;
    return envelope(200, content, settings, exchange.now, failed ? reasonOf(content) : undefined);
  };
  switch (`${exchange.method} ${exchange.path}`) {
    case 'GET /api/aggregator/merchant/qr/balance/detail':
      return answer(balance(query, account));
    case 'GET /api/aggregator/merchant/qr/transaction/list':
      return answer(transactions(query, account, paid));
    case 'POST /api/aggregator/merchant/qr/withdraw/inquiry':
      return answer(withdrawInquiry(parseJsonObject(exchange.body), account));
    default:
      return answer({ status: 404, statusMessage: 'unknown operation' });
  }
}

/** Whether the client may ask about this merchant. */
export function hasMerchant({ userId, otherUserIds = [] }: NetzmeAccount, asked: unknown): asked is string {
  return asked === userId || otherUserIds.some((other) => other === asked);
}

function balance(query: URLSearchParams, account: NetzmeAccount): EnvelopeContent {
  const type = 'balance_detail';
  const userId = query.get('userId');
  if (!hasMerchant(account, userId)) return { type, ...INVALID_MERCHANT };
  return { type, ...SUCCESS, body: { userId, balance: account.balance, currency: 'IDR' } };
}

function transactions(query: URLSearchParams, account: NetzmeAccount, paid: NetzmeTransactions): EnvelopeContent {
  const type = 'transaction_list';
  const userId = query.get('userId');
  if (!hasMerchant(account, userId)) return { type, ...INVALID_MERCHANT };
  const [from, to] = [query.get('startdate'), query.get('enddate')];
  if (!isDate(from) || !isDate(to)) return { type, ...GENERIC_ERROR };
  const page = Number(query.get('page') ?? '1');
  if (!Number.isInteger(page) || page < 0) return { type, ...GENERIC_ERROR };
  const found = paid.list(userId, from, to);
  const first = Math.max(0, page - 1) * PAGE_SIZE;
  const list = { userId, startdate: from, enddate: to, page, total: found.length };
  return { type, ...SUCCESS, body: { ...list, transactions: found.slice(first, first + PAGE_SIZE) } };
}

function withdrawInquiry(request: JsonObject | undefined, account: NetzmeAccount): EnvelopeContent {
  const { requestId, type, body } = request ?? {};
  const head = { requestId, type };
  if (typeof requestId !== 'string' || requestId === '' || !isObject(body)) return { ...head, ...GENERIC_ERROR };
  const { userId } = body;
  if (!hasMerchant(account, userId)) return { ...head, ...INVALID_MERCHANT };
  const amount = body['amount'] ?? '0';
  const rupiah = typeof amount === 'string' && /^\d+(\.\d{1,2})?$/.test(amount) ? Number(amount) : amount;
  if (typeof rupiah !== 'number' || !Number.isFinite(rupiah) || rupiah < 0) return { ...head, ...GENERIC_ERROR };
  if (rupiah > Number(account.balance)) return { ...head, status: 303, statusMessage: 'not_enough_balance' };
  return { ...head, ...SUCCESS, body: { userId, amount, fee: '0.00', currency: 'IDR' } };
}

const INVALID_MERCHANT = { status: 302, statusMessage: 'invalid_merchant' } as const;
const GENERIC_ERROR = { status: 203, statusMessage: 'generic_error' } as const;

function reasonOf({ status, statusMessage }: EnvelopeContent): RefusalReason {
  const message = `The signature is right; the operation answered ${status} ${statusMessage}.`;
  return { code: statusMessage.replaceAll(' ', '-'), input: 'request', message };
}

function isDate(value: string | null): value is string {
  return value !== null && /^\d{4}-\d{2}-\d{2}$/.test(value);
}
