import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppModule } from '../../apps/demo/src/app.module';
import { APP_OPTIONS, configureApp } from '../../apps/demo/src/configure-app';
import { SIMULATOR } from '../../apps/demo/src/sandbox/sandbox.module';

/** `$ curl ...` and the answer below it, as the README shows them. */
interface Shown {
  readonly command: string;
  readonly answer: string;
}

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

const shown: Shown[] = [...README.matchAll(/^\$ (curl .*)\n(.*)$/gm)].map(([, command = '', answer = '']) => ({
  command,
  answer,
}));

/** As much of curl as the README uses. */
function requestOf(command: string): { url: URL; init: RequestInit } {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1);
  const init: { method?: string; body?: string; headers: Record<string, string> } = { headers: {} };
  let url = '';
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-X') init.method = words.shift() ?? '';
    else if (word === '-d') {
      init.body = words.shift() ?? '';
      init.method ??= 'POST';
    } else if (word === '-H') {
      const [name = '', value = ''] = (words.shift() ?? '').split(': ');
      init.headers[name] = value;
    } else url = word;
  }
  return { url: new URL(url), init };
}

/** The keys of JSON and the kinds of its values, without the values. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

describe('the transcript in the README', () => {
  let app: NestExpressApplication;
  /** Where the README's demo, and its simulator's control address, are here. */
  let places: readonly (readonly [told: string, here: string])[];
  const here = (text: string): string => places.reduce((moved, [from, to]) => moved.replaceAll(from, to), text);

  beforeAll(async () => {
    app = configureApp(
      await NestFactory.create<NestExpressApplication>(await AppModule.register({ LOG_LEVEL: 'silent' }), {
        ...APP_OPTIONS,
        forceCloseConnections: true,
      }),
    );
    await app.listen(0, '127.0.0.1');
    places = [
      ['http://localhost:3000', await app.getUrl()],
      ['http://localhost:4000', app.get<GatewaySimulator>(SIMULATOR).urls.control],
    ];
  });
  afterAll(() => app.close());

  it('has a call to each gateway, and a webhook from one', () => {
    expect(shown.map(({ command }) => /00\/([\w/]+)/.exec(command)?.[1])).toEqual([
      'alignet/nonce',
      'placetopay/sessions',
      'netzme/balance',
      'placetopay/sessions/1/outcome',
      'webhooks/send',
    ]);
  });

  it.each(shown)('$command', async ({ command, answer }) => {
    const { url, init } = requestOf(here(command));
    const response = await fetch(url, init);
    expect(response.ok).toBe(true);
    expect(shapeOf(await response.json())).toEqual(shapeOf(JSON.parse(answer)));
  });

  it('tells what became of the webhook', async () => {
    const [, told = ''] = /```json\n(\{\n {2}"verdict".*?)```/s.exec(README) ?? [];
    const expected = JSON.parse(told) as object;
    const { verdicts } = (await (await fetch(here('http://localhost:3000/webhooks'))).json()) as { verdicts: object[] };
    expect(verdicts).toEqual([{ ...expected, at: expect.any(String) as unknown }]);
  });

  it('tells what becomes of one that is broken', async () => {
    const { command = '' } = shown.at(-1) ?? {};
    expect(README).toContain('"break":"changed-byte"');
    const { url, init } = requestOf(here(command.replace('"data"', '"break":"changed-byte","data"')));
    const { answers } = (await (await fetch(url, init)).json()) as { answers: { status: number }[] };
    expect(answers[0]?.status).toBe(401);
    const { verdicts } = (await (await fetch(here('http://localhost:3000/webhooks'))).json()) as { verdicts: object[] };
    expect(verdicts[0]).toMatchObject({ verdict: 'refused', reason: 'mismatch' });
  });

  it('shows both commands', () => {
    expect(README).toContain('npm ci && npm start');
    expect(README).toContain('npm ci && npm test');
  });
});
