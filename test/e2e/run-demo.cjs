'use strict';
/*
 * Runs the demo's own main.ts in a process of its own, straight from its sources, so that a test sees what a user sees:
 * the log on stdout, mistakes on stderr, the exit code, and what a signal does. Compiles as jest.config.js does.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const ROOT = join(__dirname, '..', '..');
const { transform, moduleNameMapper } = require(join(ROOT, 'jest.config.js'));
const [, { module: output, jsc }] = Object.values(transform)[0];

const aliases = Object.entries(moduleNameMapper).map(([pattern, target]) => [
  new RegExp(pattern),
  target.replace('<rootDir>', ROOT),
]);
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...others) {
  const alias = aliases.find(([pattern]) => pattern.test(request));
  return resolve.call(this, alias ? alias[1] : request, ...others);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    module: output,
    jsc,
    swcrc: false,
    configFile: false,
    sourceMaps: false,
  });
  module._compile(code, filename);
};

require(join(ROOT, 'apps', 'demo', 'src', 'main.ts'));
