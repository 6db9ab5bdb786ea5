import { type GatewayAnswer } from '../core/gateway-http';
import { type AccessTokenError } from '../core/errors';
import { parseNetzmeTokenResponse } from './netzme-messages';

const NOW = 1_624_820_000_000;
const EXPIRY = 1_624_856_796_708;

const answer = (json: unknown, status = 200, date?: number): GatewayAnswer => ({
  method: 'POST',
  host: 'tokoapi.example',
  path: '/oauth/merchant/accesstoken',
  status,
  json,
  date,
});
const context = { receivedAt: NOW, assumedLifetimeSeconds: 600, secrets: ['s3cr3t'] };

describe('parseNetzmeTokenResponse', () => {
  it.each([
    ['a number', EXPIRY],
    ['a numeric text', String(EXPIRY)],
  ])('takes expiry_token, an absolute time, as %s', (_what, expiry_token) => {
    const body = { status: 'SUCCEES', access_token: 't', token_type: 'bearer', expiry_token };
    expect(parseNetzmeTokenResponse(answer(body), context)).toEqual({
      value: 't',
      lifetimeMs: EXPIRY - NOW,
      isLifetimeStated: true,
    });
  });

  it("counts the life by the gateway's own clock where it tells it, so that ours may be hours off", () => {
    const body = { access_token: 't', expiry_token: EXPIRY };
    const off = { ...context, receivedAt: NOW + 48 * 3_600_000 };
    expect(parseNetzmeTokenResponse(answer(body, 200, NOW), off)).toMatchObject({ lifetimeMs: EXPIRY - NOW - 999 });
    const behind = { ...context, receivedAt: NOW - 3_600_000 };
    expect(parseNetzmeTokenResponse(answer(body, 200, NOW), behind)).toMatchObject({ lifetimeMs: EXPIRY - NOW });
    const agreeing = { ...context, receivedAt: NOW + 400 };
    expect(parseNetzmeTokenResponse(answer(body, 200, NOW), agreeing)).toMatchObject({
      lifetimeMs: EXPIRY - NOW - 400,
    });
  });

  it.each([
    ['none', undefined],
    ['null', null],
    ['one that no gateway gives', 9e99],
    ['one in microseconds', EXPIRY * 1_000],
    ['one a moment longer than a month', NOW + 31 * 86_400_000 + 1],
  ])('assumes a short life where %s is stated', (_what, expiry_token) => {
    expect(parseNetzmeTokenResponse(answer({ access_token: 't', expiry_token }), context)).toEqual({
      value: 't',
      lifetimeMs: 600_000,
      isLifetimeStated: false,
    });
  });

  it.each([
    ['UNAUTHORIZED with HTTP 200', answer({ status: 'UNAUTHORIZED' }), false],
    ['unauthorized in small letters, with a token', answer({ status: 'unauthorized', access_token: 't' }), false],
    ['HTTP 401', answer({ access_token: 't', expiry_token: EXPIRY }, 401), false],
    ['HTTP 503', answer(undefined, 503), true],
  ])('is refused by %s', (_what, refused, retryable) => {
    expect(() => parseNetzmeTokenResponse(refused, context)).toThrow(
      expect.objectContaining({ code: 'ERR_ACCESS_TOKEN_REQUEST', gateway: 'netzme', retryable }) as Error,
    );
  });

  it('says when Netzme wants to be asked again', () => {
    expect(errorOf({ ...answer({}, 429), retryAfterSeconds: 20 }).exchange).toMatchObject({ retryAfterSeconds: 20 });
    expect(errorOf(answer({}, 429)).exchange).not.toHaveProperty('retryAfterSeconds');
  });

  const errorOf = (refused: GatewayAnswer): AccessTokenError => {
    try {
      parseNetzmeTokenResponse(refused, context);
    } catch (error) {
      return error as AccessTokenError;
    }
    throw new Error('accepted');
  };

  it('may pass by itself with 429 and from 500 on, and not else', () => {
    const statuses = [199, 300, 400, 401, 403, 428, 429, 430, 499, 500, 503];
    const errors = statuses.map((status) => errorOf(answer({ access_token: 't', expiry_token: EXPIRY }, status)));
    expect(statuses.filter((_status, index) => errors[index]?.retryable)).toEqual([429, 500, 503]);
    for (const { retryable, hint } of errors) {
      expect(hint).toMatch(retryable ? /try again later/ : /clientId and clientSecret/);
    }
  });

  it.each([
    ['FAILED', 'FAILED'],
    [7, '7'],
    ['key s3cr3t is unknown', 'key [redacted] is unknown'],
  ])("keeps the gateway's own code: %p", (status, gatewayCode) => {
    const error = errorOf(answer({ status }, 400));
    expect(error.message).not.toContain('UNAUTHORIZED');
    expect(error.exchange).toEqual({
      method: 'POST',
      host: 'tokoapi.example',
      path: '/oauth/merchant/accesstoken',
      status: 400,
      gatewayCode,
    });
  });

  it.each([[undefined], [null], [{ code: 7 }], [true]])('takes %p for no code', (status) => {
    const error = errorOf(answer({ status }, 400));
    expect(error.exchange).toEqual({
      method: 'POST',
      host: 'tokoapi.example',
      path: '/oauth/merchant/accesstoken',
      status: 400,
    });
  });

  it.each([
    [{}, /no access_token/],
    [{ access_token: 't', expiry_token: 'soon' }, /expiry_token that is no time/],
    [{ access_token: 't', expiry_token: NOW }, /expired already/],
  ])('says what is wrong with the answer %j', (body, what) => {
    expect(errorOf(answer(body))).toMatchObject({ message: expect.stringMatching(what) as string, retryable: true });
  });

  it.each([
    ['no token', { status: 'SUCCESS' }],
    ['an empty token', { access_token: '' }],
    ['a token with a line break', { access_token: 'a\r\nX-Injected: 1' }],
    ['a token beyond ASCII', { access_token: 'tóken' }],
    ['a token with a space', { access_token: 'two words' }],
    ['no JSON', undefined],
    ['an expiry that is no time', { access_token: 't', expiry_token: 'soon' }],
    ['an expiry of spaces', { access_token: 't', expiry_token: '  ' }],
    ['an empty expiry', { access_token: 't', expiry_token: '' }],
    ['an expiry in a list', { access_token: 't', expiry_token: [EXPIRY] }],
    ['an expiry that never comes', { access_token: 't', expiry_token: Infinity }],
    ['a text for an answer', 'access_token'],
    ['null for an answer', null],
    ['an expiry in the past', { access_token: 't', expiry_token: NOW }],
    ['an expiry in seconds', { access_token: 't', expiry_token: Math.floor(EXPIRY / 1_000) }],
  ])('does not accept %s', (_what, body) => {
    expect(() => parseNetzmeTokenResponse(answer(body), context)).toThrow(
      expect.objectContaining({ code: 'ERR_ACCESS_TOKEN_RESPONSE' }) as Error,
    );
  });
});
