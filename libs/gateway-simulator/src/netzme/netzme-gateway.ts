import { type NetzmeAccount } from '../accounts';
import { sameBytes } from '../core/compare';
import { type Answer, type Exchange, type Gateway, jsonAnswer, type RefusalReason } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { hasJsonContentType, parseJsonObject } from '../core/json';
import { type NetzmeSettings } from '../settings';
import { envelope } from './envelope';
import { hasMerchant, performOperation } from './operations';
import { NetzmeTokens } from './tokens';
import { type NetzmeTransaction, NetzmeTransactions } from './transactions';
import { verifyRequest } from './verify-request';

const MERCHANT_TOKEN_PATH = '/oauth/merchant/accesstoken';
const CONSUMER_TOKEN_PATH = '/oauth/token/accesstoken';
const OPERATIONS = ['token', 'business'] as const;

export interface NetzmeGatewayParts {
  readonly accounts: readonly NetzmeAccount[];
  readonly settings: () => NetzmeSettings;
  readonly now: () => number;
}

/** Netzme, the legacy merchant and consumer APIs: one active token per client, every business call signed. */
export class NetzmeGateway implements Gateway {
  readonly name = 'netzme';
  readonly operations = OPERATIONS;
  private readonly tokens = new NetzmeTokens();
  private readonly transactions = new NetzmeTransactions();
  private tokensIssued = 0;

  constructor(private readonly parts: NetzmeGatewayParts) {}

  identify(_method: string, path: string): string {
    return path === MERCHANT_TOKEN_PATH || path === CONSUMER_TOKEN_PATH ? 'token' : 'business';
  }

  handle(operation: string, exchange: Exchange): Answer {
    return operation === 'token' ? this.answerToken(exchange) : this.answerBusiness(exchange);
  }

  failure(operation: string, status: number, exchange: Exchange): Answer {
    if (operation === 'token') return jsonAnswer(status, { status: status === 401 ? 'UNAUTHORIZED' : 'ERROR' });
    const content =
      status === 401 ? { status: 401, statusMessage: 'unauthorized' } : { status: 203, statusMessage: 'generic_error' };
    return envelope(status, content, this.parts.settings(), exchange.now);
  }

  counters() {
    return { tokensIssued: this.tokensIssued };
  }

  reset(): void {
    this.tokens.reset();
    this.transactions.reset();
    this.tokensIssued = 0;
  }

  /** What may be shown of the state: when each client's token ends, no token. */
  describe() {
    return { tokens: this.tokens.describe() };
  }

  /** Ends the client's current token as if its time were over. @throws {SimulatorInputError} if there is none. */
  expireToken(clientId: string): void {
    this.requireAccount(clientId);
    if (!this.tokens.expire(clientId, this.parts.now())) {
      throw new SimulatorInputError('clientId', 'has no token yet');
    }
  }

  /** Somebody else asks for a token of this client: the one in use dies. @throws {SimulatorInputError} */
  stealToken(clientId: string): void {
    this.requireAccount(clientId);
    this.tokens.issue(clientId, this.parts.settings().merchantTokenLifetimeSeconds, this.parts.now());
  }

  /**
   * A payment, for the list of transactions to tell of; no balance changes.
   *
   * @param userId a merchant. @default the first account's
   * @throws {SimulatorInputError} naming the member that does not fit
   */
  addTransaction(transaction: NetzmeTransaction, userId = this.parts.accounts[0]?.userId ?? ''): void {
    if (!this.parts.accounts.some((account) => hasMerchant(account, userId))) {
      throw new SimulatorInputError('userId', 'is not a merchant of this simulator');
    }
    this.transactions.add(userId, transaction, this.parts.now());
  }

  /** Order: method, Basic credentials, content type, JSON body, grant type. */
  private answerToken(exchange: Exchange): Answer {
    const settings = this.parts.settings();
    const refuse = (code: string, input: string, message: string): Answer => {
      const reason: RefusalReason = { code, input, message };
      return jsonAnswer(settings.unauthorizedHttpStatus, { status: 'UNAUTHORIZED' }, reason);
    };
    if (exchange.method !== 'POST') return refuse('wrong-method', 'method', 'A token is asked for by POST.');
    const basic = /^basic +(\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
    if (basic === undefined) return refuse('basic-missing', 'Authorization', 'Authorization must be "Basic <base64>".');
    const given = Buffer.from(basic, 'base64');
    const account = this.parts.accounts.find((each) => sameBytes(given, `${each.clientId}:${each.clientSecret}`));
    if (!account) return refuse('wrong-credentials', 'Authorization', this.describeWrongBasic(given));
    if (settings.requireTokenContentType && !hasJsonContentType(exchange.headers['content-type'])) {
      return refuse('content-type', 'Content-Type', 'Content-Type must be application/json.');
    }
    const body = parseJsonObject(exchange.body);
    if (!body) return refuse('not-json', 'body', 'The body is not a JSON object; a form is not accepted.');
    if (body['grant_type'] !== 'client_credentials') {
      return refuse('wrong-grant', 'grant_type', 'grant_type must be "client_credentials", in snake case.');
    }
    const lifetime =
      exchange.path === MERCHANT_TOKEN_PATH
        ? settings.merchantTokenLifetimeSeconds
        : settings.consumerTokenLifetimeSeconds;
    const token = this.tokens.issue(account.clientId, lifetime, exchange.now);
    this.tokensIssued += 1;
    return jsonAnswer(200, {
      // Misspelt in the only published sample, and so here: nobody may compare it with a word.
      status: 'SUCCEES',
      username: account.clientId,
      access_token: token.value,
      token_type: 'bearer',
      expiry_token: token.expiresAt,
    });
  }

  private answerBusiness(exchange: Exchange): Answer {
    const settings = this.parts.settings();
    const check = verifyRequest({ exchange, accounts: this.parts.accounts, tokens: this.tokens, settings });
    if ('account' in check) return performOperation(exchange, check.account, settings, this.transactions);
    const request = parseJsonObject(exchange.body);
    const content = {
      requestId: request?.['requestId'],
      type: request?.['type'],
      status: 401,
      statusMessage: 'unauthorized',
    };
    return envelope(settings.errorHttpStatus, content, settings, exchange.now, check.reason);
  }

  private describeWrongBasic(given: Buffer): string {
    const text = given.toString('utf8');
    const account = this.parts.accounts.find(({ clientId }) => text.startsWith(`${clientId}:`));
    if (!account) return 'No client has this id, or the value is not base64 of "clientId:clientSecret".';
    if (text.trim() === `${account.clientId}:${account.clientSecret}`) return 'The secret has whitespace after it.';
    if (given.equals(Buffer.from(`${account.clientId}:${account.clientSecret}`, 'latin1'))) {
      return 'The credentials were encoded as latin1 before base64; they are UTF-8.';
    }
    return "The secret is not this client's.";
  }

  private requireAccount(clientId: string): void {
    if (!this.parts.accounts.some((account) => account.clientId === clientId)) {
      throw new SimulatorInputError('clientId', 'is not a client of this simulator');
    }
  }
}
