import { CallRecords } from '../../apps/demo/src/console/calls/call-records';
import {
  type CallRecord,
  type ConsoleProblem,
  type ExportedFile,
  type WebhookDesk,
  type WireMessage,
} from '../../apps/demo/src/console/contract';
import { type Evidence } from '../../apps/demo/src/console/evidence/evidence';
import { EVIDENCE_TEXTS, type EvidenceTexts } from '../../apps/demo/src/console/evidence/evidence-texts';
import { Demo, findSecrets, NETZME, observed, rememberExchange, stopAll } from '../e2e/demo-app';
import { ConsoleClient } from './console-client';

afterEach(stopAll);

const PAYMENT = { reference: 'ORDER-1001', currency: 'COP', total: '12000' };

const LANGUAGES = ['en', 'es', 'id'] as const;
/** Of calls that succeed and that fail, of webhooks that are accepted and refused. */
const RESULTS = {
  en: ['succeeded', 'failed', 'accepted', 'refused'],
  es: ['exitosa', 'fallida', 'aceptada', 'rechazada'],
  id: ['berhasil', 'gagal', 'diterima', 'ditolak'],
} as const;

/** One run: calls that succeed, one that fails, a webhook that is taken and one that is not. */
async function runOf(demo: Demo): Promise<{ client: ConsoleClient; secrets: string[] }> {
  const client = new ConsoleClient(demo);
  const { body } = await client.post<CallRecord>('/calls/alignet-nonce', { input: {} });
  const { nonce } = body.outcome.body as { nonce: string };
  await client.post('/calls/placetopay-session', { input: PAYMENT });
  await client.post('/calls/netzme-balance', { input: { userId: NETZME.userId } });
  await client.post('/calls/netzme-balance', { input: { userId: 'M_NOBODY' } });
  const url = `${demo.url}/webhooks/placetopay/checkout`;
  const order = { gateway: 'placetopay', scheme: 'checkout', url } as const;
  await demo.simulator.webhooks.send(order);
  await demo.simulator.webhooks.send({ ...order, break: 'other-secret' });
  // Has the tokens that are in use remembered, for the search.
  await demo.get('/health');
  return { client, secrets: [nonce] };
}

async function written(client: ConsoleClient, order: object): Promise<ExportedFile> {
  const { status, body, text } = await client.post<ExportedFile>('/evidence', order);
  expect([status, text.slice(0, 200)]).toEqual([200, expect.anything()]);
  rememberExchange('POST /evidence', text, []);
  return body;
}

/** What a reader sees of a piece of the page; the colour of a result, which is a sign too, before it. */
const textOf = (html: string): string =>
  html
    .replace(/<span class="(\w+)">/g, '$1: ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

/** The first group of every match. */
const insides = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(([, inside = '']) => inside);

function readPage(html: string) {
  const cells = (row: string): string[] => insides(row, /<td>([^]*?)<\/td>/g).map(textOf);
  return {
    facts: [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map((pair) => pair.slice(1).map(textOf)),
    tables: insides(html, /<tbody>([^]*?)<\/tbody>/g).map((body) => insides(body, /<tr>([^]*?)<\/tr>/g).map(cells)),
    articles: [...html.matchAll(/<article id="([^"]*)">([^]*?)<\/article>/g)].map(([, id, inside = '']) => ({
      id,
      heading: insides(inside, /<h3>(.*?)<\/h3>/g)
        .map(textOf)
        .join(),
      parts: insides(inside, /<h4>(.*?)<\/h4>/g).map(textOf),
      notes: insides(inside, /<p class="note(?: bad)?">(.*?)<\/p>/g).map(textOf),
      texts: insides(inside, /<pre>([^]*?)<\/pre>/g).map(textOf),
    })),
  };
}

const indented = (value: unknown): string => JSON.stringify(value, null, 2);

const wireText = ({ startLine, headers, body }: WireMessage): string =>
  [startLine, ...headers.map((header) => header.join(': ')), ...(body === '' ? [] : ['', body])].join('\n');

const noteOf = ({ bodyBytes, masked }: WireMessage, texts: EvidenceTexts): string =>
  `${bodyBytes} ${texts.bytes}${masked.length === 0 ? '' : ` · ${texts.masked}: ${masked.join(', ')}`}`;

