'use strict';
/**
 * Says once, at the end of a run, what `describeWith` left out and why: the dots and circles of
 * skipped tests are easily overlooked, and a green run that left out half should not look like one that did not.
 *
 * @implements {import('@jest/reporters').Reporter}
 */
class SkippedReporter {
  onRunComplete(_contexts, { testResults }) {
    const left = new Map();
    for (const { testResults: tests } of testResults) {
      for (const { status, ancestorTitles } of tests) {
        const [reason] = ancestorTitles;
        if (status !== 'pending' || !reason?.startsWith('SKIPPED: ')) continue;
        left.set(reason, (left.get(reason) ?? 0) + 1);
      }
    }
    for (const [reason, count] of left) process.stderr.write(`\n${reason}. ${count} did not run.\n`);
  }
}

module.exports = SkippedReporter;
