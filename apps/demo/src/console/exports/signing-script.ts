import { type Computed, type ExportPlan, SKEW_NOTE } from './export-plan';

/** The same script for Postman and Bruno, which differ in how they get and set things. */
export interface ScriptDialect {
  /** Expression for the value of a variable. */
  readonly get: (name: string) => string;
  /** Statement that sets a variable of this request. */
  readonly set: (name: string, expression: string) => string;
  /** Statement that keeps a variable for the next request too. */
  readonly keep: (name: string, expression: string) => string;
  /** Expressions: the URL with everything filled in, the method, and the body that will be sent, filled in. */
  readonly url: string;
  readonly method: string;
  readonly body: string;
  /** Statements that make the token request and go on with `then`, where `answer` is its parsed body. */
  readonly requestToken: (request: string, then: readonly string[]) => string[];
}

/** Variable that keeps the token for the next request; Bruno has all of a collection's in one place. */
export const keptToken = ({ gateway }: ExportPlan): string => `${gateway}AccessToken`;

/** A script that computes what the request needs. @returns its lines */
export function signingScript(plan: ExportPlan, dialect: ScriptDialect): string[] {
  return [
    "const CryptoJS = require('crypto-js');",
    ...plan.computed.flatMap((computed) => computation(computed, dialect)),
    ...(plan.gateway === 'placetopay' ? digestLines(plan, dialect) : tokenLines(plan, dialect)),
  ];
}

function digestLines(plan: ExportPlan, { get, set }: ScriptDialect): string[] {
  const { digestAlgorithm, clockSkewSeconds = 0 } = plan;
  const [, secret] = plan.credentials;
  const hash = digestAlgorithm === 'sha1' ? 'SHA1' : 'SHA256';
  return [
    ...(clockSkewSeconds === 0 ? [] : [`// ${SKEW_NOTE}`]),
    `const seed = ${later(clockSkewSeconds)}.slice(0, 19) + '+00:00';`,
    'const rawNonce = CryptoJS.lib.WordArray.random(16);',
    '// The digest is of the nonce as it is before Base64, the seed and the secret key.',
    `const hashed = rawNonce.clone().concat(CryptoJS.enc.Utf8.parse(seed + ${get(secret)}));`,
    set('seed', 'seed'),
    set('nonce', 'CryptoJS.enc.Base64.stringify(rawNonce)'),
    set('tranKey', `CryptoJS.enc.Base64.stringify(CryptoJS.${hash}(hashed))`),
  ];
}

function tokenLines(plan: ExportPlan, dialect: ScriptDialect): string[] {
  const { get, set, keep } = dialect;
  const isSigned = plan.gateway === 'netzme';
  const kept = keptToken(plan);
  const keptUntil = `${kept}EndsAt`;
  const use = isSigned ? ['sign(token);'] : [set('accessToken', 'token')];
  // Netzme tells when a token ends, Alignet how long it lives. A minute early, for the way.
  const endsAt = isSigned ? 'Number(answer.expiry_token)' : 'Date.now() + Number(answer.expires_in) * 1000';
  return [
    ...(isSigned ? signatureLines(plan, dialect) : []),
    `let token = ${get(kept)};`,
    `if (token && Number(${get(keptUntil)}) - 60000 > Date.now()) {`,
    ...indented(use),
    '} else {',
    ...indented(
      dialect.requestToken(tokenRequest(plan, dialect), [
        "if (!answer.access_token) throw new Error('There is no access_token in the answer: check the credentials.');",
        'token = answer.access_token;',
        keep(kept, 'token'),
        keep(keptUntil, `String(${endsAt})`),
        ...use,
      ]),
    ),
    '}',
  ];
}

function signatureLines({ credentials: [, secret] }: ExportPlan, { get, set, ...dialect }: ScriptDialect): string[] {
  return [
    'function sign(accessToken) {',
    ...indented([
      'const requestTime = String(Date.now());',
      `const path = ${dialect.url}.replace(/^[a-z]+:\\/\\/[^/]+/i, '');`,
      `const stringToSign = 'path=' + path + '&method=' + ${dialect.method}.toUpperCase() + '&token=Bearer ' + accessToken +`,
      `  '&timestamp=' + requestTime + '&body=' + ${dialect.body};`,
      `const key = ${get(secret)} + '-' + requestTime + '-Bearer ' + accessToken;`,
      set('requestTime', 'requestTime'),
      set('accessToken', 'accessToken'),
      set('signature', 'CryptoJS.HmacSHA256(stringToSign, key).toString(CryptoJS.enc.Hex)'),
    ]),
    '}',
  ];
}

/** An object literal: `url`, `headers`, `body`. */
function tokenRequest({ token, credentials: [id, secret] }: ExportPlan, { get }: ScriptDialect): string {
  if (token === undefined) return '{}';
  const headers = token.headers.map(([name, value]) => `${literal(name)}: ${literal(value)}`);
  if (token.authentication === 'basic') {
    const pair = `${get(id)} + ':' + ${get(secret)}`;
    headers.push(`Authorization: 'Basic ' + CryptoJS.enc.Base64.stringify(CryptoJS.enc.Utf8.parse(${pair}))`);
  }
  const places = new Map([id, secret].map((name) => [`"{{${name}}}"`, get(name)]));
  const members = Object.entries(JSON.parse(token.body) as Record<string, string>).map(
    ([name, value]) => `${name}: ${places.get(JSON.stringify(value)) ?? literal(value)}`,
  );
  return [
    '{',
    `  url: ${get('baseUrl')} + ${literal(token.path)},`,
    `  headers: { ${headers.join(', ')} },`,
    `  body: JSON.stringify({ ${members.join(', ')} }),`,
    '}',
  ].join('\n');
}

function computation(computed: Computed, { set }: ScriptDialect): string[] {
  const { name } = computed;
  if (computed.kind === 'uuid') {
    const hex = 'CryptoJS.lib.WordArray.random(16).toString(CryptoJS.enc.Hex)';
    return [set(name, `${hex}.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')`)];
  }
  const time = later(computed.seconds);
  return [set(name, computed.kind === 'iso' ? time : `${time}.slice(0, 19).replace('T', ' ')`)];
}

/** Expression for a time so much later than now, or earlier. */
const later = (seconds: number): string =>
  `new Date(${seconds === 0 ? '' : `Date.now() + ${seconds * 1_000}`}).toISOString()`;

export const indented = (lines: readonly string[]): string[] =>
  lines.flatMap((text) => text.split('\n')).map((line) => (line === '' ? '' : `  ${line}`));

export const literal = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
