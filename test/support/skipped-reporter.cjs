'use strict';
/**
 * Says at the end of a run what `describeWith` left out, why, how many tests, and the one command that installs all that is missing:
 * the dots and circles of skipped tests are easily overlooked, and a green run that left out half should not look like one
 * that did not.
 *
 * @implements {import('@jest/reporters').Reporter}
 */
class SkippedReporter {
  onRunComplete(_contexts, { testResults }) {
    const skipped = new Map();
    for (const { testResults: tests } of testResults) {
      for (const { status, ancestorTitles } of tests) {
        const title = ancestorTitles.find((each) => each.startsWith('SKIPPED: '));
        if (status === 'pending' && title !== undefined) skipped.set(title, (skipped.get(title) ?? 0) + 1);
      }
    }
    if (skipped.size === 0) return;
    const missing = [];
    process.stderr.write('\n');
    for (const [title, count] of skipped) {
      const [, name, debianPackage, reason] = /^SKIPPED: (.+?) \((.+?)\): (.+)$/.exec(title);
      process.stderr.write(`SKIPPED: ${count} tests that need ${name}, because ${reason}.\n`);
      if (!reason.endsWith('=1')) missing.push(debianPackage);
    }
    if (missing.length === 0) return;
    process.stderr.write(
      `To run them, install what is missing; on Debian or Ubuntu, as root: apt-get install -y --no-install-recommends ${missing.sort().join(' ')}\n`,
    );
  }
}

module.exports = SkippedReporter;
