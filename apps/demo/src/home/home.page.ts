import { type SimulatorUrls } from '@payment-auth/gateway-simulator';
import { type PaymentEnv } from '../config/environment';

const ABOUT: Readonly<Record<PaymentEnv, string>> = {
  sandbox: 'Everything below runs against the simulator inside this process: no credentials, no internet, no money.',
  test: 'Calls go to the gateways’ test environments with the credentials of this server.',
  production: 'Calls go to the real gateways. A payment made here is a payment.',
};

const CALLS: readonly (readonly [title: string, curl: string])[] = [
  ['Alignet: a nonce that starts Flex', 'curl -X POST {origin}/alignet/nonce'],
  [
    'Placetopay: a checkout session',
    `curl -X POST {origin}/placetopay/sessions -H 'Content-Type: application/json' -d '{"reference":"ORDER-1001","currency":"COP","total":12000}'`,
  ],
  ['Netzme: a signed balance call', `curl '{origin}/netzme/balance?userId=M_SANDBOX01'`],
];

const WEBHOOK = `curl {control}/webhooks/send -d '{"gateway":"placetopay","scheme":"checkout","url":"{origin}/webhooks/placetopay/checkout"}'`;

/** A short page until the console exists: what this is, which environment, where to go. */
export function homePage(environment: PaymentEnv, origin: string, simulator: SimulatorUrls | undefined): string {
  const rows = Object.entries<string>({ ...simulator }).map(
    ([name, url]) => `<tr><th scope="row">${escapeHtml(name)}</th><td><code>${escapeHtml(url)}</code></td></tr>`,
  );
  const calls = CALLS.map(
    ([title, curl]) =>
      `<h3>${escapeHtml(title)}</h3><pre><code>${escapeHtml(curl.replace('{origin}', origin))}</code></pre>`,
  );
  const webhook = simulator && WEBHOOK.replace('{control}', simulator.control).replace('{origin}', origin);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>payment-auth demo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/home.css">
</head>
<body>
<main>
<header>
<h1>payment-auth</h1>
<p class="environment ${environment}">${environment}</p>
</header>
<p>A demo of <code>nestjs-payment-auth</code>: it authenticates a merchant’s backend to Alignet (Pay-me), Placetopay and
Netzme. ${escapeHtml(ABOUT[environment])}</p>
<nav><a href="/docs">Try the calls (OpenAPI)</a><a href="/webhooks">Webhooks</a><a href="/health">Health</a><a href="/docs-json">OpenAPI document</a></nav>
<section>
<h2>Three calls</h2>
${calls.join('\n')}
</section>
${rows.length === 0 ? '' : `<section>\n<h2>The simulator</h2>\n<p>Each gateway has a port of its own with the real gateway’s paths. The control address moves its clock, injects faults, shows its journal and sends webhooks:</p>\n<pre><code>${escapeHtml(webhook ?? '')}</code></pre>\n<table>${rows.join('')}</table>\n</section>`}
</main>
</body>
</html>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const HOME_STYLE = `
:root { color-scheme: light dark; --line: #8884; --muted: #666; --accent: #2457d6; font: 16px/1.55 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --accent: #8ab0ff; --muted: #aaa; } }
body { margin: 0; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
header { display: flex; align-items: baseline; gap: 1rem; }
h1 { font-size: 1.7rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
h3 { font-size: .95rem; margin: 1.1rem 0 .35rem; font-weight: 600; color: var(--muted); }
.environment { margin: 0; padding: .1rem .6rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .85rem; }
.sandbox { color: #17803d; } .test { color: #a15c00; } .production { color: #c0262d; }
@media (prefers-color-scheme: dark) { .sandbox { color: #6fd492; } .test { color: #f0b45b; } .production { color: #ff8b90; } }
nav { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: 1.2rem; }
a { color: var(--accent); }
nav a { padding: .4rem .9rem; border: 1px solid var(--line); border-radius: .4rem; color: var(--accent); text-decoration: none; }
nav a:hover, nav a:focus-visible { border-color: var(--accent); }
pre { margin: 0; padding: .7rem .9rem; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
code { font: .86rem/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
`;
