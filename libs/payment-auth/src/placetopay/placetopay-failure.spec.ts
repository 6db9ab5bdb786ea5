import { decodePlacetopayFailure, PlacetopayError } from './placetopay-failure';

const failed = (message: unknown, reason: unknown = 401) => ({ status: { status: 'FAILED', reason, message } });

describe('decodePlacetopayFailure', () => {
  it.each([
    [100, 'malformed-auth'],
    [101, 'unknown-login'],
    [102, 'digest-mismatch'],
    [103, 'seed-outside-window'],
    [104, 'site-inactive'],
    [105, 'site-expired'],
    [106, 'credentials-expired'],
    [107, 'malformed-username-token'],
    [200, 'auth-header-skipped'],
    [10001, 'contact-support'],
  ])('finds code %i in every documented wording', (code, reason) => {
    for (const message of [
      `Authentication failed ${code}`,
      `Failed authentication ${code}.`,
      `${code} (Authentication Failed)`,
      `Autenticación fallida ${code}`,
    ]) {
      for (const [httpStatus, wire] of [
        [401, 401],
        [401, '401'],
        [400, '400'],
        [400, null],
      ] as const) {
        expect(decodePlacetopayFailure({ httpStatus, body: failed(message, wire) })).toMatchObject({
          code: 'ERR_PLACETOPAY_AUTHENTICATION',
          authenticationCode: code,
          reason,
          retryable: false,
        });
      }
    }
  });

  it.each([
    [
      'the list of parameters',
      'La autenticación no contiene todos los parámetros requeridos (login, tranKey, seed, nonce)',
    ],
    ['malformed, in English', 'Malformed authentication'],
    ['malformed, in Spanish', 'Autenticación mal formada'],
  ])('knows a malformed auth by %s', (_what, message) => {
    expect(decodePlacetopayFailure({ httpStatus: 400, body: failed(message) })).toMatchObject({
      reason: 'malformed-auth',
      authenticationCode: undefined,
    });
  });

  it.each(['Failed to obtain site information', 'Fallo al obtener información del sitio'])('knows "%s"', (message) => {
    expect(decodePlacetopayFailure({ httpStatus: 401, body: failed(message) })).toMatchObject({
      reason: 'site-information-unavailable',
    });
  });

  it('does not take a longer number for a code, nor one in an answer of another status', () => {
    expect(decodePlacetopayFailure({ httpStatus: 401, body: failed('Session 1021 denied') })).toMatchObject({
      reason: 'unauthorized',
      authenticationCode: undefined,
    });
    expect(decodePlacetopayFailure({ httpStatus: 422, body: failed('total must be over 102') })).toMatchObject({
      code: 'ERR_PLACETOPAY_REQUEST',
      authenticationCode: undefined,
    });
  });

  it('is no authentication failure when only the permission is missing, but says so', () => {
    const body = failed('No tienes permisos para acceder a este sitio');
    expect(decodePlacetopayFailure({ httpStatus: 401, body })).toMatchObject({ reason: 'unauthorized' });
  });

  it('reads a capital Status, text bodies, and answers that are no JSON', () => {
    const { status } = failed('Authentication failed 102');
    expect(decodePlacetopayFailure({ httpStatus: 400, body: { Status: status } })).toMatchObject({
      authenticationCode: 102,
    });
    expect(decodePlacetopayFailure({ httpStatus: 401, body: JSON.stringify({ status }) })).toMatchObject({
      authenticationCode: 102,
    });
    expect(decodePlacetopayFailure({ httpStatus: 502, body: '<html>' })).toMatchObject({
      code: 'ERR_PLACETOPAY_REQUEST',
      retryable: true,
    });
  });

  it('is silent for successes, session states and link states included', () => {
    for (const status of [{ status: 'OK' }, { status: 'PENDING' }, { status: 'REJECTED' }, 'ACTIVE', undefined]) {
      expect(decodePlacetopayFailure({ httpStatus: 200, body: { status } })).toBeUndefined();
    }
  });

  it('reports a failure that comes with HTTP 200', () => {
    expect(decodePlacetopayFailure({ httpStatus: 200, body: failed('No existe la sesión', 0) })).toMatchObject({
      code: 'ERR_PLACETOPAY_REQUEST',
      authenticationCode: undefined,
    });
  });

  it('tells the clock difference of a 103, and nothing where it cannot', () => {
    const receivedAt = Date.parse('2026-11-22T10:00:00Z');
    const body = { status: { ...failed('Authentication failed 103').status, date: '2026-11-22T04:53:20-05:00' } };
    expect(decodePlacetopayFailure({ httpStatus: 401, body, receivedAt })?.clockDifferenceSeconds).toBe(-400);
    expect(decodePlacetopayFailure({ httpStatus: 401, body })?.clockDifferenceSeconds).toBeUndefined();
  });

  it('is JSON without anything that was sent', () => {
    const error = decodePlacetopayFailure({ httpStatus: 401, body: failed('Authentication failed 102') });
    expect(error).toBeInstanceOf(PlacetopayError);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'PlacetopayError',
      code: 'ERR_PLACETOPAY_AUTHENTICATION',
      message: expect.stringMatching(
        /^Placetopay refused the authentication \(HTTP 401, code 102\)\. Check secretKey/,
      ) as string,
      gateway: 'placetopay',
      retryable: false,
      hint: expect.stringContaining('secretKey') as string,
      exchange: { status: 401, gatewayCode: '102', gatewayMessage: 'Authentication failed 102' },
      reason: 'digest-mismatch',
      authenticationCode: 102,
    });
  });
});
