import { inspect } from 'node:util';
import { createPlacetopayAuth, type PlacetopayDigestAlgorithm } from './placetopay-auth';
import { decodePlacetopayFailure, type PlacetopayError } from './placetopay-failure';
import { type PlacetopaySecrets } from './placetopay-secrets';

const SECRET_KEY = 'p/ñ"7 key';
const RAW_NONCE = 'raw+nonce+of+me1';

const authOf = (algorithm: PlacetopayDigestAlgorithm, rawNonce = RAW_NONCE) =>
  createPlacetopayAuth({ login: 'site', secretKey: SECRET_KEY, rawNonce: Buffer.from(rawNonce), seed: 's', algorithm });
const AUTH = authOf('sha256');

const decode = (message: string, reason: unknown, secrets?: PlacetopaySecrets) =>
  decodePlacetopayFailure({ httpStatus: 401, body: { status: { status: 'FAILED', reason, message } } }, secrets);

const shown = (error: PlacetopayError | undefined): string =>
  [JSON.stringify(error), inspect(error, { depth: Infinity, showHidden: true }), String(error)].join('\n');

describe('an error where Placetopay repeats', () => {
  it.each([
    ['the tranKey', AUTH.tranKey],
    ['the tranKey, as PHP writes JSON', AUTH.tranKey.replaceAll('/', '\\/')],
    ['the nonce', AUTH.nonce],
    ['the raw nonce', RAW_NONCE],
    ['the raw nonce in hex', Buffer.from(RAW_NONCE).toString('hex')],
    ['the secretKey', SECRET_KEY],
    ['the secretKey in JSON', 'p/ñ\\"7 key'],
    ['the secretKey, as PHP writes JSON', 'p\\/\\u00f1\\"7 key'],
  ])('%s: shows nothing of it, given what was sent', (_what, secret) => {
    // The last one is longer than an error shows: half of a secret must not be left where it ends.
    for (const text of [secret, `Invalid:${secret}.`, `${secret} ${secret}`, `${'x'.repeat(290)} ${secret}`]) {
      for (const error of [
        decode(text, 401, { auth: AUTH, secretKey: SECRET_KEY }),
        decode('Authentication failed', text, { auth: AUTH, secretKey: SECRET_KEY }),
      ]) {
        expect(shown(error)).toContain('Placetopay refused');
        for (const start of [secret, JSON.stringify(secret).slice(1)]) {
          expect(shown(error)).not.toContain(start.slice(0, 5));
        }
      }
    }
  });

  it('what was sent beside its own words: leaves the words and finds the code', () => {
    const { tranKey, nonce } = AUTH;
    const sent = { auth: AUTH, secretKey: SECRET_KEY };
    const message = `Autenticación fallida 102 (${tranKey}, ${nonce}) de ${SECRET_KEY}`;
    expect(decode(message, 401, sent)?.exchange).toEqual({
      status: 401,
      gatewayCode: '102',
      gatewayMessage: 'Autenticación fallida 102 ([redacted], [redacted]) de [redacted]',
    });
    expect(decode('No', `E/${tranKey}/E`, sent)?.exchange?.gatewayCode).toBe('E/[redacted]/E');
  });

  it('a secret that is being rotated: shows neither of the two', () => {
    const error = decode('Site key old-key-1, then new-key-2', 401, { secretKey: ['old-key-1', 'new-key-2'] });
    expect(error?.exchange?.gatewayMessage).toBe('Site key [redacted], then [redacted]');
  });

  it('a secret that holds another: leaves nothing of either', () => {
    const sent = { auth: { tranKey: 'abc', nonce: 'abcdefghijkl' }, secretKey: 'abcdef' };
    expect(decode('Got abcdefghijkl, abcdef, abc', 401, sent)?.exchange?.gatewayMessage).toBe(
      'Got [redacted], [redacted], [redacted]',
    );
  });

  it('a code that a short raw nonce equals by chance: keeps the code', () => {
    const sent = { auth: authOf('sha256', '102') };
    expect(decode('Autenticación fallida 102', 401, sent)?.exchange?.gatewayMessage).toBe('Autenticación fallida 102');
  });

  // Whoever decodes an answer of our own HTTP service cannot know the auth it sent.
  it.each([
    ['a digest', `Invalid ${AUTH.tranKey}`, 'Invalid [redacted]'],
    ['a digest of SHA-1', `Invalid:${authOf('sha1').tranKey}.`, 'Invalid:[redacted].'],
    ['a nonce', `${AUTH.nonce}: used`, '[redacted]: used'],
    [
      'the request',
      JSON.stringify({ auth: AUTH, locale: 'es_CO' }),
      '{"auth":{"login":"site","tranKey":"[redacted]","nonce":"[redacted]","seed":"s"},"locale":"es_CO"}',
    ],
    [
      'the request, as PHP writes JSON',
      JSON.stringify({ auth: AUTH }).replaceAll('/', '\\/'),
      '{"auth":{"login":"site","tranKey":"[redacted]","nonce":"[redacted]","seed":"s"}}',
    ],
    [
      'the request in a string',
      JSON.stringify(JSON.stringify({ tranKey: 'ABCD1234' })),
      String.raw`"{\"tranKey\":\"[redacted]\"}"`,
    ],
    ['a short nonce by name', 'nonce=NDQ5NzU3 is used', 'nonce=[redacted] is used'],
    ['a secret by the name it has in the panel', "tranKey 'ABCD1234' unknown", "tranKey '[redacted]' unknown"],
    ['a secret by its name', 'SecretKey: ABCD-1234', 'SecretKey: [redacted]'],
  ])('%s: does not show it, told nothing of what was sent', (_what, message, gatewayMessage) => {
    expect(decode(message, 401)?.exchange).toEqual({ status: 401, gatewayCode: '401', gatewayMessage });
    expect(decode('No', message)?.exchange).toMatchObject({ gatewayCode: gatewayMessage });
  });

  it.each([
    'La autenticación no contiene todos los parámetros requeridos (login, tranKey, seed, nonce)',
    'tranKey: requerido. nonce: inválido',
    'Invalid nonce (16 bytes), see https://docs.placetopay.dev/checkout/authentication?code=5',
    'Session 4711 of order ORDER-2026-11-22/0001 for 1.102.345,50 is unknown = gone',
  ])('nothing: leaves its words as they are: %s', (message) => {
    expect(decode(message, 401)?.exchange?.gatewayMessage).toBe(message);
  });

  it.each(['A', '\\/', 'nonce', 'nonce=', 'tranKey"', 'A='])('a long text of %s: shortens it', (piece) => {
    expect(decode(piece.repeat(50_000), 401)?.exchange?.gatewayMessage?.length).toBeLessThan(310);
  });
});
