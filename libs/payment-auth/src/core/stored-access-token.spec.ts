import { readStoredAccessToken } from './stored-access-token';

const STORED = { value: 'T', obtainedAt: 1, expiresAt: 2, lifetimeMs: 1_000 };

describe('readStoredAccessToken', () => {
  it('takes the members of a token and leaves whatever lies beside them', () => {
    expect(readStoredAccessToken({ ...STORED, isAdmin: true })).toEqual(STORED);
  });

  it.each(['obtainedAt', 'expiresAt', 'lifetimeMs'])('takes nothing for %s that is no time', (member) => {
    for (const time of [Number.NaN, Infinity, -Infinity, '5', null, undefined, new Date(5), [5]]) {
      expect(readStoredAccessToken({ ...STORED, [member]: time })).toBeUndefined();
    }
  });

  it.each([[['T']], [''], ['a b'], [7], [undefined]])('takes %p for no value', (value) => {
    expect(readStoredAccessToken({ ...STORED, value })).toBeUndefined();
  });
});
