import { type PlacetopayAccount, SITE_STATES, type SiteState } from '../accounts';
import { type Answer, type Exchange, type Gateway } from '../core/exchange';
import { SimulatorInputError } from '../core/input-error';
import { assetAnswer } from '../core/html';
import { parseJsonObject } from '../core/json';
import { type PlacetopaySettings, type SessionOutcome } from '../settings';
import { authFailed, failed, languageOf, text } from './messages';
import { answerLinkPage } from './pages/link-page';
import { answerSessionPage } from './pages/session-page';
import { PAGE_STYLE, PAGE_STYLE_PATH } from './pages/style';
import { type LinkNotice, PlacetopayLinks } from './payment-links';
import { type Caller, PlacetopaySessions, type SessionNotice } from './sessions';
import { verifyAuth } from './verify-auth';

const OPERATIONS = [
  'createSession',
  'querySession',
  'cancelSession',
  'createLink',
  'queryLink',
  'disableLink',
  'page',
  'asset',
  'other',
] as const;

const LINK_OPERATIONS: ReadonlySet<string> = new Set(['createLink', 'queryLink', 'disableLink']);

const PAGE_PATH = /^\/session\/\d+\/[0-9a-f]+$|^\/link\/show$/;

const ROUTES: readonly (readonly [operation: string, method: string, path: RegExp])[] = [
  ['createSession', 'POST', /^\/api\/session\/?$/],
  ['querySession', 'POST', /^\/api\/session\/(\d+)$/],
  ['cancelSession', 'POST', /^\/api\/session\/(\d+)\/cancel$/],
  ['createLink', 'POST', /^\/api\/payment-link\/?$/],
  ['queryLink', 'POST', /^\/api\/payment-link\/(\d+)$/],
  ['disableLink', 'POST', /^\/api\/payment-link\/disable\/(\d+)$/],
  ['page', 'GET', PAGE_PATH],
  ['page', 'POST', PAGE_PATH],
  ['asset', 'GET', new RegExp(`^${PAGE_STYLE_PATH}$`)],
];

export interface PlacetopayGatewayParts {
  readonly accounts: readonly PlacetopayAccount[];
  readonly settings: () => PlacetopaySettings;
  readonly now: () => number;
  readonly url: () => string;
  /** Told of every session that was set to a final outcome. */
  readonly onSessionEnd: (requestId: number) => void;
  /** Told of every payment by a link, and of the `notificationUrl` that the merchant gave it. */
  readonly onLinkPaid: (linkId: number, notificationUrl: unknown) => void;
}

/** Placetopay: WebCheckout sessions and Payment Links, behind the `auth` object both share. */
export class PlacetopayGateway implements Gateway {
  readonly name = 'placetopay';
  readonly operations = OPERATIONS;
  private readonly sessions = new PlacetopaySessions();
  private readonly links = new PlacetopayLinks();
  private readonly siteStates = new Map<string, SiteState>();
  /** When each nonce was last seen, by login and nonce. */
  private readonly seenNonces = new Map<string, number>();

  constructor(private readonly parts: PlacetopayGatewayParts) {}

  identify(method: string, path: string): string {
    return ROUTES.find(([, verb, pattern]) => verb === method && pattern.test(path))?.[0] ?? 'other';
  }

  handle(operation: string, exchange: Exchange): Answer {
    const settings = this.parts.settings();
    const body = parseJsonObject(exchange.body);
    const language = languageOf(body?.['locale'], settings);
    if (operation === 'page') return this.page(exchange);
    if (operation === 'asset') return assetAnswer('text/css', PAGE_STYLE);
    if (operation === 'other') {
      const reason = { code: 'unknown-path', input: 'path', message: 'Placetopay has no such method and path here.' };
      return failed(404, 'NA', text('unknownPage', language), exchange.now, reason);
    }
    const check = verifyAuth({
      product: LINK_OPERATIONS.has(operation) ? 'payment-links' : 'checkout',
      contentType: exchange.headers['content-type'],
      body,
      now: exchange.now,
      accounts: this.parts.accounts,
      settings,
      siteState: (account) => this.siteState(account),
      isReplay: (login, nonce) => this.isReplay(login, nonce, exchange.now, settings.seedToleranceSeconds),
    });
    if ('refusal' in check) return authFailed(check.refusal, operation, language, settings, exchange.now);
    const caller: Caller = { account: check.account, body: body ?? {}, language, baseUrl: this.parts.url() };
    return this.perform(operation, exchange, caller, settings);
  }

