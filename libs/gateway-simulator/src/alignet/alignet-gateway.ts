import { type AlignetAccount } from '../accounts';
import { type Answer, type Exchange, type Gateway } from '../core/exchange';
import { type AlignetSettings, type ChargeState } from '../settings';
import { AlignetCharges, type ChargeNotice } from './charges';
import { AlignetCredentials } from './credentials';
import { FLEX_ASSETS } from './flex/assets';
import { FLEX_PATHS, FlexForms, flexPreflight, readableByPages } from './flex/flex-forms';
import { failure } from './messages';
import { answerNonce } from './nonce-endpoint';
import { type AlignetContext, answerToken } from './token-endpoint';

const OPERATIONS = ['token', 'nonce', 'charge', 'redeem', 'pay', 'asset', 'other'] as const;
/** The stand-in for Flex, by path. Starting a form redeems its nonce. */
const FLEX_OPERATIONS: ReadonlyMap<string, string> = new Map([
  [FLEX_PATHS.redeem, 'redeem'],
  [FLEX_PATHS.start, 'redeem'],
  [FLEX_PATHS.pay, 'pay'],
]);

export interface AlignetGatewayParts {
  readonly accounts: readonly AlignetAccount[];
  readonly settings: () => AlignetSettings;
  readonly now: () => number;
  /** Where this simulator can be reached; asked for late, since the port is known only after start. */
  readonly ownUrls: () => readonly string[];
  /** Told of every charge that is made in, or set to, a state that ends its authorization. */
  readonly onChargeResult: (transactionId: string) => void;
}

/** Alignet (Pay-me): access token, Flex nonce, and enough of charges to see a nonce turn into a payment. */
export class AlignetGateway implements Gateway {
  readonly name = 'alignet';
  readonly operations = OPERATIONS;
  private readonly credentials = new AlignetCredentials();
  private readonly charges: AlignetCharges;
  private readonly forms: FlexForms;

  constructor(private readonly parts: AlignetGatewayParts) {
    this.charges = new AlignetCharges(parts.onChargeResult);
    this.forms = new FlexForms(this.charges);
  }

  identify(method: string, path: string): string {
    if (path === '/token' && method === 'POST') return 'token';
    if (path === '/nonce' && method === 'POST') return 'nonce';
    if (path === '/charges' || path.startsWith('/charges/')) return 'charge';
    if (FLEX_ASSETS.has(path) && (method === 'GET' || method === 'HEAD')) return 'asset';
    return (method === 'POST' ? FLEX_OPERATIONS.get(path) : undefined) ?? 'other';
  }

  handle(operation: string, exchange: Exchange): Answer {
    const context = this.context();
    switch (operation) {
      case 'token':
        return answerToken(exchange, context);
      case 'nonce':
        return answerNonce(exchange, context);
      case 'charge':
        return this.charges.answerCharge(exchange, context);
      case 'redeem':
      case 'pay':
        return this.forms.answer(exchange, context);
      case 'asset':
        return FLEX_ASSETS.get(exchange.path)?.() ?? this.unknownPath();
      default:
        if (exchange.method === 'OPTIONS' && FLEX_OPERATIONS.has(exchange.path)) return flexPreflight();
        return this.unknownPath();
    }
  }

  failure(operation: string, status: number): Answer {
    const endpoint = operation === 'token' || operation === 'nonce' ? operation : 'other';
    const answer = { ...failure(endpoint, status, this.parts.settings()), status };
    return operation === 'redeem' || operation === 'pay' ? readableByPages(answer) : answer;
  }

  counters() {
    return { tokensIssued: this.credentials.tokensIssued };
  }

  reset(): void {
    this.credentials.reset();
    this.charges.reset();
    this.forms.reset();
  }

  /** What may be shown of the state: counts, no token. */
  describe() {
    return this.credentials.describe();
  }

  /** Ends every access token of one client, or of all clients. Tells how many there were. */
  revokeTokens(clientId?: string): number {
    return this.credentials.revoke(clientId);
  }

  /** Moves a charge to a state. @throws {SimulatorInputError} for an unknown transaction or state. */
  setChargeState(transactionId: string, state: ChargeState): void {
    this.charges.setState(transactionId, state, this.parts.now());
  }

  /** The same as setting the state AUTORIZADO. */
  approveCharge(transactionId: string): void {
    this.setChargeState(transactionId, 'AUTORIZADO');
  }

  /** What a notification tells of a charge. */
  chargeNotice(transactionId: string): ChargeNotice | undefined {
    return this.charges.notice(transactionId);
  }

  private unknownPath(): Answer {
    const reason = { code: 'unknown-path', input: 'path', message: 'Alignet has no such method and path.' };
    return failure('other', 404, this.parts.settings(), reason);
  }

  private context(): AlignetContext {
    const settings = this.parts.settings();
    return {
      accounts: this.parts.accounts,
      settings,
      audiences: { ownUrls: [...this.parts.ownUrls(), ...settings.publicUrls], environment: settings.environment },
      credentials: this.credentials,
    };
  }
}
