import { type Answer, type Exchange, type RefusalReason } from '../../core/exchange';
import { html, type Html } from '../../core/html';
import { type Language } from '../messages';
import { linkState, type PaymentLink } from '../payment-links';
import { framedPage } from './framed-page';
import { amountText, factRows } from './purchase-facts';
import { unknownPage } from './session-page';
import { type PageText, pageTexts } from './texts';

/** The page of a payment link: a GET shows what is paid for, a POST pays. */
export function answerLinkPage(
  { method, now }: Exchange,
  link: PaymentLink | undefined,
  language: Language,
  pay: () => void,
): Answer {
  if (!link) return unknownPage(language, 'unknown-link');
  const isPost = method === 'POST';
  const state = linkState(link, now);
  if (state !== 'ACTIVE') {
    const reason = { code: 'link-closed', input: 'path', message: 'The link takes no more payments.' };
    return linkPage(isPost ? 409 : 200, link, state, facts(link), isPost ? reason : undefined);
  }
  if (!isPost) return linkPage(200, link, 'pay', html`${facts(link)} ${payForm(link.language)}`);
  pay();
  return linkPage(200, link, 'linkPaid', facts(link));
}

function facts({ id, language, request }: PaymentLink): Html {
  return factRows(language, [
    ['amount', amountText(request['payment'], language), 'amount'],
    ['reference', request['reference']],
    ['description', request['description']],
    ['link', id],
    ['expires', request['expirationDate']],
  ]);
}

function payForm(language: Language): Html {
  const text = pageTexts(language);
  return html`<form method="post">
      <button class="approve wide">${text('payOnce')}</button>
    </form>
    <p class="soft">${text('linkNote')}</p>`;
}

function linkPage(status: number, link: PaymentLink, heading: PageText, content: Html, reason?: RefusalReason): Answer {
  const { account, language } = link;
  const text = pageTexts(language);
  const title = heading === 'pay' ? `${text('pay')} ${account.siteName ?? account.login}` : text(heading);
  return framedPage(status, { language, title, content }, reason);
}
