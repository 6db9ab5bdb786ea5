/**
 * node test/package/check-package.mjs [--nest 10|11|12] [--keep]
 *
 * Packs the library as it would be published, installs it into a throwaway Nest application outside the repository and
 * uses it there. Needs the npm registry. One line a check; stops at the first that fails.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { buildLibrary, filesBelow, LIBRARY, REPOSITORY } from './build-library.mjs';
import { startGateways } from './gateways.mjs';
import { importedPackages, runtimeExports } from './source-facts.mjs';

const { values: flags } = parseArgs({
  options: { nest: { type: 'string', default: '11' }, keep: { type: 'boolean', default: false } },
});

const CONSUMER = fileURLToPath(new URL('consumer/', import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const workspace = readJson(join(REPOSITORY, 'package.json'));
const pinned = (name) => workspace.dependencies[name] ?? workspace.devDependencies[name];

/** What differs between the lines of Nest; everything else is as in the repository. */
const NEST_LINES = {
  10: { nest: '^10.4.0', '@nestjs/axios': '^3.1.0', '@nestjs/cache-manager': '^3.0.0' },
  11: {
    nest: pinned('@nestjs/core'),
    '@nestjs/axios': pinned('@nestjs/axios'),
    '@nestjs/cache-manager': pinned('@nestjs/cache-manager'),
  },
  12: { nest: '^12.0.0', '@nestjs/axios': '^12.0.0', '@nestjs/cache-manager': '^12.0.0' },
};
const { nest, ...integrations } = NEST_LINES[flags.nest] ?? fail('options', `--nest takes ${Object.keys(NEST_LINES)}`);

const folder = mkdtempSync(join(tmpdir(), 'payment-auth-package-'));
const app = join(folder, 'app');
const packed = join(app, 'node_modules', 'nestjs-payment-auth');
const gateways = await startGateways();

try {
  await check('the library compiles', () => buildLibrary());
  const tarball = await check('npm pack', pack);
  await check(`npm install into a Nest ${flags.nest} application`, () => install(tarball));
  await check('the tarball holds what it should and nothing else', checkFiles);
  await check('every import is a builtin or a declared dependency', checkImports);
  const declared = runtimeExports(join(LIBRARY, 'src', 'index.ts'));
  for (const main of ['main.cjs', 'main.mjs']) {
    const seen = await check(`${main} boots with all three gateways`, () => boot(main));
    await check(`${main}: two nonces, all different, from one access token`, () => {
      same(new Set(seen.nonces).size, 2);
      same(gateways.seen.tokenCalls.splice(0).sort(), ['alignet', 'netzme']);
    });
    await check(`${main}: Placetopay accepts the auth`, () => same(seen.placetopay, true));
    await check(`${main}: Netzme accepts the signatures of a GET and a POST`, () => same(seen.netzme, [true, true]));
    await check(`${main}: our services are the application's own HttpService`, () => same(seen.isHttpService, true));
    await check(`${main}: wrong options are a PaymentAuthConfigError`, () =>
      same(seen.problem, 'ERR_PAYMENT_AUTH_CONFIG'),
    );
    await check(`${main}: exports what src/index.ts lists`, () => same(seen.exported, declared));
  }
  await check('consumer.ts compiles against the packed types', compileConsumer);
  console.log(`\nExported at run time (${declared.length}): ${declared.join(', ')}`);
} finally {
  cleanUp();
}

async function check(what, run) {
  try {
    const result = await run();
    console.log(`ok    ${what}`);
    return result;
  } catch (error) {
    cleanUp();
    return fail(what, error.message);
  }
}

function fail(what, why) {
  console.log(`FAIL  ${what}\n${why}`);
  process.exit(1);
}

function cleanUp() {
  gateways.close();
  if (flags.keep) console.log(`Kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

function same(actual, expected) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`expected ${JSON.stringify(expected)}\nbut got  ${JSON.stringify(actual)}`);
}

async function pack() {
  await npm(['pack', '--pack-destination', folder], LIBRARY);
  const { name, version } = readJson(join(LIBRARY, 'package.json'));
  return join(folder, `${name}-${version}.tgz`);
}

async function install(tarball) {
  mkdirSync(app);
  cpSync(CONSUMER, app, { recursive: true });
  const others = ['axios', 'cache-manager', 'class-validator', 'reflect-metadata', 'rxjs'];
  const manifest = {
    name: 'throwaway',
    private: true,
    dependencies: {
      'nestjs-payment-auth': `file:${tarball}`,
      '@nestjs/common': nest,
      '@nestjs/core': nest,
      '@nestjs/platform-express': nest,
      ...integrations,
      ...Object.fromEntries(others.map((name) => [name, pinned(name)])),
      keyv: pinned('keyv'),
      '@types/node': pinned('@types/node'),
    },
  };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
  // On a line of Nest that the library does not name as a peer, the trial is whether it works all the same.
  const { peerDependencies } = readJson(join(LIBRARY, 'package.json'));
  const lenient = peerDependencies['@nestjs/core'].includes(`^${flags.nest}.`) ? [] : ['--legacy-peer-deps'];
  await npm(['install', '--no-audit', '--no-fund', ...lenient], app);
}

function checkFiles() {
  const packedFiles = filesBelow(packed);
  const sources = filesBelow(join(LIBRARY, 'src')).filter((file) => !/\.spec\.ts$/.test(file));
  const modules = sources.map((file) => join('dist', file.replace(/\.ts$/, '')));
  const wanted = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
  same(packedFiles, [...wanted, ...modules.flatMap((module) => [`${module}.js`, `${module}.d.ts`])].sort());
}

function checkImports() {
  const manifest = readJson(join(packed, 'package.json'));
  const allowed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const undeclared = filesBelow(join(packed, 'dist'))
    .flatMap((file) => importedPackages(join(packed, 'dist', file)).map((name) => `${file} imports ${name}`))
    .filter((line) => !allowed.has(line.split(' imports ')[1]));
  same(undeclared, []);
}

async function boot(main) {
  const { stdout } = await run(process.execPath, [main, gateways.baseUrl], app);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

async function compileConsumer() {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options =
    '--noEmit --strict --skipLibCheck --target es2023 --module nodenext --experimentalDecorators --emitDecoratorMetadata --types node';
  await run(process.execPath, [compiler, ...options.split(' '), 'consumer.ts'], app);
}

function npm(args, cwd) {
  const entry = process.env.npm_execpath;
  const isNpm = entry !== undefined && /npm-cli\.c?js$/.test(entry);
  return isNpm ? run(process.execPath, [entry, ...args], cwd) : run('npm', args, cwd);
}

/** Not spawnSync: the gateways answer from this process. */
function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve({ stdout })
        : reject(new Error(`${args.at(0)} ended with code ${code}:\n${stdout}${stderr}`)),
    );
  });
}
