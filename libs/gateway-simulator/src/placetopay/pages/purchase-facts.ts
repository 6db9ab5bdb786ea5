import { html, type Html } from '../../core/html';
import { isObject, type JsonObject } from '../../core/json';
import { type Language } from '../messages';
import { type PageText, pageTexts } from './texts';

/** Rows of what is paid for; those without a value are left out. */
export function factRows(
  language: Language,
  rows: readonly (readonly [name: PageText, value: unknown, kind?: 'amount'])[],
): Html {
  const text = pageTexts(language);
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== '');
  const row = ([name, value, kind]: (typeof rows)[number]) =>
    html`<div class="${kind ?? 'fact'}">
      <dt>${text(name)}</dt>
      <dd class="${kind ?? 'bytes'}">${String(value)}</dd>
    </div>`;
  return html`<dl>${shown.map(row)}</dl>`;
}

/** `payment.amount` in the form of the language; as it stands, should its currency be none. */
export function amountText(payment: unknown, language: Language): string | undefined {
  const amount: JsonObject = isObject(payment) && isObject(payment['amount']) ? payment['amount'] : {};
  const { currency, total } = amount;
  if (typeof currency !== 'string' || !Number.isFinite(Number(total))) return undefined;
  const options = { style: 'currency', currency, currencyDisplay: 'code' } as const;
  try {
    return new Intl.NumberFormat(language === 'es' ? 'es-CO' : 'en', options).format(Number(total));
  } catch {
    // A RangeError: not of the form of a currency, which only a payment's is checked for.
    return `${currency} ${String(total)}`;
  }
}
