/* eslint-disable jest/no-export, jest/valid-title, jest/valid-describe-callback, jest/no-disabled-tests
   -- no test file itself: it makes the blocks of those that need a program */
import { findBinary, isSkipped, type NeededProgram, requireBinary, whatIsMissing } from './needed-program';

/**
 * `describe` for tests that start a program. Without the program they are skipped, and `skipped-reporter.cjs` says so at the end
 * of the run; where the program is required they fail.
 */
export function describeWith(program: NeededProgram, name: string, body: () => void): void {
  const { requireVariable, skipVariable } = program;
  if (isSkipped(program)) skip(program, `${skipVariable}=1`, name, body);
  else if (findBinary(program) !== undefined) describe(name, body);
  else if (process.env[requireVariable] === '1') {
    // One failure with the reason, not one from every test of the block.
    it(`${name}: ${requireVariable}=1`, () => {
      expect(() => requireBinary(program)).not.toThrow();
    });
  } else skip(program, `there is ${whatIsMissing(program)}`, name, body);
}

function skip(program: NeededProgram, reason: string, name: string, body: () => void): void {
  // The reporter reads this title.
  describe.skip(`SKIPPED: ${program.name} (${program.package}): ${reason}`, () => describe(name, body));
}
