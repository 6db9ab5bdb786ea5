'use strict';
const base = require('../../jest.config.js');
const { ROOT, testFiles } = require('./test-files.cjs');

process.env.TEST_TIER = 'long';

/** Files that only run here, and those with a longer form than in `npm test`. @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: ROOT,
  // Here every Redis is a process of its own, which a test can kill and stop.
  globalSetup: undefined,
  globalTeardown: undefined,
  testRegex: testFiles(
    (file, text) => /\.long-spec\.ts$/.test(file) || /\b(shortOrLong|itInLong)\(|\bRedisServer\.start\(/.test(text),
  ),
};
