import { inspect } from 'node:util';
import { type GatewayAnswer } from '../core/gateway-http';
import {
  alignetNonceRequest,
  alignetTokenRequest,
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

  it.each([undefined, null, '', 'soon', 0, -1, Number.NaN, Infinity, {}, 31 * 86_400 + 1, 9e99, '9e99'])(
    'assumes a short life for expires_in %p',
    (expires_in) => {
      expect(parseAlignetTokenResponse(answer({ access_token: 't', expires_in }), context)).toEqual({
        value: 't',
        lifetimeMs: 300_000,
        isLifetimeStated: false,
      });
    },
  );

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
