import { type Answer, type Exchange, type RefusalReason } from '../../core/exchange';
import { html, type Html } from '../../core/html';
import { isObject } from '../../core/json';
import { type Language } from '../messages';
import { hasExpired, type Session } from '../sessions';
import { framedPage } from './framed-page';
import { amountText, factRows } from './purchase-facts';
import { type PageText, pageTexts } from './texts';

/** What a buyer may choose, and the state it leads to. */
const CHOICES = {
  approve: 'APPROVED',
  reject: 'REJECTED',
  pending: 'PENDING',
  cancel: 'CANCELLED_BY_USER',
} as const satisfies Record<string, Session['state']>;

/**
 * The page behind `processUrl`: a GET shows the choices, a POST of one of them changes the session and returns the buyer.
 * @param onEnd told of the session, should it come to its end
 */
export function answerSessionPage(
  exchange: Exchange,
  session: Session | undefined,
  language: Language,
  onEnd: (requestId: number) => void,
): Answer {
  if (!session) return unknownPage(language, 'unknown-session');
  const isPost = exchange.method === 'POST';
  if (session.state !== 'PENDING') {
    const reason = { code: 'session-ended', input: 'path', message: 'The session has come to its end before.' };
    return sessionPage(isPost ? 409 : 200, session, 'ended', endContent(session), isPost ? reason : undefined);
  }
  if (hasExpired(session, exchange.now)) {
    const reason = { code: 'session-expired', input: 'expiration', message: 'The session is past its expiration.' };
    return sessionPage(isPost ? 409 : 200, session, 'expired', returnContent(session), isPost ? reason : undefined);
  }
  return isPost ? decide(exchange, session, onEnd) : sessionPage(200, session, 'pay', choiceContent(session));
}

export function unknownPage(language: Language, code: string): Answer {
  const text = pageTexts(language);
  const reason = { code, input: 'path', message: 'This simulator has made no such page, or was reset since.' };
  const content = html`<p>${text('unknownHint')}</p>`;
  return framedPage(404, { language, title: text('unknown'), content }, reason);
}

function decide({ body, now }: Exchange, session: Session, onEnd: (requestId: number) => void): Answer {
  const choice = new URLSearchParams(body.toString('utf8')).get('outcome') ?? '';
  if (!Object.hasOwn(CHOICES, choice)) {
    const message = `outcome must be one of ${Object.keys(CHOICES).join(', ')}.`;
    const reason = { code: 'wrong-outcome', input: 'outcome', message };
    const hint = html`<p>${pageTexts(session.language)('unfitHint')}</p>`;
    return sessionPage(400, session, 'unfit', hint, reason);
  }
  session.state = CHOICES[choice as keyof typeof CHOICES];
  session.changedAt = now;
  if (session.state !== 'PENDING') onEnd(session.requestId);
  const target = returnUrl(session, choice === 'cancel');
  if (!target) return sessionPage(200, session, 'decided', endContent(session));
  const headers = { Location: target.href, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };
  return { status: 303, headers, body: '' };
}

/** Where the buyer goes back to; nowhere, if that is no web address (`javascript:` would run here, an app cannot open). */
function returnUrl({ request }: Session, cancelled: boolean): URL | undefined {
  const given = (cancelled ? request['cancelUrl'] : undefined) ?? request['returnUrl'];
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function sessionPage(
  status: number,
  session: Session,
  heading: PageText,
  content: Html,
  reason?: RefusalReason,
): Answer {
  const { language } = session;
  const text = pageTexts(language);
  const title = heading === 'pay' ? `${text('pay')} ${session.siteName}` : text(heading);
  return framedPage(status, { language, title, content }, reason);
}

function choiceContent(session: Session): Html {
  const { language, request } = session;
  const text = pageTexts(language);
  const subject = [request['payment'], request['subscription'], request['autopay']].find(isObject) ?? {};
  const target = returnUrl(session, false);
  return html`${factRows(language, [
      ['amount', amountText(subject, language), 'amount'],
      ['reference', subject['reference']],
      ['description', subject['description']],
      ['session', session.requestId],
      ['expires', request['expiration']],
    ])}
    <p class="soft">${text('question')}</p>
    <form method="post">
      <button class="approve" name="outcome" value="approve">${text('approve')}</button>
      <button class="reject" name="outcome" value="reject">${text('reject')}</button>
      <button name="outcome" value="pending">${text('pending')}</button>
      <button name="outcome" value="cancel">${text('cancel')}</button>
    </form>
    ${target ? html`<p class="soft">${text('returns')} <span class="bytes">${target.origin}</span></p>` : noReturn(session)}`;
}

function endContent(session: Session): Html {
  return html`<p class="state">${pageTexts(session.language)(session.state)}</p>
    ${returnContent(session)}`;
}

function returnContent(session: Session): Html {
  const target = returnUrl(session, session.state === 'CANCELLED_BY_USER');
  if (!target) return noReturn(session);
  return html`<p><a href="${target.href}">${pageTexts(session.language)('back')}</a></p>`;
}

function noReturn({ language, request }: Session): Html {
  const text = pageTexts(language);
  return html`<p class="soft">${text('noReturn')} <span class="bytes">${String(request['returnUrl'])}</span></p>`;
}
