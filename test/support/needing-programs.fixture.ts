import { describeWith } from './describe-with';
import { BROWSER, REDIS } from './needed-program';

// Not a test file by its name: needed-program.spec.ts runs it on machines that lack the one, the other or both.

it('needs nothing', () => undefined);

describeWith(REDIS, 'with Redis', () => {
  it('reads', () => undefined);
  it('writes', () => undefined);
});

describe('a page', () => {
  describeWith(BROWSER, 'with Chromium', () => {
    it('opens', () => undefined);
  });
});
