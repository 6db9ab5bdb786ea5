import { inspect } from 'node:util';
import { type NonceError } from '../core/errors';
import { type GatewayAnswer } from '../core/gateway-http';
import {
  alignetNonceRequest,
  alignetTokenRequest,
  isRefusedWithSuccessStatus,
  parseAlignetNonceResponse,
  parseAlignetTokenResponse,
} from './alignet-messages';

const answer = (json: unknown, status = 200): GatewayAnswer => ({
  method: 'POST',
  host: 'auth.example',
  path: '/token',
  status,
  json,
  date: undefined,
});
const context = { assumedLifetimeSeconds: 300, secrets: ['s3cr3t'] };
const meta = (code: string, value = 'Operación denegada') => ({
  meta: { status: { code, message_ilgn: [{ locale: 'es_PE', value }] } },
});

function refusalOf(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (thrown) {
    return thrown;
  }
}

describe('Alignet requests', () => {
  const client = { audience: 'https://api.example/', clientId: 'id', clientSecret: 'secret', scope: 'create:token' };

  it('carry the members of the schema and no other', () => {
    expect(alignetTokenRequest(client)).toEqual({
      action: 'authorize',
      grant_type: 'client_credentials',
      audience: 'https://api.example/',
      client_id: 'id',
      client_secret: 'secret',
      scope: 'create:token',
    });
    expect(alignetNonceRequest(client)).toEqual({
      action: 'create.nonce',
      audience: 'https://api.example/',
      client_id: 'id',
      scope: 'create:token',
    });
  });
});

describe('parseAlignetTokenResponse', () => {
  it.each([
    ['a number', 8600, 8_600_000],
    ['a numeric text', '8600', 8_600_000],
    ['a fraction', 0.5, 500],
    ['the longest that is believed', 31 * 86_400, 31 * 86_400_000],
  ])('takes expires_in as %s', (_what, expires_in, lifetimeMs) => {
    expect(parseAlignetTokenResponse(answer({ success: true, access_token: 't', expires_in }), context)).toEqual({
      value: 't',
      lifetimeMs,
      isLifetimeStated: true,
    });
  });

  it.each([
    undefined,
    null,
    '',
    ' ',
    '\t',
    [300],
    true,
    'soon',
    0,
    -1,
    Number.NaN,
    Infinity,
    {},
    31 * 86_400 + 1,
    9e99,
    '9e99',
  ])('assumes a short life for expires_in %p', (expires_in) => {
    expect(parseAlignetTokenResponse(answer({ access_token: 't', expires_in }), context)).toEqual({
      value: 't',
      lifetimeMs: 300_000,
      isLifetimeStated: false,
    });
  });

  it.each([
    ['success as boolean', { success: true }],
    ['success as text', { success: 'true' }],
    ['no success', {}],
    ['code 00', { success: true, authorization: meta('00') }],
    ['messages as an object', { authorization: { meta: { status: { code: '00', message_ilgn: { value: 'x' } } } } }],
  ])('accepts %s', (_what, members) => {
    expect(parseAlignetTokenResponse(answer({ ...members, access_token: 't' }), context)).toMatchObject({ value: 't' });
  });

  it.each([
    ['success false with HTTP 200', answer({ success: false, access_token: 't' })],
    ['success "false" with HTTP 200', answer({ success: 'false', access_token: 't' })],
    ['another code with HTTP 200', answer({ success: true, access_token: 't', authorization: meta('99') })],
    ['HTTP 401', answer({ access_token: 't' }, 401)],
    ['HTTP 500 without JSON', answer(undefined, 500)],
  ])('refuses %s', (_what, refused) => {
    expect(() => parseAlignetTokenResponse(refused, context)).toThrow(
      expect.objectContaining({
        code: 'ERR_ACCESS_TOKEN_REQUEST',
        gateway: 'alignet',
        retryable: refused.status === 500,
      }) as Error,
    );
  });

  it('says when Alignet wants to be asked again', () => {
    const refused = { ...answer({}, 503), retryAfterSeconds: 20 };
    expect(() => parseAlignetTokenResponse(refused, context)).toThrow(
      expect.objectContaining({ exchange: expect.objectContaining({ retryAfterSeconds: 20 }) as unknown }) as Error,
    );
  });

  it.each([undefined, null, [], 'html', {}, { success: true, access_token: '' }, { access_token: 7 }])(
    'does not take %p for a token',
    (json) => {
      expect(() => parseAlignetTokenResponse(answer(json), context)).toThrow(
        expect.objectContaining({ code: 'ERR_ACCESS_TOKEN_RESPONSE', retryable: true }) as Error,
      );
    },
  );

  it.each(['two words', 'a\r\nX-Injected: 1', 'nul\0', 'tóken', 'emoji\u{1f600}', 't\u007f'])(
    'refuses the token %j, which no header can carry, and shows it nowhere',
    (access_token) => {
      const error = refusalOf(() => parseAlignetTokenResponse(answer({ access_token }), context));
      expect(error).toMatchObject({ code: 'ERR_ACCESS_TOKEN_RESPONSE', gateway: 'alignet' });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(inspect(access_token).slice(1, -1));
    },
  );

  it("keeps the gateway's code and words, without what it repeats of our secret, and cut to size", () => {
    const refused = answer({ success: false, authorization: meta('s3cr3t', `bad s3cr3t ${'x'.repeat(999)}`) });
    const error = refusalOf(() => parseAlignetTokenResponse(refused, context));
    expect(error).toMatchObject({ exchange: { status: 200, host: 'auth.example', gatewayCode: '[redacted]' } });
    expect(JSON.stringify(error)).toContain('bad [redacted] xxx');
    expect(JSON.stringify(error)).not.toContain('s3cr3t');
    expect(JSON.stringify(error).length).toBeLessThan(1_000);
  });
});

