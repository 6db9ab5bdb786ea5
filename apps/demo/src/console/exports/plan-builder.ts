import { type InternalAxiosRequestConfig } from 'axios';
import { type CallInput } from '../contract';
import { type AlignetMerchant, type NetzmeMerchant, type PlacetopayMerchant } from '../overview/resolved-merchants';
import { type Computed, type ExportPlan } from './export-plan';
import { jsonTemplate, Place } from './template';

const JSON_TYPE = ['Content-Type', 'application/json'] as const;

/** A nonce: token and nonce are plain requests, whose members the merchant's settings tell. */
export function alignetPlan(call: string, input: CallInput, merchant: AlignetMerchant): ExportPlan {
  const { authBaseUrl, apiVersion, audience, scope, nonceScope } = merchant;
  const clientId = new Place('ALIGNET_CLIENT_ID');
  const headers = [JSON_TYPE, ['ALG-API-VERSION', apiVersion] as const];
  const token = {
    action: 'authorize',
    grant_type: 'client_credentials',
    audience,
    client_id: clientId,
    client_secret: new Place('ALIGNET_CLIENT_SECRET'),
    scope,
  };
  return {
    call,
    gateway: 'alignet',
    method: 'POST',
    baseUrl: withoutSlash(authBaseUrl),
    path: '/nonce',
    headers: [...headers, ['Authorization', 'Bearer {{accessToken}}']],
    body: jsonTemplate({ action: 'create.nonce', audience, client_id: clientId, scope: input['scope'] ?? nonceScope }),
    computed: [],
    credentials: ['ALIGNET_CLIENT_ID', 'ALIGNET_CLIENT_SECRET'],
    token: { path: '/token', headers, body: jsonTemplate(token), authentication: 'body' },
  };
}

/** @param request what the demo's own route would send, before an `auth` is put into it */
export function placetopayPlan(
  call: string,
  request: InternalAxiosRequestConfig,
  { digestAlgorithm, clockSkewSeconds }: PlacetopayMerchant,
): ExportPlan {
  const auth = {
    login: new Place('PLACETOPAY_LOGIN'),
    tranKey: new Place('tranKey'),
    nonce: new Place('nonce'),
    seed: new Place('seed'),
  };
  const { body, computed } = renewed(request.data as object);
  return {
    call,
    gateway: 'placetopay',
    ...targetOf(request),
    headers: [JSON_TYPE],
    body: jsonTemplate({ ...body, auth }),
    computed,
    credentials: ['PLACETOPAY_LOGIN', 'PLACETOPAY_SECRET_KEY'],
    digestAlgorithm,
    clockSkewSeconds,
  };
}

/** @param request what the demo's own route would send, before it is signed */
export function netzmePlan(call: string, request: InternalAxiosRequestConfig, merchant: NetzmeMerchant): ExportPlan {
  const { body, computed } = renewed((request.data ?? {}) as object);
  return {
    call,
    gateway: 'netzme',
    ...targetOf(request),
    headers: [
      JSON_TYPE,
      ['Authorization', 'Bearer {{accessToken}}'],
      ['Request-Time', '{{requestTime}}'],
      ['Signature', '{{signature}}'],
      ['Client-Id', '{{NETZME_CLIENT_ID}}'],
    ],
    body: request.data === undefined ? '' : jsonTemplate(body),
    computed,
    credentials: ['NETZME_CLIENT_ID', 'NETZME_CLIENT_SECRET'],
    token: {
      path: merchant.tokenPath,
      headers: [JSON_TYPE],
      body: jsonTemplate({ grant_type: 'client_credentials' }),
      authentication: 'basic',
    },
  };
}

function targetOf({ method = 'get', baseURL = '', url = '', params }: InternalAxiosRequestConfig) {
  const query = new URLSearchParams(
    Object.entries((params ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, String(value as string | number)]],
    ),
  ).toString();
  return {
    method: method.toUpperCase(),
    baseUrl: withoutSlash(baseURL),
    path: query === '' ? url : `${url}?${query}`,
  };
}

/** Members that were right for this one request; what is saved today is sent next week. */
function renewed(data: object): { body: object; computed: Computed[] } {
  const computed: Computed[] = [];
  const later = (value: unknown, zone: string): number =>
    Math.round((Date.parse(String(value) + zone) - Date.now()) / 60_000) * 60;
  const members = Object.entries(data).map(([name, value]: [string, unknown]) => {
    if (name === 'expiration') computed.push({ name, kind: 'iso', seconds: later(value, '') });
    else if (name === 'expirationDate') computed.push({ name, kind: 'plain-time', seconds: later(value, 'Z') });
    else if (name === 'requestId') computed.push({ name, kind: 'uuid' });
    else return [name, value] as const;
    return [name, new Place(name)] as const;
  });
  return { body: Object.fromEntries(members), computed };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
