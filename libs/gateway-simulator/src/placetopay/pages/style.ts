import { PALETTE } from '../../core/palette';

export const PAGE_STYLE_PATH = '/simulator/page.css';

export const PAGE_STYLE = `:root {${PALETTE}
  color-scheme: light dark;
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 1rem;
  min-height: 100vh;
  display: grid;
  align-items: start;
  justify-content: center;
  grid-template-columns: minmax(0, 28rem);
  color: var(--ink);
  background: var(--ground);
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  padding: 1.25rem;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 0.625rem;
}
@media (min-width: 48rem) {
  body { padding-top: 12vh; }
  main { padding: 1.75rem; }
}
h1 { margin: 0 0 1rem; font-size: 1.1875rem; line-height: 1.35; overflow-wrap: anywhere; }
.badge {
  display: inline-block;
  padding: 0 0.5rem;
  margin-bottom: 0.5rem;
  color: var(--notice-ink);
  background: var(--notice);
  border-radius: 1rem;
  font-size: 0.8125rem;
}
p { margin: 0 0 0.875rem; }
dl { margin: 0 0 1.125rem; }
dl > div { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: 0.25rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); flex: none; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; min-width: 0; }
.bytes { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.875rem; overflow-wrap: anywhere; }
dd.amount { font-size: 1.5rem; font-weight: 600; line-height: 1.2; }
.soft { color: var(--soft); font-size: 0.9375rem; }
form { display: grid; grid-template-columns: 1fr 1fr; gap: 0.625rem; margin-bottom: 1rem; }
button {
  min-height: 2.75rem;
  padding: 0.375rem 0.75rem;
  color: var(--ink);
  background: none;
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { border-color: var(--soft); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.approve { color: var(--on-colour); background: var(--approve); border-color: var(--approve); }
.reject { color: var(--on-colour); background: var(--deny); border-color: var(--deny); }
.wide { grid-column: 1 / -1; }
a { color: var(--accent); overflow-wrap: anywhere; }
.state { padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.375rem; font-weight: 600; }
:is(p, dl, form):last-child { margin-bottom: 0; }
`;