/** What an answer says to people and programs. */
const errorOf = (parse: () => unknown) => refusalOf(parse) as NonceError;

describe('a refusal', () => {
  const kinds = {
    token: (refused: GatewayAnswer) => errorOf(() => parseAlignetTokenResponse(refused, context)),
    nonce: (refused: GatewayAnswer) => errorOf(() => parseAlignetNonceResponse(refused, [])),
  };

  it.each([
    ['token', 400, /audience.*scope/],
    ['token', 401, /clientId and clientSecret/],
    ['token', 403, /ask Alignet/],
    ['token', 500, /try again later/],
    ['token', 503, /try again later/],
    ['token', 499, /ask Alignet/],
    ['nonce', 400, /audience/],
    ['nonce', 401, /authBaseUrl and audience/],
    ['nonce', 403, /lacks a scope/],
    ['nonce', 404, /Ask Alignet/],
    ['nonce', 499, /Ask Alignet/],
    ['nonce', 500, /try again later/],
    ['nonce', 503, /try again later/],
  ] as const)('of a %s with HTTP %d says what to do', (kind, status, hint) => {
    const error = kinds[kind](answer({}, status));
    expect(error.hint).toMatch(hint);
    expect(error.message).toContain(`(HTTP ${status})`);
    expect(error.gateway).toBe('alignet');
  });

  it.each(['token', 'nonce'] as const)('of a %s may pass by itself with 429 and from 500 on, and not else', (kind) => {
    const passing = [200, 300, 400, 401, 403, 428, 429, 430, 499, 500, 502, 599].filter(
      (status) => kinds[kind](answer({ success: false }, status)).retryable,
    );
    expect(passing).toEqual([429, 500, 502, 599]);
  });

  it.each(['token', 'nonce'] as const)('of a %s names the code that came with it', (kind) => {
    const part = kind === 'token' ? 'authorization' : 'nonce_creation';
    const error = kinds[kind](answer({ [part]: meta('07') }, 400));
    expect(error.message).toContain('(HTTP 400, code 07)');
    expect(error.exchange).toEqual({
      method: 'POST',
      host: 'auth.example',
      path: '/token',
      status: 400,
      gatewayCode: '07',
      gatewayMessage: 'Operación denegada',
    });
  });

  it.each([7, null, ['07'], undefined])('takes %p for no code and no words', (odd) => {
    const status = { code: odd, message_ilgn: [{ value: odd }] };
    const error = kinds.token(answer({ authorization: { meta: { status } } }, 400));
    expect(error.exchange).toEqual({ method: 'POST', host: 'auth.example', path: '/token', status: 400 });
  });

  it('repeats no secret in the code that it names', () => {
    const error = kinds.token(answer({ authorization: meta('s3cr3t') }, 400));
    expect(error.message).toContain('code [redacted]');
  });

  it.each([199, 300, 304])('is HTTP %d too, whatever its body', (status) => {
    const body = { success: true, access_token: 't', nonce: 'n' };
    expect(kinds.token(answer(body, status)).code).toBe('ERR_ACCESS_TOKEN_REQUEST');
    expect(kinds.nonce(answer(body, status)).code).toBe('ERR_NONCE_REQUEST');
  });
});

