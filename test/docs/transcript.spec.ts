import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppModule } from '../../apps/demo/src/app.module';
import { APP_OPTIONS, configureApp } from '../../apps/demo/src/configure-app';

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
    else if (word === '-d') init.body = words.shift() ?? '';
    else if (word === '-H') {
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

  beforeAll(async () => {
    app = configureApp(
      await NestFactory.create<NestExpressApplication>(await AppModule.register({ LOG_LEVEL: 'silent' }), {
        ...APP_OPTIONS,
        forceCloseConnections: true,
      }),
    );
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it('has a call to each gateway', () => {
    expect(shown.map(({ command }) => /3000\/(\w+)/.exec(command)?.[1])).toEqual(['alignet', 'placetopay', 'netzme']);
  });

  it.each(shown)('$command', async ({ command, answer }) => {
    const { url, init } = requestOf(command);
    expect(url.port).toBe('3000');
    const response = await fetch(new URL(url.pathname + url.search, await app.getUrl()), init);
    expect(response.ok).toBe(true);
    expect(shapeOf(await response.json())).toEqual(shapeOf(JSON.parse(answer)));
  });

  it('shows both commands', () => {
    expect(README).toContain('npm ci && npm start');
    expect(README).toContain('npm ci && npm test');
  });
});
