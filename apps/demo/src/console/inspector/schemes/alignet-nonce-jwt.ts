import { isUtf8 } from 'node:buffer';
import { invalid } from '../../access/console-problem';
import { type InspectionResult, type InspectionStage } from '../../contract';
import { hasRepeatedMember } from '../json-body';
import { hiddenStage, textStage } from '../stages';
import { field, type InspectionScheme } from './scheme';

type Claims = Readonly<Record<string, unknown>>;

/** Documented, and what every sample has. */
const LIFETIME_SECONDS = 30;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** Beyond it there is no date. */
const LAST_SECOND = 8.64e12;

/** Alignet's nonce for the browser: what is in it, and whether it is still any good. */
export const ALIGNET_NONCE_JWT: InspectionScheme = {
  id: 'alignet-nonce-jwt',
  gateway: 'alignet',
  takesExpected: false,
  // Symmetric: Alignet alone has the key.
  secretName: '',
  fields: (now) => [field('jwt', exampleJwt(now), { required: true, kind: 'multiline' })],
  isConfigured: () => true,
  inspect: async (given, { now }) => Promise.resolve(inspectJwt(given.text('jwt').trim(), now)),
};

function inspectJwt(jwt: string, now: number): InspectionResult {
  const parts = jwt.split('.');
  if (parts.length !== 3) throw invalid('jwt', `has ${parts.length} parts between dots; a signed JWT has three`);
  const [headerText = '', payloadText = '', signature = ''] = parts;
  const header = readPart('header', headerText);
  const payload = readPart('payload', payloadText);
  const times = (['iat', 'nbf', 'exp'] as const).flatMap((name) => timeStage(name, payload[name]));
  const findings = findingsOf(header, payload, signature, now);
  return {
    stages: [
      { id: 'header', value: JSON.stringify(header, null, 2), encoding: 'json' },
      { id: 'payload', value: JSON.stringify(payload, null, 2), encoding: 'json' },
      ...times,
      textStage('state', stateOf(payload, now)),
      ...findings.map((finding) => textStage('finding', finding)),
      hiddenStage(
        'signature',
        'not verified: only Alignet has the key of it, so anybody could have written what stands above',
      ),
    ],
  };
}

/** @throws {ConsoleRefusal} 400 for anything that two readers could take for two things */
function readPart(name: string, text: string): Claims {
  const bytes = Buffer.from(text, 'base64url');
  if (!BASE64URL.test(text) || bytes.toString('base64url') !== text) {
    throw invalid('jwt', `has a ${name} that is not base64url without padding, written in its one way`);
  }
  if (!isUtf8(bytes)) throw invalid('jwt', `has a ${name} that is not UTF-8`);
  const json = bytes.toString('utf8');
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('jwt', `has a ${name} that is no JSON object`);
  }
  if (hasRepeatedMember(json))
    throw invalid('jwt', `has a ${name} with two members of one name, of which readers take either`);
  return value as Claims;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= LAST_SECOND ? value : undefined;
}

function timeStage(name: string, value: unknown): InspectionStage[] {
  const seconds = secondsOf(value);
  return seconds === undefined ? [] : [textStage(name, new Date(seconds * 1_000).toISOString())];
}

function stateOf({ nbf, exp }: Claims, now: number): string {
  const end = secondsOf(exp);
  const start = secondsOf(nbf);
  if (end === undefined) return 'unknown: exp is missing or no time in seconds';
  const left = end - now / 1_000;
  if (left <= 0) return `expired ${spoken(-left)} ago`;
  if (start !== undefined && start > now / 1_000) return `not valid yet, for another ${spoken(start - now / 1_000)}`;
  return `not expired: ${spoken(left)} left`;
}

const spoken = (seconds: number): string => `${Math.round(seconds * 10) / 10} s`;

function findingsOf({ alg, typ }: Claims, { iat, nbf, exp, nonce }: Claims, signature: string, now: number): string[] {
  const findings: string[] = [];
  const [from, to] = [secondsOf(iat), secondsOf(exp)];
  if (typeof alg === 'string' && alg.toLowerCase() === 'none')
    findings.push('alg is none: it is not signed, and no gateway made it');
  else if (alg !== 'HS256') findings.push(`alg is ${shown(alg)}; Alignet's nonces have HS256`);
  if (typ !== undefined && typ !== 'JWT') findings.push(`typ is ${shown(typ)}, not JWT`);
  if (signature === '') findings.push('the signature is empty');
  else if (!BASE64URL.test(signature)) findings.push('the signature is not base64url without padding');
  else if (alg === 'HS256' && Buffer.from(signature, 'base64url').length !== 32)
    findings.push('the signature has not the 32 bytes of HS256');
  for (const [name, value] of Object.entries({ iat, nbf, exp })) {
    if (value !== undefined && secondsOf(value) === undefined)
      findings.push(`${name} is ${shown(value)}, which is no time in seconds`);
    else if (typeof value === 'number' && value > 1e11)
      findings.push(`${name} looks like milliseconds; a JWT has seconds`);
  }
  if (from === undefined && iat === undefined) findings.push('iat is missing');
  if (from !== undefined && to !== undefined && to - from !== LIFETIME_SECONDS) {
    findings.push(`it lives ${to - from} s from iat to exp; Alignet's nonces live ${LIFETIME_SECONDS} s`);
  }
  if (from !== undefined && from > now / 1_000 + 1)
    findings.push(`iat is ${spoken(from - now / 1_000)} ahead of this clock`);
  if (typeof nonce !== 'string') findings.push('there is no nonce in it: this may be an access token');
  return findings;
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40));

/** With a signature that nobody made. */
function exampleJwt(now: number): string {
  const iat = Math.floor(now / 1_000);
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { typ: 'JWT', alg: 'HS256' };
  const payload = {
    iss: 'Alignet JWT Builder',
    iat,
    exp: iat + LIFETIME_SECONDS,
    nonce: '00000000-0000-4000-8000-000000000000',
    scope: 'post:charges',
  };
  return `${encoded(header)}.${encoded(payload)}.${Buffer.alloc(32).toString('base64url')}`;
}