describe('isRefusedWithSuccessStatus', () => {
  it.each([
    ['a refusal with HTTP 200', answer({ success: false }), true],
    ['a code of a refusal with HTTP 200', answer({ nonce_creation: meta('01') }), true],
    ["a code of another call's", answer({ authorization: meta('01'), nonce: 'n' }), false],
    ['a nonce', answer({ success: true, nonce: 'n', nonce_creation: meta('00') }), false],
    ['a page of a proxy in its place', answer(undefined, 199), false],
    ['a refusal with an HTTP status that says so', answer({ success: false }, 403), false],
    ['a redirect', answer({ success: false }, 300), false],
  ])('of %s', (_what, given, isRefused) => {
    expect(isRefusedWithSuccessStatus(given)).toBe(isRefused);
  });
});

describe('parseAlignetNonceResponse', () => {
  it('gives nonce, scope and life, thirty seconds where none is stated', () => {
    const body = { success: true, nonce: 'n', scope: 'post:charges', nonce_creation: meta('00') };
    expect(parseAlignetNonceResponse(answer({ ...body, expires_in: '25' }), [])).toEqual({
      nonce: 'n',
      scope: 'post:charges',
      expiresInSeconds: 25,
    });
    expect(parseAlignetNonceResponse(answer(body), [])).toMatchObject({ expiresInSeconds: 30 });
  });

  it.each([[['post:charges']], [7], [null], [undefined]])('takes %p for no scope', (scope) => {
    expect(parseAlignetNonceResponse(answer({ nonce: 'n', scope }), []).scope).toBeUndefined();
  });

  it.each([['two words'], [['n']], ['"><script>'.repeat(1_000)]])('puts no %p into a page', (nonce) => {
    expect(errorOf(() => parseAlignetNonceResponse(answer({ nonce }), []))).toMatchObject({
      code: 'ERR_NONCE_RESPONSE',
      gateway: 'alignet',
      retryable: true,
    });
  });

  it.each([
    [answer({ success: false, nonce: 'n' }), 'ERR_NONCE_REQUEST'],
    [answer({ nonce: 'n' }, 403), 'ERR_NONCE_REQUEST'],
    [answer({ nonce: 'n', nonce_creation: meta('01') }), 'ERR_NONCE_REQUEST'],
    [answer({ success: true }), 'ERR_NONCE_RESPONSE'],
    [answer(undefined), 'ERR_NONCE_RESPONSE'],
  ])('refuses %p', (refused, code) => {
    expect(() => parseAlignetNonceResponse(refused, [])).toThrow(expect.objectContaining({ code }) as Error);
  });
});
