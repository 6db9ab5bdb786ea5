'use strict';
/**
 * Says at the end of a run which tests `describeWith` left out, why, how many, and the one command that installs all that is
 * missing: a green run that left out half should not look like one that did not.
 *
 * @implements {import('@jest/reporters').Reporter}
 */
class SkippedReporter {
  onRunComplete(_contexts, { testResults }) {
    const skipped = new Map();
    for (const { status, ancestorTitles } of testResults.flatMap((file) => file.testResults)) {
      if (status !== 'pending') continue;
      // In a block within a block it takes both programs.
      for (const title of ancestorTitles.filter((each) => each.startsWith('SKIPPED: '))) {
        skipped.set(title, (skipped.get(title) ?? 0) + 1);
      }
    }
    const lines = [];
    const missing = [];
    for (const [title, count] of skipped) {
      const [, name, debianPackage, reason] = /^SKIPPED: (.+?) \((.+?)\): (.+)$/.exec(title);
      lines.push(
        `SKIPPED: ${count} ${count === 1 ? 'test that needs' : 'tests that need'} ${name}, because ${reason}.`,
      );
      if (!reason.endsWith('=1')) missing.push(debianPackage);
    }
    if (missing.length > 0) {
      const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
      lines.push(`To run them, as root on Debian or Ubuntu: ${command}`);
    }
    if (lines.length > 0) process.stderr.write(`\n${lines.join('\n')}\n`);
  }
}

module.exports = SkippedReporter;
