'use strict';
const { readdirSync, readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const ROOT = resolve(__dirname, '../..');

/** Jest's `testRegex` for the test files whose path, relative to the repository, and text are so. */
function testFiles(isSo) {
  return ['libs', 'apps', 'test']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => /[.-]spec\.ts$/.test(file) && !/[\\/](node_modules|dist)[\\/]/.test(file))
    .filter((file) => isSo(file, readFileSync(join(ROOT, file), 'utf8')))
    .map((file) => `[\\\\/]${file.split(/[.\\/]/).join('.')}$`);
}

module.exports = { ROOT, testFiles };
