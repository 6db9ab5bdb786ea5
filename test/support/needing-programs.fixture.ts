import { describeWith } from './describe-with';
import { BROWSER, REDIS } from './needed-program';

// Not a test file by its name: needed-program.spec.ts runs it as on machines that lack a program.

const expectToRun = (): void => expect(true).toBe(true);

it('needs nothing', () => expectToRun());

describeWith(REDIS, 'with Redis', () => {
  it('reads', () => expectToRun());
  it('writes', () => expectToRun());
});

describe('a page', () => {
  describeWith(BROWSER, 'with Chromium', () => {
    it('opens', () => expectToRun());
  });
});
