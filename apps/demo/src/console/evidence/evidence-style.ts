/** Inside the file itself, which has nothing else to load it from. */
export const EVIDENCE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --muted: #5a6473; --paper: #fff; --panel: #f5f7fa; --line: #d5dbe3; --good: #116932; --bad: #a8191f; --link: #1d4fc4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --muted: #a0abba; --paper: #12161c; --panel: #1a2029; --line: #333d4a; --good: #6fd492; --bad: #ff8b90; --link: #8ab0ff; } }
@media print { :root { color-scheme: light; } tr { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .4rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .3rem; }
h4 { font-size: .92rem; margin: 1.2rem 0 .3rem; }
p { max-width: 60rem; color: var(--muted); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 1rem 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--muted); font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
.good::before { content: "✓ "; } .bad::before { content: "✗ "; }
article { margin: 1rem 0; padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: .5rem; }
pre { margin: 0; padding: .6rem .8rem; background: var(--panel); border: 1px solid var(--line); border-radius: .35rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .82rem/1.5 ui-monospace, monospace; }
.note { margin: .25rem 0 .6rem; font-size: .85rem; }
`;
