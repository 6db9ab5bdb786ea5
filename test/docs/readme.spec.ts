import { Test } from '@nestjs/testing';
import { transformSync } from '@swc/core';
import * as paymentAuth from 'nestjs-payment-auth';
import * as testingKit from 'nestjs-payment-auth/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const READMES = ['README.md', 'libs/payment-auth/README.md'];

interface Example {
  readonly name: string;
  readonly code: string;
}

const examples: Example[] = READMES.flatMap((file) => {
  const blocks = readFileSync(join(ROOT, file), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms);
  return [...blocks].map(([, code = ''], index) => ({ name: `${file} example ${index + 1}`, code }));
});

/** Runs an example as a CommonJS module, as a user's build would. */
function run({ code }: Example): Record<string, unknown> {
  const compiled = transformSync(code, {
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
  });
  const module = { exports: {} as Record<string, unknown> };
  const ours: Record<string, unknown> = {
    'nestjs-payment-auth': paymentAuth,
    'nestjs-payment-auth/testing': testingKit,
  };
  const load = (name: string): unknown => ours[name] ?? jest.requireActual(name);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- it is our own README
  new Function('module', 'exports', 'require', compiled.code)(module, module.exports, load);
  return module.exports;
}

describe('README examples', () => {
  const set = { PLACETOPAY_LOGIN: 'your-login', PLACETOPAY_SECRET_KEY: 'your-secret-key' };
  beforeAll(() => void Object.assign(process.env, set));
  afterAll(() => Object.keys(set).forEach((name) => delete process.env[name]));

  it('are there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
  });

  it('type-check', () => {
    const files = new Map(examples.map(({ code }, index) => [join(ROOT, `test/docs/example-${index}.ts`), code]));
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
      ts.sys,
      ROOT,
    );
    const host = ts.createCompilerHost(options);
    const fromDisk = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version) => {
      const code = files.get(name);
      return code === undefined ? fromDisk(name, version) : ts.createSourceFile(name, code, version);
    };
    const known = host.fileExists.bind(host);
    host.fileExists = (name) => files.has(name) || known(name);
    const program = ts.createProgram([...files.keys()], { ...options, noEmit: true }, host);
    // What they import is checked by `npm run typecheck`.
    const diagnostics = [...files.keys()]
      .flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)))
      .map(({ messageText, file }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    expect(diagnostics).toEqual([]);
  });

  const isApplication = ({ code }: Example): boolean => code.includes('class AppModule');

  it.each(examples.filter(isApplication))('$name starts as an application', async (example) => {
    const { AppModule } = run(example) as { AppModule: new () => unknown };
    const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
    expect(app.get(paymentAuth.PlacetopayAuthService, { strict: false })).toBeDefined();
    await app.close();
  });

  it.each(examples.filter((example) => !isApplication(example)))('$name runs', (example) => {
    expect(Object.keys(run(example))).not.toHaveLength(0);
  });

  it('without Nest: gives the signature the README states', () => {
    const example = examples.find(({ code }) => code.includes('signNetzmeRequest('));
    const { headers, auth } = run(example ?? { name: '', code: '' }) as {
      headers: { Signature: string };
      auth: paymentAuth.PlacetopayAuth;
    };
    expect(example?.code).toContain(`headers.Signature === '${headers.Signature}'`);
    expect(auth.login).toBe('your-login');
  });

  it('testing: the statuses the README states', async () => {
    const example = examples.find(({ code }) => code.includes('alignetNotificationRequest('));
    const { statusOf } = run(example ?? { name: '', code: '' }) as {
      statusOf: (change?: (body: Buffer) => Buffer) => Promise<number>;
    };
    expect(await statusOf()).toBe(200);
    expect(await statusOf((body) => Buffer.from(body.toString().replace('AUTORIZADO', 'AUTORIZADA')))).toBe(401);
  });
});

describe('the library README', () => {
  const text = readFileSync(join(ROOT, 'libs/payment-auth/README.md'), 'utf8');

  it('names every error code and every option there is', () => {
    const errors = readFileSync(join(ROOT, 'libs/payment-auth/src/core/errors.ts'), 'utf8');
    const codes = errors.match(/'ERR_\w+'/g) ?? [];
    const sources = readdirSync(join(ROOT, 'libs/payment-auth/src'), { recursive: true, encoding: 'utf8' });
    const options = sources
      .filter((file) => file.endsWith('.options.ts'))
      .flatMap((file) => {
        const source = readFileSync(join(ROOT, 'libs/payment-auth/src', file), 'utf8');
        return [...source.matchAll(/^ {2}(\w+)[!?]: /gm)].map(([, name = '']) => name);
      });
    expect(options.length).toBeGreaterThan(50);
    const missing = [...new Set([...codes.map((code) => code.replaceAll("'", '')), ...options])].filter(
      (name) => !text.includes(`\`${name}\``),
    );
    expect(missing).toEqual([]);
  });
});
