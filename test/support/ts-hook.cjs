'use strict';
// Lets plain Node run the repository's TypeScript: `node -r ./ts-hook.cjs file.ts`. Transpiles and resolves as Jest does.
const { transformSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { resolve } = require('node:path');
const { moduleNameMapper, transform } = require('../../jest.config.js');

const ROOT = resolve(__dirname, '../..');
const ALIASES = Object.entries(moduleNameMapper).map(([pattern, target]) => [
  new RegExp(pattern),
  target.replace('<rootDir>', ROOT),
]);
const [[, options]] = Object.values(transform);

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const alias = ALIASES.find(([pattern]) => pattern.test(request));
  return resolveFilename.call(this, alias?.[1] ?? request, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename });
  module._compile(code, filename);
};
