'use strict';
const base = require('../../jest.config.js');
const { ROOT, testFiles } = require('./test-files.cjs');

const SHIFT = require.resolve('./shift-clock.cjs');

// Jest's workers start with this environment; what runs in Jest's own process is reached by the two lines behind.
process.env.TZ = 'Asia/Jakarta';
process.env.LANG = process.env.LC_ALL = 'es_PE.UTF-8';
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} -r ${JSON.stringify(SHIFT)}`;
process.env.TEST_TIER = 'shifted';
require(SHIFT);

/** Browsers, Redis and other processes have clocks of their own. */
const OTHER_CLOCKS = /\bdescribeWith\(|\/demo-process'|\/server-process'|'node:child_process'/;

/** The suites of `npm test` that start no other process, 400 days ahead, in another zone and locale. @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: ROOT,
  testRegex: testFiles((file, text) => /[.](e2e-)?spec\.ts$/.test(file) && !OTHER_CLOCKS.test(text)),
  globalSetup: undefined,
  globalTeardown: undefined,
  setupFiles: [SHIFT],
};
