import { type Answer, type RefusalReason } from './exchange';

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** HTML already, as opposed to text. */
export class Html {
  constructor(readonly source: string) {}
}

type Piece = Html | string | number | undefined | readonly Html[];

/** A template whose values are escaped, unless they are {@link Html} themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(strings.reduce((text, string, index) => text + written(values[index - 1]) + string));
}

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Html) return piece.source;
  if (typeof piece === 'object') return piece.map(({ source }) => source).join('');
  return escapeHtml(String(piece));
}

export interface Page {
  readonly language: string;
  readonly title: string;
  /** Path of the style sheet, on the same server. */
  readonly style: string;
  readonly content: Html;
}

/**
 * No script, nothing of other hosts. `form-action` is left out on purpose: Chromium applies it to every redirect after a
 * form was sent, and where a shop's return URL leads to in the end is the shop's affair.
 */
const POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'";

/** A page of its own, fit for a telephone. Its address is a proof, so that it is neither kept nor told to other sites. */
export function pageAnswer(status: number, page: Page, reason?: RefusalReason): Answer {
  const { source } = html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${page.style}" />
        <title>${page.title}</title>
      </head>
      <body>
        ${page.content}
      </body>
    </html>`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    },
    body: source,
    ...(reason && { reason }),
  };
}

export type AssetType = 'text/css' | 'text/javascript';

/** A style sheet or script; pages of other origins, which may demand as much by COEP, are meant to load it. */
export function assetAnswer(type: AssetType, body: string): Answer {
  return {
    status: 200,
    headers: {
      'Content-Type': `${type}; charset=utf-8`,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'no-cache',
    },
    body,
  };
}
