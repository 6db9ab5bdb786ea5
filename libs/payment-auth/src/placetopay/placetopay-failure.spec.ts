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
    [
      'the list in another order',
      'authentication does not include all required parameters (nonce, seed, login, tranKey)',
    ],
    ['the list with other separators', 'Required: seed / tranKey / nonce and login'],
    ['malformed, in English', 'Malformed authentication'],
    ['malformed, in Spanish', 'Autenticación mal formada'],
    ['malformed, with the header named', 'Autenticación no proporcionada o encabezado Authorization mal formado.'],
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

  describe('at HTTP 400, where ordinary refusals come too', () => {
    const SNAKE_CASE = [
      'action_not_allowed',
      'payer_data_not_valid',
      'max_dispersion_error',
      'transaction_request_error',
    ];

    it.each([
      'ORDER-100 was paid already',
      'La orden 100-A ya fue pagada',
      'El total 200.50 supera el máximo',
      'Máximo: 1.102.345',
      'Entre 100,50 y 200,75',
      'A total of 103,000 is too much',
      'Total: $100',
      'El máximo es 100%',
      'Order #104 is unknown',
      'item_101 is unknown',
      'año102 no es válido',
      'Expired on 100-10-200',
      'Version v101.2',
      'At least .100',
      'Wrong reference 3f+101/Zw',
      'Mínimo $ 100',
      'Minimum is 100 COP',
      'Teléfono +57 300 102',
      'El campo referencia admite 200 caracteres',
    ])('believes no digits of a longer thing, whatever the reason: %s', (message) => {
      for (const reason of [...SNAKE_CASE, 400, '400', 'BR', null]) {
        expect(decodePlacetopayFailure({ httpStatus: 400, body: failed(message, reason) })).toMatchObject({
          code: 'ERR_PLACETOPAY_REQUEST',
          reason: 'request-rejected',
          authenticationCode: undefined,
        });
      }
    });

    it.each([
      'Session 104 cannot be cancelled',
      'At most 200 items.',
      '100 (Payment already refunded)',
      'Malformed authorization number of the card',
      'The authentication has other names for login, tranKey, seed and nonce',
      'La informacion del sitio no permite esta acción',
    ])('believes nothing where a reason in words says what is wrong: %s', (message) => {
      for (const reason of [...SNAKE_CASE, 'declined']) {
        expect(decodePlacetopayFailure({ httpStatus: 400, body: failed(message, reason) })).toMatchObject({
          code: 'ERR_PLACETOPAY_REQUEST',
          reason: 'request-rejected',
          authenticationCode: undefined,
          exchange: { gatewayCode: reason },
        });
      }
    });

    it.each(['Malformed card number', 'The login of the payer is unknown', 'Invalid seed'])(
      'takes words of another matter for no authentication failure: %s',
      (message) => {
        for (const reason of [400, 'BR', null]) {
          expect(decodePlacetopayFailure({ httpStatus: 400, body: failed(message, reason) })).toMatchObject({
            code: 'ERR_PLACETOPAY_REQUEST',
          });
        }
      },
    );

    it.each([401, '401', 400, '400', '101', 'BR', null, undefined])(
      'believes a code beside the reason %p',
      (reason) => {
        for (const message of [
          'Authentication failed 103.',
          'Autenticación fallida 103',
          '103 (Authentication Failed)',
        ]) {
          expect(decodePlacetopayFailure({ httpStatus: 400, body: failed(message, reason) })).toMatchObject({
            code: 'ERR_PLACETOPAY_AUTHENTICATION',
            authenticationCode: 103,
          });
        }
      },
    );
  });

  it('takes a code at HTTP 401 beside a reason in words, and the first of two', () => {
    const body = failed('Autenticação falhou 103. 100 tentativas', 'authentication_failed');
    expect(decodePlacetopayFailure({ httpStatus: 401, body })).toMatchObject({ authenticationCode: 103 });
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

  it('takes no digits within a digest for a code', () => {
    for (const digest of ['102/ab+cd=', 'ab/102/cd=', 'ab+102=', 'ab/102+cd=']) {
      const error = decodePlacetopayFailure({ httpStatus: 401, body: failed(`Invalid ${digest}`) });
      expect(error).toMatchObject({ reason: 'unauthorized', authenticationCode: undefined });
    }
  });
});