describe('evidence of a run', () => {
  it('as JSON has the calls in the order they were made, verdicts, versions and the time', async () => {
    const demo = await Demo.start();
    const { client, secrets } = await runOf(demo);
    const from = Date.now();
    const { fileName, mediaType, content } = await written(client, {
      format: 'json',
      language: 'en',
      title: 'Round 1',
    });
    expect(fileName).toMatch(/^evidence-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/);
    expect(mediaType).toBe('application/json');
    const evidence = JSON.parse(content) as Evidence;
    expect(evidence).toMatchObject({ title: 'Round 1', environment: 'sandbox', versions: { library: '0.1.0' } });
    expect(Date.parse(evidence.at)).toBeGreaterThanOrEqual(from);
    expect(Date.parse(evidence.at)).toBeLessThanOrEqual(Date.now());
    expect(evidence.records.map(({ call, outcome }) => [call, outcome.ok])).toEqual([
      ['alignet-nonce', true],
      ['placetopay-session', true],
      ['netzme-balance', true],
      ['netzme-balance', false],
    ]);
    expect(evidence.records[0]?.exchanges.map(({ operation }) => operation)).toEqual(['token', 'nonce']);
    expect(evidence.webhooks.map(({ verdict }) => verdict)).toEqual(['refused', 'accepted']);
    for (const secret of secrets) expect(content).not.toContain(secret);
    expect(observed().tokens).toBeGreaterThan(0);
    expect(findSecrets()).toEqual({ answers: [], logs: [] });
  });

  it.each(LANGUAGES)('as a page in %s needs nothing else and runs nothing', async (language) => {
    const demo = await Demo.start();
    const { client, secrets } = await runOf(demo);
    const { fileName, mediaType, content } = await written(client, { format: 'html', language });
    expect([fileName.endsWith('.html'), mediaType]).toEqual([true, 'text/html']);
    const texts = EVIDENCE_TEXTS[language];
    expect(content).toContain(`<html lang="${language}">`);
    for (const text of [texts.title, texts.calls, texts.webhooks, texts.accepted, texts.refused, texts.succeeded]) {
      expect(content).toContain(text);
    }
    expect(content).toContain('POST /nonce HTTP/1.1');
    expect(content).not.toMatch(/<(?:script|link|img|iframe|object|embed|form|base)\b|\bsrc=|@import|url\(|\son\w+=/i);
    expect(content.match(/\bhref="(?!#)/g)).toBeNull();
    for (const secret of secrets) expect(content).not.toContain(secret);
    expect(findSecrets()).toEqual({ answers: [], logs: [] });
  });

  it.each(LANGUAGES)(
    'says of each call and webhook in %s what the records say, on the page as in JSON',
    async (language) => {
      const demo = await Demo.start();
      const { client } = await runOf(demo);
      demo.simulator.faults.add({ gateway: 'placetopay', kind: 'cut' });
      await client.post('/calls/placetopay-query', { input: { requestId: '1' } });
      const records = (await client.get<{ records: CallRecord[] }>('/calls/records')).body.records.toReversed();
      const { verdicts } = (await client.get<WebhookDesk>('/webhooks')).body;
      expect(records.map(({ outcome }) => outcome.ok)).toEqual([true, true, true, false, false]);
      for (const { exchanges } of records) expect(exchanges.length).toBeGreaterThan(0);
      expect(verdicts).toHaveLength(2);

      const json = await written(client, { format: 'json', language });
      const evidence = JSON.parse(json.content) as Evidence;
      expect([evidence.records, evidence.webhooks]).toEqual([records, verdicts]);

      const from = Date.now();
      const { content, fileName } = await written(client, { format: 'html', language });
      const { facts, tables, articles } = readPage(content);
      const texts = EVIDENCE_TEXTS[language];
      const [succeeded, failed, accepted, refused] = RESULTS[language];
      const resultOf = ({ ok, status }: CallRecord['outcome']) =>
        ok ? `good: ${succeeded} (${status})` : `bad: ${failed} (${status})`;

      const [[madeAtName, at = ''] = [], ...others] = facts;
      expect(madeAtName).toBe(texts.madeAt);
      expect(fileName).toContain(at.slice(0, 19).replaceAll(':', '-'));
      expect(Date.parse(at)).toBeGreaterThanOrEqual(from);
      expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
      expect(others).toEqual([
        [texts.environment, 'sandbox'],
        [texts.versions, expect.stringContaining(`node ${process.versions.node}`) as string],
        [texts.summary, `${texts.calls}: 5 · ✓ 3 · ✗ 2`],
      ]);

      expect(articles).toEqual(
        records.map(({ id, call, at: madeAt, durationMs, input, outcome, exchanges }) => ({
          id: `call-${id}`,
          heading: `${id} · ${call} · ${resultOf(outcome)}`,
          parts: [
            texts.input,
            ...exchanges.flatMap(({ operation, response }) => [
              `${operation}: ${texts.request}`,
              `${operation}: ${response === undefined ? texts.noResponse : texts.response}`,
            ]),
            texts.outcome,
          ],
          notes: [
            `${madeAt} · ${durationMs} ms`,
            ...exchanges.flatMap(({ origin, startedAt, durationMs: tookMs, request, response, failure }) => [
              `${origin} · ${startedAt} · ${tookMs} ms`,
              noteOf(request, texts),
              ...(failure === undefined ? [] : [failure]),
              ...(response === undefined ? [] : [noteOf(response, texts)]),
            ]),
          ],
          texts: [
            indented(input),
            ...exchanges.flatMap(({ request, response }) => [request, ...(response ? [response] : [])].map(wireText)),
            indented(outcome.body),
          ],
        })),
      );
      expect(tables).toEqual([
        records.map(({ id, at: madeAt, call, gateway, outcome, durationMs }) =>
          [id, madeAt, call, gateway, resultOf(outcome), `${durationMs} ms`].map(String),
        ),
        verdicts.map(({ at: cameAt, gateway, scheme, verdict, ...details }) => [
          cameAt,
          gateway,
          scheme,
          verdict === 'accepted' ? `good: ${accepted}` : `bad: ${refused}`,
          indented(details),
        ]),
      ]);
    },
  );

  it('takes the records that are asked for', async () => {
    const { client } = await runOf(await Demo.start());
    const { content } = await written(client, { format: 'json', language: 'es', records: [3, 1] });
    expect((JSON.parse(content) as Evidence).records.map(({ id }) => id)).toEqual([1, 3]);
  });

  it('shows whatever a gateway sends as text', async () => {
    const demo = await Demo.start();
    const hostile = '</pre><script>alert(1)</script><img src=x onerror=alert(1)>';
    const request = {
      startLine: hostile,
      headers: [[hostile, hostile]],
      body: hostile,
      bodyEncoding: 'utf8',
      bodyBytes: 1,
    } as const;
    demo.app.get(CallRecords, { strict: false }).add({
      call: hostile,
      gateway: 'netzme',
      input: { [hostile]: hostile },
      at: hostile,
      durationMs: 1,
      outcome: { ok: false, status: 502, body: { message: hostile } },
      exchanges: [
        {
          operation: hostile,
          origin: hostile,
          request: { ...request, masked: [hostile] },
          failure: hostile,
          startedAt: hostile,
          durationMs: 1,
        },
      ],
    });
    const { content } = await written(new ConsoleClient(demo), { format: 'html', language: 'en', title: hostile });
    expect(content).not.toMatch(/<script|<img/);
    expect(content).toContain('&#60;script&#62;');
  });

  it.each([
    [{ format: 'pdf', language: 'en' }, 'format'],
    [{ format: 'json', language: 'fr' }, 'language'],
    [{ format: 'json', language: 'en', title: 7 }, 'title'],
    [{ format: 'json', language: 'en', records: ['1'] }, 'records'],
    [{ format: 'json', language: 'en', records: [77] }, 'records'],
  ])('refuses %j', async (order, field) => {
    const { status, body } = await new ConsoleClient(await Demo.start()).post<ConsoleProblem>('/evidence', order);
    expect([status, body.code, body.field]).toEqual([400, 'invalid-input', field]);
  });

  it('is the same in all languages', () => {
    const { en, es, id } = EVIDENCE_TEXTS;
    expect([Object.keys(es), Object.keys(id)]).toEqual([Object.keys(en), Object.keys(en)]);
    for (const name of Object.keys(en) as (keyof typeof en)[]) expect([en[name], es[name], id[name]]).not.toContain('');
  });
});
