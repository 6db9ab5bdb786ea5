import { escapeHtml } from '../../pages/html';
import { type CallRecord, type WebhookVerdict, type WireExchange, type WireMessage } from '../contract';
import { type Evidence } from './evidence';
import { EVIDENCE_STYLE } from './evidence-style';
import { EVIDENCE_TEXTS, type EvidenceTexts, type Language } from './evidence-texts';

/** Nothing is loaded, nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** One file that needs nothing but a browser to read it. */
export function evidencePage(evidence: Evidence, language: Language): string {
  const texts = EVIDENCE_TEXTS[language];
  const { title = texts.title, at, environment, versions, records, webhooks } = evidence;
  const facts: readonly (readonly [string, string])[] = [
    [texts.madeAt, at],
    [texts.environment, environment],
    [
      texts.versions,
      Object.entries(versions)
        .map(([name, version]) => `${name === 'library' ? texts.library : name} ${version}`)
        .join(', '),
    ],
    [texts.summary, summaryOf(records, texts)],
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">
<title>${escapeHtml(title)}</title>
<style>${EVIDENCE_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(texts.about)}</p>
<dl>${facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<h2>${escapeHtml(texts.calls)}</h2>
${records.length === 0 ? `<p>${escapeHtml(texts.noCalls)}</p>` : callTable(records, texts)}
${records.map((record) => article(record, texts)).join('\n')}
<h2>${escapeHtml(texts.webhooks)}</h2>
${webhooks.length === 0 ? `<p>${escapeHtml(texts.noWebhooks)}</p>` : webhookTable(webhooks, texts)}
</main>
</body>
</html>
`;
}

function summaryOf(records: readonly CallRecord[], texts: EvidenceTexts): string {
  const succeeded = records.filter(({ outcome }) => outcome.ok).length;
  return `${texts.calls}: ${records.length} · ✓ ${succeeded} · ✗ ${records.length - succeeded}`;
}

function callTable(records: readonly CallRecord[], texts: EvidenceTexts): string {
  const head = ['#', texts.time, texts.call, texts.gateway, texts.result, texts.duration];
  const rows = records.map(({ id, at, call, gateway, outcome, durationMs }) => [
    `<a href="#call-${id}">${id}</a>`,
    escapeHtml(at),
    escapeHtml(call),
    escapeHtml(gateway),
    resultOf(outcome, texts),
    `${durationMs} ms`,
  ]);
  return table(texts.calls, head, rows);
}

function article({ id, call, at, durationMs, input, outcome, exchanges }: CallRecord, texts: EvidenceTexts): string {
  return `<article id="call-${id}">
<h3>${id} · ${escapeHtml(call)} · ${resultOf(outcome, texts)}</h3>
<p class="note">${escapeHtml(at)} · ${durationMs} ms</p>
<h4>${escapeHtml(texts.input)}</h4>
${json(input)}
${exchanges.map((exchange) => exchangeOf(exchange, texts)).join('\n')}
<h4>${escapeHtml(texts.outcome)}</h4>
${json(outcome.body)}
</article>`;
}

function exchangeOf(exchange: WireExchange, texts: EvidenceTexts): string {
  const { operation, origin, request, response, failure, startedAt, durationMs } = exchange;
  const failed = failure === undefined ? '' : `<p class="note bad">${escapeHtml(failure)}</p>`;
  return `<h4>${escapeHtml(operation)}: ${escapeHtml(texts.request)}</h4>
<p class="note">${escapeHtml(origin)} · ${escapeHtml(startedAt)} · ${durationMs} ms</p>
${message(request, texts)}
<h4>${escapeHtml(operation)}: ${escapeHtml(response === undefined ? texts.noResponse : texts.response)}</h4>
${failed}${response === undefined ? '' : message(response, texts)}`;
}

function message({ startLine, headers, body, bodyBytes, masked }: WireMessage, texts: EvidenceTexts): string {
  const head = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  const names = masked.length === 0 ? '' : ` · ${escapeHtml(texts.masked)}: ${escapeHtml(masked.join(', '))}`;
  return `<pre>${escapeHtml(body === '' ? head : `${head}\n\n${body}`)}</pre>
<p class="note">${bodyBytes} ${escapeHtml(texts.bytes)}${names}</p>`;
}

function webhookTable(webhooks: readonly WebhookVerdict[], texts: EvidenceTexts): string {
  const rows = webhooks.map(({ at, gateway, scheme, verdict, ...details }) => [
    escapeHtml(at),
    escapeHtml(gateway),
    escapeHtml(scheme),
    mark(verdict === 'accepted', texts[verdict]),
    json(details),
  ]);
  return table(texts.webhooks, [texts.time, texts.gateway, texts.scheme, texts.verdict, texts.details], rows);
}

const resultOf = ({ ok, status }: CallRecord['outcome'], texts: EvidenceTexts): string =>
  mark(ok, `${ok ? texts.succeeded : texts.failed} (${status})`);

/** By a sign as well, for those who see no colours. */
const mark = (isGood: boolean, text: string): string =>
  `<span class="${isGood ? 'good' : 'bad'}">${escapeHtml(text)}</span>`;

const json = (value: unknown): string => `<pre>${escapeHtml(JSON.stringify(value, null, 2) ?? '')}</pre>`;

/** @param rows HTML already */
const table = (name: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="wide" role="region" tabindex="0" aria-label="${escapeHtml(name)}"><table><thead><tr>${head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;
