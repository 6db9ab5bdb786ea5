import { type Answer } from '../../core/exchange';
import { assetAnswer } from '../../core/html';
import { flexScript } from './script';
import { FLEX_STYLE } from './style';

/** What a shop's page loads, at the paths the real asset hosts have. */
export const FLEX_ASSETS: ReadonlyMap<string, () => Answer> = new Map([
  ['/flex-payment-forms.min.js', () => assetAnswer('text/javascript', flexScript())],
  ['/main-flex-payment-forms.css', () => assetAnswer('text/css', FLEX_STYLE)],
]);
