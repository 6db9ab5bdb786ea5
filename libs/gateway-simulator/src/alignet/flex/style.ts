import { PALETTE } from '../../core/palette';

/** All names begin with `fpf`, for the sheet shares a page with the shop's own. */
export const FLEX_STYLE = `/* Stands in for the style sheet of Alignet's Flex. */
.fpf {${PALETTE}
  box-sizing: border-box;
  max-width: 26rem;
  padding: 1rem;
  color: var(--ink);
  background: var(--paper);
  font: 400 0.9375rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  border-radius: 0.625rem;
}
.fpf *, .fpf *::before { box-sizing: inherit; }
.fpf-bordered { border: 1px solid var(--line); }
.fpf:focus { outline: none; }
.fpf p, .fpf dl, .fpf dd, .fpf fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
.fpf > * + * { margin-top: 0.875rem !important; }
.fpf-head { display: flex; align-items: center; justify-content: space-between; gap: 0.5rem; }
.fpf-title { font-weight: 600; }
.fpf-badge {
  padding: 0.0625rem 0.4375rem;
  margin-left: 0.25rem;
  color: var(--notice-ink);
  background: var(--notice);
  border-radius: 1rem;
  font-size: 0.75rem;
  font-weight: 500;
  white-space: nowrap;
}
.fpf-tools, .fpf-languages { display: flex; align-items: center; gap: 0.25rem; }
.fpf button { font: inherit; cursor: pointer; }
.fpf button:disabled { cursor: progress; opacity: 0.6; }
.fpf button:focus-visible, .fpf input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.fpf .fpf-language, .fpf .fpf-close {
  min-width: 1.75rem;
  min-height: 1.75rem;
  padding: 0 0.375rem;
  color: var(--soft);
  background: none;
  border: 1px solid transparent;
  border-radius: 0.375rem;
  font-size: 0.8125rem;
}
.fpf .fpf-language[aria-pressed="true"] { color: var(--ink); border-color: var(--line); font-weight: 600; }
.fpf .fpf-close { font-size: 1.125rem; line-height: 1; }
.fpf-facts > div { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.fpf dt { color: var(--soft); }
.fpf dd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.8125rem; overflow-wrap: anywhere; text-align: right; }
.fpf-amount dd { font: 600 1.375rem/1.2 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.fpf-methods { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0.375rem; }
.fpf-methods legend { padding: 0; margin-bottom: 0.375rem; color: var(--soft); }
.fpf-method {
  display: flex;
  align-items: center;
  gap: 0.5rem;
  padding: 0.375rem 0.625rem;
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  cursor: pointer;
}
.fpf-method:has(input:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.fpf-method input { margin: 0; accent-color: var(--accent); }
.fpf-question { color: var(--soft); font-size: 0.875rem; }
.fpf-choices { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
.fpf .fpf-choice {
  min-height: 2.5rem;
  padding: 0.375rem 0.75rem;
  color: var(--ink);
  background: none;
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  font-weight: 600;
}
.fpf .fpf-choice-autorizado { color: var(--on-colour); background: var(--approve); border-color: var(--approve); }
.fpf .fpf-choice-denegado { color: var(--on-colour); background: var(--deny); border-color: var(--deny); }
.fpf-choice-pendiente { grid-column: 1 / -1; }
.fpf-news:empty { display: none; }
.fpf-result, .fpf-failure { padding: 0.625rem 0.75rem !important; border: 1px solid var(--line) !important; border-radius: 0.375rem; }
.fpf-result { display: flex; align-items: center; gap: 0.625rem; font-weight: 600; }
.fpf-sign {
  display: inline-grid;
  place-items: center;
  flex: none;
  width: 1.5rem;
  height: 1.5rem;
  color: var(--on-colour);
  background: #59636f;
  border-radius: 50%;
  font-size: 0.875rem;
}
.fpf-result-autorizado .fpf-sign { background: var(--approve); }
.fpf-result-denegado .fpf-sign { background: var(--deny); }
.fpf-failure { border-left: 0.25rem solid var(--deny) !important; }
.fpf-failure strong { display: block; }
`;
