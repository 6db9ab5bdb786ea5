import { drawFlexForm } from './browser/draw-flex-form';
import { flexPaymentForms } from './browser/flex-payment-forms';
import { FLEX_FACTS } from './texts';

/**
 * The stand-in's script. Its functions are written out as they stand here, so that they are checked like all other code and
 * need no build of their own; hence each of them may use nothing but its arguments and what a browser has.
 */
export function flexScript(): string {
  return `/* Stands in for Alignet's Flex. Served by the gateway simulator; takes no payments. */
(() => {
'use strict';
const source = document.currentScript && document.currentScript.src;
window.FlexPaymentForms = (${flexPaymentForms.toString()})(
${JSON.stringify(FLEX_FACTS)},
${drawFlexForm.toString()},
new URL(source || document.baseURI).origin
);
})();
`;
}
