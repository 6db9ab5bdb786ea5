import { readdirSync } from 'node:fs';
import { AREAS } from './areas.mjs';

// Set by run.mjs.
const { MUTATION_AREA: area = 'signing', MUTATION_FILES: files = '' } = process.env;
const { mutate, specs } = AREAS[area];
const known = ['libs', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true }).map((path) => `${folder}/${path}`),
);
const isOurs = (path) => !path.includes('node_modules') && specs.some((spec) => spec.test(path));

/** Properties last: a table finds most mistakes sooner. */
const isProperty = (path) => Number(path.includes('.property.'));
const inOrder = (left, right) => isProperty(left) - isProperty(right) || left.localeCompare(right);

/** Times are no measure under a mutant's instruments, and the others repeat in seconds what shorter tests show. */
const LEFT_OUT = 'linear time|every other number and length|arbitrary bytes and headers';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions & { inProcess: { specs: string[], leftOut: string } }} */
export default {
  testRunner: 'in-process',
  plugins: ['./test/mutation/in-process-runner.mjs', './test/mutation/ignore-texts.mjs'],
  ignorers: ['texts'],
  inProcess: { specs: known.filter(isOurs).sort(inOrder), leftOut: LEFT_OUT },
  mutate: [...(files === '' ? mutate : files.split(' ')), '!**/*.spec.ts'],
  coverageAnalysis: 'perTest',
  incremental: true,
  incrementalFile: `coverage/mutation/${area}.incremental.json`,
  concurrency: 2,
  // Long: on a busy machine a mutant that lives would pass for one that hangs. Endless loops are found by counting.
  timeoutMS: 20_000,
  tempDirName: 'coverage/mutation/sandbox',
  ignorePatterns: ['coverage', 'dist', 'libs/*/dist', '.ci'],
  disableTypeChecks: false,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: `coverage/mutation/${area}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
  warnings: { slow: false, unknownOptions: false },
};