  failure(operation: string, status: number, { now, body }: Exchange, code?: number): Answer {
    const settings = this.parts.settings();
    const language = languageOf(parseJsonObject(body)?.['locale'], settings);
    if (code !== undefined || status === 401) {
      return { ...authFailed({ code: code ?? 102 }, operation, language, settings, now), status };
    }
    return failed(status, status, language === 'es' ? 'Error interno del servidor' : 'Internal server error', now);
  }

  counters() {
    return {};
  }

  reset(): void {
    this.sessions.reset();
    this.links.reset();
    this.siteStates.clear();
    this.seenNonces.clear();
  }

  describe() {
    return {
      sites: Object.fromEntries(this.parts.accounts.map((account) => [account.login, this.siteState(account)])),
    };
  }

  /** @throws {SimulatorInputError} for an unknown login or state. */
  setSiteState(login: string, state: SiteState): void {
    if (!this.parts.accounts.some((account) => account.login === login)) {
      throw new SimulatorInputError('login', 'is not a site of this simulator');
    }
    if (!SITE_STATES.includes(state))
      throw new SimulatorInputError('state', `must be one of ${SITE_STATES.join(', ')}`);
    this.siteStates.set(login, state);
  }

  /** Decides what a session's query says from now on. @throws {SimulatorInputError} for an unknown session or outcome. */
  setSessionOutcome(requestId: number, outcome: SessionOutcome): void {
    this.sessions.setOutcome(requestId, outcome, this.parts.now());
    if (outcome !== 'PENDING') this.parts.onSessionEnd(requestId);
  }

  /** Somebody paid by a link: its query shows the payment from now on. @throws {SimulatorInputError} for an unknown link. */
  payLink(linkId: number): void {
    const { request } = this.links.pay(linkId, this.parts.now());
    this.parts.onLinkPaid(linkId, request['notificationUrl']);
  }

  /** What a notification tells of a session. */
  sessionNotice(requestId: number): SessionNotice | undefined {
    return this.sessions.notice(requestId);
  }

  /** What a notification tells of a payment link. */
  linkNotice(linkId: number, now: number): LinkNotice | undefined {
    return this.links.notice(linkId, now);
  }

  private perform(operation: string, exchange: Exchange, caller: Caller, settings: PlacetopaySettings): Answer {
    const id = Number(/\d+/.exec(exchange.path)?.[0]);
    switch (operation) {
      case 'createSession':
        return this.sessions.create(exchange, caller, settings.sessionOutcome);
      case 'querySession':
        return this.sessions.query(exchange, caller, id);
      case 'cancelSession':
        return this.sessions.cancel(exchange, caller, id);
      case 'createLink':
        return this.links.create(exchange, caller);
      case 'queryLink':
        return this.links.query(exchange, caller, id);
      default:
        return this.links.disable(exchange, caller, id);
    }
  }

  private page(exchange: Exchange): Answer {
    const { defaultLanguage } = this.parts.settings();
    if (exchange.path.startsWith('/session/')) {
      const session = this.sessions.ofPage(exchange.path);
      return answerSessionPage(exchange, session, defaultLanguage, this.parts.onSessionEnd);
    }
    const link = this.links.ofPage(exchange.query);
    return answerLinkPage(exchange, link, defaultLanguage, () => link && this.payLink(link.id));
  }

  private siteState(account: PlacetopayAccount): SiteState {
    return this.siteStates.get(account.login) ?? account.state ?? 'active';
  }

  private isReplay(login: string, nonce: string, now: number, toleranceSeconds: number): boolean {
    // A seed may be up to the tolerance ahead, so the same request stays fresh for twice as long.
    const window = toleranceSeconds * 2000;
    for (const [key, seenAt] of this.seenNonces) {
      if (now - seenAt <= window) break;
      this.seenNonces.delete(key);
    }
    const key = JSON.stringify([login, nonce]);
    if (this.seenNonces.has(key)) return true;
    this.seenNonces.set(key, now);
    return false;
  }
}
