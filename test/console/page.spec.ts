import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { AssetsModule } from '../../apps/demo/src/console/assets/assets.module';
import { PAGE_FOLDER } from '../../apps/demo/src/console/assets/page.controller';
import { REPOSITORY_ROOT } from '../../apps/demo/src/console/assets/repository-root';
import { EnvironmentVariables } from '../../apps/demo/src/config/environment';
import { EnvironmentModule } from '../../apps/demo/src/config/environment.module';
import { Demo, PEN, SITE, startSimulator, stopAll } from '../e2e/demo-app';

const PAGE = '<!doctype html><title>the console</title>';

afterEach(stopAll);

describe('the page of the console', () => {
  let folder: string;
  let app: NestExpressApplication | undefined;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'payment-auth-console-'))));
  afterEach(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function serve(environment: Partial<EnvironmentVariables> = {}): Promise<ReturnType<typeof request>> {
    const variables = Object.assign(new EnvironmentVariables(), environment);
    const module = await Test.createTestingModule({ imports: [EnvironmentModule.register(variables), AssetsModule] })
      .overrideProvider(PAGE_FOLDER)
      .useValue(join(folder, 'page'))
      .compile();
    app = module.createNestApplication<NestExpressApplication>();
    await app.listen(0, '127.0.0.1');
    return request(await app.getUrl());
  }

  function build(): void {
    mkdirSync(join(folder, 'page/assets'), { recursive: true });
    writeFileSync(join(folder, 'page/index.html'), PAGE);
    writeFileSync(join(folder, 'page/assets/index-1a2b.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), 'not for anybody');
    writeFileSync(join(folder, 'page/assets/.hidden'), 'not for anybody');
  }

  it('is its build, which the browser asks for again, and whose files it keeps', async () => {
    build();
    const agent = await serve();
    const page = await agent.get('/');
    expect([page.status, page.text, page.headers['cache-control']]).toEqual([200, PAGE, 'no-cache']);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const script = await agent.get('/assets/index-1a2b.js');
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('says in one sentence how to build it, and is there once it is built', async () => {
    const agent = await serve();
    const missing = await agent.get('/');
    expect([missing.status, missing.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8']);
    expect(missing.text).toMatch(/^The console is not built: run `npm run build:console` .*\.\n$/);
    build();
    expect((await agent.get('/')).status).toBe(200);
  });

  it.each(['/assets/none.js', '/assets/..%2f..%2fsecret.txt', '/assets/%2e%2e%2findex.html', '/assets/.hidden'])(
    'gives out nothing else: %s',
    async (path) => {
      build();
      const agent = await serve();
      const { status, text } = await agent.get(path);
      expect([status, text]).toEqual([404, '{"statusCode":404,"message":"Not Found"}']);
    },
  );

  it('is not there in production without a token', async () => {
    build();
    const agent = await serve({ PAYMENT_ENV: 'production' });
    expect((await agent.get('/')).text).not.toBe(PAGE);
    expect((await agent.get('/assets/index-1a2b.js')).status).toBe(404);
  });

  it('is looked for in dist/console of the repository', () => {
    expect(REPOSITORY_ROOT).toBe(join(__dirname, '../..'));
  });
});

describe('the content security policy', () => {
  const directives = async (demo: Demo, path: string): Promise<Record<string, string>> => {
    const { headers } = await demo.get(path);
    const parts = (headers['content-security-policy'] ?? '').split(';').map((part) => part.trim());
    return Object.fromEntries(parts.map((part) => [part.split(' ', 1)[0], part.slice(part.indexOf(' ') + 1)]));
  };

  it('lets nothing inline run, and nothing foreign but Flex of the simulator', async () => {
    const demo = await Demo.start();
    const { alignet } = demo.simulator.urls;
    for (const path of ['/', '/page.css', '/console/api/session', '/webhooks']) {
      expect([path, await directives(demo, path)]).toEqual([
        path,
        {
          'default-src': "'none'",
          'script-src': `'self' ${alignet}`,
          'script-src-attr': "'none'",
          'style-src': `'self' ${alignet}`,
          'connect-src': `'self' ${alignet}`,
          'img-src': `'self' data: ${alignet}`,
          'font-src': `'self' ${alignet}`,
          'frame-src': alignet,
          'form-action': "'self'",
          'base-uri': "'none'",
          'object-src': "'none'",
          'frame-ancestors': "'none'",
        },
      ]);
    }
  });

  it('names the configured Flex elsewhere, and none where Alignet is not configured', async () => {
    const environment = {
      PAYMENT_ENV: 'test',
      ALIGNET_CLIENT_ID: PEN.clientId,
      ALIGNET_CLIENT_SECRET: PEN.clientSecret,
      ALIGNET_ASSETS_BASE_URL: 'https://flex.example/v2/',
    };
    const withFlex = await directives(await Demo.start({ environment }), '/');
    expect(withFlex['script-src']).toBe("'self' https://flex.example");
    expect(withFlex['connect-src']).toBe("'self' https://flex.example https://api.preprod.alignet.io");

    const { urls } = await startSimulator();
    const placetopay = {
      PAYMENT_ENV: 'test',
      PLACETOPAY_LOGIN: SITE.login,
      PLACETOPAY_SECRET_KEY: SITE.secretKey,
      PLACETOPAY_CHECKOUT_BASE_URL: urls.placetopay,
    };
    const without = await directives(await Demo.start({ environment: placetopay }), '/');
    expect([without['script-src'], without['frame-src']]).toEqual(["'self'", "'none'"]);
  });

  it('keeps the API’s page working, whose library brings styles of its own', async () => {
    const demo = await Demo.start();
    const policy = await directives(demo, '/docs');
    expect(policy['style-src']).toContain("'unsafe-inline'");
    expect(policy['script-src']).toBe("'self'");
    expect(await directives(demo, '/docsx')).not.toMatchObject({ 'style-src': policy['style-src'] });
  });
});
