import * as fc from 'fast-check';
import { insertAuth } from './insert-auth';

const AUTH = { login: 'site', tranKey: 'm6U2qDmDyHJ6spiTGpYdbrVz6CZ2M3FWgGVFGSJTWoA=', nonce: 'bm9uY2U=', seed: 'now' };
const MEMBER = `"auth":${JSON.stringify(AUTH)}`;

const inserted = (body: string): string => insertAuth(Buffer.from(body, 'utf8'), AUTH).toString('utf8');

/** JSON text as other programs write it: what `JSON.stringify` would never write, and what looks like structure but is none. */
const SPACE = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 });
const SCALAR = fc.oneof(
  fc.constantFrom('1.10', '-0', '1E+2', '12345678901234567890', '0.10000000000000000001', 'true', 'false', 'null'),
  fc.constantFrom('"\\u00e9\\/"', '"\\ud83d"', '"\\\\"', '"\\"}, \\"auth\\": {"', '"{[,:"', '"auth"', '"ñ😀\u2028"'),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);
const KEY = fc.oneof(
  fc.constantFrom('"a"', '""', '"Auth"', '"auth "', '"\\"auth\\""', '"__proto__"', '"\\u00e1"', '"}"', '","'),
  fc.string().map((text) => JSON.stringify(text)),
);
const AUTH_KEY = fc.constantFrom('"auth"', '"\\u0061uth"', '"au\\u0074h"', '"\\u0061\\u0075\\u0074\\u0068"');
const { value: VALUE } = fc.letrec<{ value: string }>((tie) => {
  const spaced = fc.tuple(SPACE, tie('value'), SPACE).map((parts) => parts.join(''));
  const nestedMember = fc
    .tuple(SPACE, fc.oneof(KEY, AUTH_KEY), SPACE, spaced)
    .map(([a, key, b, v]) => `${a}${key}${b}:${v}`);
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      SCALAR,
      fc.array(spaced, { maxLength: 3 }).map((values) => `[${values.join(',')}]`),
      fc.array(nestedMember, { maxLength: 3 }).map((members) => `{${members.join(',')}}`),
    ),
  };
});

interface Member {
  readonly isAuth: boolean;
  readonly before: string;
  /** Key, colon and value. */
  readonly text: string;
  readonly after: string;
}
const memberOf = (key: fc.Arbitrary<string>, isAuth: boolean): fc.Arbitrary<Member> =>
  fc
    .tuple(SPACE, key, SPACE, SPACE, VALUE, SPACE)
    .map(([before, name, a, b, value, after]) => ({ isAuth, before, text: `${name}${a}:${b}${value}`, after }));
const OTHER = memberOf(
  KEY.filter((key) => JSON.parse(key) !== 'auth'),
  false,
);
const OWN_AUTH = memberOf(AUTH_KEY, true);

const written = (members: readonly Member[]): string =>
  members.map(({ before, text, after }) => before + text + after).join(',');

describe('insertAuth', () => {
  it('adds it behind the last member, and leaves the rest as it was written', () => {
    const body = fc.tuple(SPACE, fc.array(OTHER, { maxLength: 4 }), SPACE);
    fc.assert(
      fc.property(body, ([before, members, after]) => {
        const start = `${before}{${written(members)}`;
        expect(inserted(`${start}}${after}`)).toBe(`${start}${members.length === 0 ? '' : ','}${MEMBER}}${after}`);
      }),
    );
  });

  it("takes the place of a caller's own, and leaves the rest as it was written", () => {
    const others = fc.array(OTHER, { maxLength: 3 });
    fc.assert(
      fc.property(SPACE, others, OWN_AUTH, others, SPACE, (before, left, own, right, after) => {
        const around = (auth: string): string =>
          `${before}{${written([...left, { ...own, text: auth }, ...right])}}${after}`;
        expect(inserted(around(own.text))).toBe(around(MEMBER));
      }),
    );
  });

  it('leaves one auth at the root, however often and under whatever escapes a caller gave it', () => {
    const members = fc.array(fc.oneof(OTHER, OWN_AUTH), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(members, OWN_AUTH, (some, own) => {
        const all = [...some, own];
        const result = inserted(`{${written(all)}}`);
        expect(JSON.parse(result)).toHaveProperty('auth', AUTH);
        // No other `auth` is left: without the one at its place, the text is that of the other members.
        const others = all.filter(({ isAuth }) => !isAuth);
        const index = all.findIndex(({ isAuth }) => isAuth);
        const first = all[index] ?? own;
        expect(result).toBe(
          `{${written([...others.slice(0, index), { ...first, text: MEMBER }, ...others.slice(index)])}}`,
        );
      }),
    );
  });

  it.each([
    ['an amount', '{"auth":{},"total":1.10}', `{${MEMBER},"total":1.10}`],
    [
      'a number too large for JavaScript',
      '{"id":12345678901234567890,"auth":1}',
      `{"id":12345678901234567890,${MEMBER}}`,
    ],
    ['escapes', '{ "auth" : "}" , "n":"\\u00f1\\/" }', `{ ${MEMBER} , "n":"\\u00f1\\/" }`],
    ['an auth further down', '{"auth":null,"a":{"auth":[1]}}', `{${MEMBER},"a":{"auth":[1]}}`],
    ['an escaped second one', '{"a":"x","auth":1, "\\u0061uth":2,"b":3}', `{"a":"x",${MEMBER},"b":3}`],
    ['nothing but an auth', '{"auth":{"login":"old"}}', `{${MEMBER}}`],
    ['nothing at all', '', `{${MEMBER}}`],
    ['a byte order mark, which JSON must not have', '\ufeff{"a":1}', `{"a":1,${MEMBER}}`],
  ])('keeps its hands off: %s', (_what, body, expected) => {
    expect(inserted(body)).toBe(expected);
  });

  it.each([
    ['a list', Buffer.from('[{"auth":1}]')],
    ['text', Buffer.from('"auth"')],
    ['null', Buffer.from('null')],
    ['half an object', Buffer.from('{"auth":{}')],
    ['no UTF-8', Buffer.from('{"a":"\xff"}', 'latin1')],
  ])('refuses %s, and does not show it', (_what, body) => {
    const refused = (): unknown => {
      try {
        return insertAuth(body, AUTH);
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toMatchObject({ code: 'ERR_UNSIGNABLE_REQUEST', reason: 'unsupported-body' });
    expect(JSON.stringify(refused())).not.toContain(body.toString('latin1'));
  });
});
