/* eslint-disable jest/no-export, jest/valid-title, jest/valid-describe-callback, jest/no-disabled-tests
   -- no test file itself: it makes the blocks of those that need a program */
import { findBinary, type NeededProgram, requireBinary, whatIsMissing } from './needed-program';

/** `describe` for tests that start the program: without it they are skipped and say why, or fail where it is required. */
export function describeWith(program: NeededProgram, name: string, body: () => void): void {
  const { requireVariable, skipVariable } = program;
  const isRequired = process.env[requireVariable] === '1';
  if (!isRequired && process.env[skipVariable] === '1') skip(program, `${skipVariable}=1`, name, body);
  else if (findBinary(program) !== undefined) describe(name, body);
  else if (isRequired || program.whenMissing === 'fail') {
    // One failure with the reason, not one from every test of the block.
    it(isRequired ? `${name}: ${requireVariable}=1` : name, () => {
      expect(() => requireBinary(program)).not.toThrow();
    });
  } else skip(program, `there is ${whatIsMissing(program)}`, name, body);
}

function skip(program: NeededProgram, reason: string, name: string, body: () => void): void {
  // skipped-reporter.cjs looks for the first word.
  describe.skip(`SKIPPED: tests that need ${program.name}, because ${reason}`, () => describe(name, body));
}
