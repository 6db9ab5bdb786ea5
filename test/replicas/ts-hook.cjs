'use strict';
// Lets plain Node run the repository's TypeScript: `node -r ./ts-hook.cjs file.ts`. Transpiles as Jest does.
const { transformSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { resolve } = require('node:path');
const { transform } = require('../../jest.config.js');

const ROOT = resolve(__dirname, '../..');
const ALIASES = new Map([
  ['nestjs-payment-auth', resolve(ROOT, 'libs/payment-auth/src/index.ts')],
  ['@payment-auth/gateway-simulator', resolve(ROOT, 'libs/gateway-simulator/src/index.ts')],
]);
const [[, options]] = Object.values(transform);

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return resolveFilename.call(this, ALIASES.get(request) ?? request, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
  module._compile(code, filename);
};
