import { randomBytes } from 'node:crypto';
import { Secret } from '../secret';
import { TokenCipher } from './token-cipher';

const key = (id: string) => ({ id, key: randomBytes(32) });
const TEXT = JSON.stringify({ value: 'eyJhbGciOi.secret-token', lifetimeMs: 3_600_000, merchant: 'Ñandú ☕' });
const PLACE = '["netzme","https://gateway.example","client",null,null]';

describe('TokenCipher', () => {
  const cipher = new TokenCipher([key('2026-11')]);

  it.each([TEXT, '', 'a', '\u0000', '☕'.repeat(20)])('gives back what it encrypted: %j', (text) => {
    // GCM of nothing is an empty ciphertext with a tag; a token is never empty, and that is refused.
    const expected = text === '' ? undefined : text;
    expect(cipher.decrypt(cipher.encrypt(text, PLACE), PLACE)).toBe(expected);
  });

  it('shows nothing of the text, and never encrypts alike twice', () => {
    const sealed = Array.from({ length: 100 }, () => cipher.encrypt(TEXT, PLACE));
    expect(new Set(sealed).size).toBe(100);
    for (const one of sealed) {
      const bytes = Buffer.from(one.split(':').at(-1) ?? '', 'base64');
      expect(one).not.toContain('secret-token');
      expect(bytes.includes('secret-token')).toBe(false);
    }
  });

  it('names its format and its key', () => {
    expect(cipher.encrypt(TEXT, PLACE)).toMatch(/^v1:2026-11:[A-Za-z0-9+/]+=*$/);
  });

  it('does not open what another key sealed, whether the id is known or not', () => {
    const sealed = cipher.encrypt(TEXT, PLACE);
    expect(new TokenCipher([key('2026-12')]).decrypt(sealed, PLACE)).toBeUndefined();
    expect(new TokenCipher([key('2026-11')]).decrypt(sealed, PLACE)).toBeUndefined();
  });

  it('rotates: the first key seals, every key opens, a dropped key opens no more', () => {
    const [old, next] = [key('old'), key('next')];
    const before = new TokenCipher([old]);
    const during = new TokenCipher([next, old]);
    const after = new TokenCipher([next]);
    const sealedBefore = before.encrypt(TEXT, PLACE);
    const sealedDuring = during.encrypt(TEXT, PLACE);
    expect(sealedDuring).toMatch(/^v1:next:/);
    expect(during.decrypt(sealedBefore, PLACE)).toBe(TEXT);
    expect(new TokenCipher([old, next]).decrypt(sealedDuring, PLACE)).toBe(TEXT);
    expect(after.decrypt(sealedDuring, PLACE)).toBe(TEXT);
    expect(after.decrypt(sealedBefore, PLACE)).toBeUndefined();
    expect(before.decrypt(sealedDuring, PLACE)).toBeUndefined();
  });

  it.each(['a:b', 'ключ', '%3A', ' '])('takes any key id: %j', (id) => {
    const odd = new TokenCipher([key('other'), key(id)].reverse() as [ReturnType<typeof key>]);
    expect(odd.decrypt(odd.encrypt(TEXT, PLACE), PLACE)).toBe(TEXT);
  });

  it('refuses a change of any bit: nonce, text or tag', () => {
    const [format, id, payload = ''] = cipher.encrypt(TEXT, PLACE).split(':');
    const bytes = Buffer.from(payload, 'base64');
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(cipher.decrypt([format, id, changed.toString('base64')].join(':'), PLACE)).toBeUndefined();
    }
  });

  it('refuses a value cut short anywhere, or with more behind it', () => {
    const sealed = cipher.encrypt(TEXT, PLACE);
    const [format, id, payload = ''] = sealed.split(':');
    const bytes = Buffer.from(payload, 'base64');
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = [format, id, bytes.subarray(0, length).toString('base64')].join(':');
      expect(cipher.decrypt(cut, PLACE)).toBeUndefined();
    }
    const longer = Buffer.concat([bytes, Buffer.of(0)]).toString('base64');
    expect(cipher.decrypt([format, id, longer].join(':'), PLACE)).toBeUndefined();
    expect(cipher.decrypt(`${sealed}:`, PLACE)).toBeUndefined();
    expect(cipher.decrypt(`v2${sealed.slice(2)}`, PLACE)).toBeUndefined();
  });

  it("refuses a value moved to another token's place", () => {
    const sealed = cipher.encrypt(TEXT, PLACE);
    expect(cipher.decrypt(sealed, PLACE.replace('client', 'other'))).toBeUndefined();
    expect(cipher.decrypt(sealed, '')).toBeUndefined();
  });

  it.each(['', ':', '::', 'v1', 'v1:2026-11', 'v1:2026-11:', 'v1:2026-11:!!!', 'null', '{"value":"x"}', '\u0000'])(
    'takes garbage for no token: %j',
    (garbage) => {
      expect(cipher.decrypt(garbage, PLACE)).toBeUndefined();
    },
  );

  it("derives one key from a client's secret, the same in every replica and another for another secret", () => {
    const sealed = TokenCipher.derivedFrom(new Secret('the client secret')).encrypt(TEXT, PLACE);
    expect(TokenCipher.derivedFrom(new Secret('the client secret')).decrypt(sealed, PLACE)).toBe(TEXT);
    expect(TokenCipher.derivedFrom(new Secret('the client secreT')).decrypt(sealed, PLACE)).toBeUndefined();
    expect(sealed).not.toContain('the client secret');
  });

  it('opens what other versions of this library seal: during an update both run side by side', () => {
    const sealed = 'v1:client-secret:AAECAwQFBgcICQoLldpbjmby++1CT7e/5CI/IuYaOoDrkDo=';
    expect(TokenCipher.derivedFrom(new Secret('the client secret')).decrypt(sealed, 'place')).toBe('a token');
  });

  it("follows the client secret's rotation, and opens what was sealed with the next one", () => {
    const here = new Secret({ current: 'one', next: 'two' });
    const cipherHere = TokenCipher.derivedFrom(here);
    const there = TokenCipher.derivedFrom(new Secret('two'));
    const before = cipherHere.encrypt(TEXT, PLACE);
    expect(there.decrypt(before, PLACE)).toBeUndefined();
    expect(cipherHere.decrypt(there.encrypt(TEXT, PLACE), PLACE)).toBe(TEXT);
    here.replace('two');
    expect(there.decrypt(cipherHere.encrypt(TEXT, PLACE), PLACE)).toBe(TEXT);
    expect(cipherHere.decrypt(before, PLACE)).toBeUndefined();
  });
});
