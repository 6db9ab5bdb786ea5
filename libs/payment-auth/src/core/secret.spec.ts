import { inspect } from 'node:util';
import { isRotatingSecret, Secret } from './secret';

describe('isRotatingSecret', () => {
  it.each([[{ current: 'a' }], [{ current: 'a', next: 'b' }], [{ current: 'a', next: undefined }]])(
    'takes %p for one',
    (value) => {
      expect(isRotatingSecret(value)).toBe(true);
    },
  );

  it.each([
    [null],
    ['a'],
    [{}],
    [{ next: 'b' }],
    [{ current: 7 }],
    [{ current: undefined, next: 'b' }],
    [{ current: 'a', next: 7 }],
    [{ current: 'a', next: null }],
    // A block of options that happens to have a member of that name.
    [{ current: 'a', clientId: 'b' }],
    [{ current: 'a', next: 'b', previous: 'c' }],
  ])('takes %p for none', (value) => {
    expect(isRotatingSecret(value)).toBe(false);
  });
});

describe('Secret', () => {
  it('says that something is kept back, wherever it is written', () => {
    const secret = new Secret({ current: 'one', next: 'two' });
    expect(String(secret)).toBe('[secret]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
    expect(inspect({ secret })).toBe('{ secret: [secret] }');
  });

  it.each([
    ['text', 'one', ['one']],
    ['a current one', { current: 'one' }, ['one']],
    ['a current one and no next', { current: 'one', next: undefined }, ['one']],
    ['a current and a next one', { current: 'one', next: 'two' }, ['one', 'two']],
  ])('of %s accepts that and no more', (_what, given, accepted) => {
    expect(new Secret(given).accepted()).toStrictEqual(accepted);
    expect(new Secret(given).reveal()).toBe('one');
  });

  it('is not asked of a function: that is for who loads the options', () => {
    expect(() => Secret.from(() => 'one')).toThrow(/must be loaded/);
  });

  it('stays the one it is, so that a new text reaches everybody who holds it', () => {
    const secret = new Secret('one');
    expect(Secret.from(secret)).toBe(secret);
    expect(Secret.from('one').accepted()).toEqual(['one']);
  });

  it.each([
    ['the next one', { current: 'one', next: 'three' }, true],
    ['the current one', { current: 'three', next: 'two' }, true],
    ['which comes first', { current: 'two', next: 'one' }, true],
    ['that there is a next one', 'one', true],
    ['nothing', { current: 'one', next: 'two' }, false],
  ])('tells a change of %s', (_what, given, hasChanged) => {
    expect(new Secret({ current: 'one', next: 'two' }).replace(given)).toBe(hasChanged);
  });
});
