import { type Answer, type RefusalReason } from '../../core/exchange';
import { html, type Html, pageAnswer } from '../../core/html';
import { type Language } from '../messages';
import { PAGE_STYLE_PATH } from './style';
import { pageTexts } from './texts';

interface FramedPage {
  readonly language: Language;
  /** Of the window, and the heading. */
  readonly title: string;
  readonly content: Html;
}

/** A page as the card they all are. */
export function framedPage(status: number, page: FramedPage, reason?: RefusalReason): Answer {
  const { language, title } = page;
  const content = html`<main>
    <span class="badge">Placetopay · ${pageTexts(language)('badge')}</span>
    <h1>${title}</h1>
    ${page.content}
  </main>`;
  return pageAnswer(status, { language, title, style: PAGE_STYLE_PATH, content }, reason);
}
