import { createHash } from 'node:crypto';
import { type Credential } from '../configured-secrets';
import { type Change, type Changes, respelled } from '../recipe/change';
import { letterCaseChanges, permutations } from '../recipe/order-changes';
import { hidden, input, joined, literal, type Part, type Recipe, SECRET, separated } from '../recipe/recipe';
import { epochTimeChanges, twoReadings } from '../recipe/epoch-time-changes';
import { hmacChanges } from './digest-changes';
import { bodyChanges, pathChanges } from './respelling-changes';

export const NETZME_TOKEN = 'accessToken';
export const NETZME_TIME = 'requestTime';
export const NETZME_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const TOKEN = NETZME_TOKEN;
const TIME = NETZME_TIME;
const METHODS = NETZME_METHODS;

/** Of both APIs, staging and production. @see apidocs.netzme.id, Environment (read 2026-11) */
const KNOWN_HOSTS = ['tokoapi-stg.netzme.com', 'tokoapi.netzme.com', 'api-stg.netzme.com', 'api.netzme.com'] as const;
/** What languages write for a body that is none. */
const NO_BODY = ['{}', 'null', 'undefined', '""', '[]'] as const;

export interface SignatureEvidence {
  /** The configured one. */
  readonly baseUrl: string | undefined;
  readonly path: string;
  readonly token: string;
  readonly sent: Buffer;
  readonly body: Buffer;
  readonly secret: Credential;
  readonly earlier: readonly string[];
}

/** What is done otherwise with Netzme's signature. */
export function netzmeSignatureChanges(
  recipe: Recipe,
  { baseUrl, path, token, sent, body, secret, earlier }: SignatureEvidence,
): Changes {
  const time = partNamed(recipe, TIME).bytes.toString();
  return [
    ...pathChanges(path),
    ...wholeUrlChanges(path, baseUrl),
    ...bodyChanges(sent, body),
    ...noBodyChanges(body),
    ...letterCaseChanges(recipe).map((change): Change =>
      change.inputs[0] === 'method' ? { ...change, code: 'method-case' } : change,
    ),
    ...METHODS.map((method) => respelled('method', 'method-other', `with the method ${method}`, method)),
    ...tokenChanges(token, earlier),
    ...keyChanges(recipe),
    ...hmacChanges(recipe, secret),
    ...epochTimeChanges(TIME, time, 'ms'),
    ...twoReadings(TIME, time),
    ...textChanges(recipe),
  ];
}

function wholeUrlChanges(path: string, baseUrl: string | undefined): Change[] {
  const configured = baseUrl !== undefined && URL.canParse(baseUrl) ? [new URL(baseUrl).host] : [];
  const urls = [...new Set([...configured, ...KNOWN_HOSTS])].flatMap((host) => [
    `https://${host}${path}`,
    `http://${host}${path}`,
    `${host}${path}`,
  ]);
  return urls.map((url) =>
    respelled('path', 'path-whole-url', 'from the whole URL in place of the path', url, { isAlone: true }),
  );
}

function noBodyChanges(body: Buffer): Change[] {
  return [
    ...(body.length === 0 ? NO_BODY : []).map((text) =>
      respelled('body', 'body-not-empty', `from ${text} in place of an empty body`, text),
    ),
    {
      code: 'value-left-out',
      inputs: ['body'],
      what: 'without &body=, which is there even when the body is empty',
      apply: (recipe) => ({
        ...recipe,
        text: recipe.text.filter(({ name, bytes }) => name !== 'body' && bytes.toString() !== '&body='),
      }),
    },
  ];
}

function tokenChanges(token: string, earlier: readonly string[]): Change[] {
  const bearerLess = 'with the token without "Bearer "';
  const inTextOnly = (code: string, what: string, value: string): Change => ({
    code,
    inputs: [TOKEN],
    what,
    apply: (recipe) => ({ ...recipe, text: replaced(recipe.text, TOKEN, value) }),
  });
  const inKeyOnly = (code: string, what: string, value: string): Change => ({
    code,
    inputs: [TOKEN],
    what,
    apply: (recipe) => ({ ...recipe, key: replaced(recipe.key ?? [], TOKEN, value) }),
    isAlone: true,
  });
  return [
    respelled(TOKEN, 'token-without-bearer', `${bearerLess}, in text and key`, token),
    inTextOnly('token-without-bearer-in-text', `${bearerLess} in the text`, token),
    ...['bearer', 'BEARER'].flatMap((word) => {
      const what = `with "${word}" in place of "Bearer"`;
      return [
        respelled(TOKEN, 'token-bearer-case', what, `${word} ${token}`),
        { ...inTextOnly('token-bearer-case', `${what} in the text only`, `${word} ${token}`), isAlone: true },
        inKeyOnly('token-bearer-case', `${what} in the key only`, `${word} ${token}`),
      ];
    }),
    respelled(TOKEN, 'token-twice-bearer', 'with "Bearer " twice', `Bearer Bearer ${token}`),
    respelled(TOKEN, 'token-bearer-space', 'without the space behind "Bearer"', `Bearer${token}`, { isAlone: true }),
    respelled(TOKEN, 'token-left-out', 'without a token', ''),
    ...['Bearer ', 'Bearer', 'Bearer undefined', 'Bearer null', 'Bearer None', 'undefined', 'null'].map((text) =>
      respelled(TOKEN, 'token-left-out', `without a token, as ${JSON.stringify(text)}`, text, { isAlone: true }),
    ),
    respelled(TOKEN, 'token-whitespace', 'with whitespace behind the token', `Bearer ${token}\n`),
    ...earlier.map((old) =>
      respelled(TOKEN, 'token-older', 'with an older token, which a newer one has ended', `Bearer ${old}`),
    ),
  ];
}

function keyChanges(recipe: Recipe): Change[] {
  const secret = partNamed(recipe, SECRET);
  const time = partNamed(recipe, TIME);
  const bearer = partNamed(recipe, TOKEN);
  const bare: Part = { ...bearer, bytes: bearer.bytes.subarray('Bearer '.length) };
  const hyphen = literal('-');
  const key = (code: string, what: string, ...parts: readonly Part[]): Change => ({
    code,
    inputs: ['key'],
    what,
    apply: (changed) => ({ ...changed, key: parts }),
  });
  return [
    key('key-bare-secret', 'with the bare secret as key; the key is secret, time and token, with hyphens', secret),
    key('key-without-token', 'with a key that lacks the token', secret, hyphen, time),
    key('key-without-time', 'with a key that lacks the time', secret, hyphen, bearer),
    key('key-without-hyphens', 'with a key without its hyphens', secret, time, bearer),
    key('key-without-hyphens', 'with a key without its second hyphen', secret, hyphen, time, bearer),
    key('key-without-hyphens', 'with a key without its first hyphen', secret, time, hyphen, bearer),
    key('key-token-without-bearer', 'with a key whose token lacks "Bearer "', secret, hyphen, time, hyphen, bare),
    ...[':', '|', '_', '.'].map((joint) =>
      key(
        'separator-other',
        `with a key joined by ${JSON.stringify(joint)}; it is joined by hyphens`,
        ...[secret, literal(joint), time, literal(joint), bearer],
      ),
    ),
    ...permutations([secret, time, bearer])
      .slice(1)
      .map(([first = secret, second = time, third = bearer]) =>
        key(
          'key-order',
          'with the parts of the key in another order; it is secret, time, token',
          first,
          hyphen,
          second,
          hyphen,
          third,
        ),
      ),
  ];
}

function textChanges(recipe: Recipe): Change[] {
  const pairs = [0, 2, 4, 6, 8].map((index) => recipe.text.slice(index, index + 2));
  const rename = (from: string, to: string): Change => ({
    code: 'text-parameter-renamed',
    inputs: ['order'],
    what: `with the parameter ${to} in place of ${from}`,
    apply: (changed) => ({
      ...changed,
      text: changed.text.map((part) =>
        part.name === 'literal' ? literal(part.bytes.toString().replace(`${from}=`, `${to}=`)) : part,
      ),
    }),
  });
  return [
    rename('timestamp', 'requestTime'),
    rename('timestamp', 'request-time'),
    rename('token', 'authorization'),
    rename('path', 'url'),
    ...permutations(pairs)
      .slice(1)
      .map((order): Change => ({
        code: 'text-order',
        inputs: ['order'],
        what: 'from its parameters in another order; it is path, method, token, timestamp, body',
        apply: (changed) => ({ ...changed, text: reordered(order) }),
        isAlone: true,
      })),
    ...writtenTextChanges(pairs),
    {
      code: 'scheme-snap',
      inputs: ['order', 'algorithm', 'key'],
      what: 'by the scheme of the SNAP API; this is the older one',
      apply: (changed) => ({ ...changed, text: snapText(changed), key: [partNamed(changed, SECRET)], hash: 'sha512' }),
    },
  ];
}

/** The right values, put together in another way. */
function writtenTextChanges(pairs: readonly (readonly Part[])[]): Change[] {
  const change = (code: string, differs: string, what: string, apply: (recipe: Recipe) => Part[]): Change => ({
    code,
    inputs: [differs],
    what,
    apply: (recipe) => ({ ...recipe, text: apply(recipe) }),
    isAlone: true,
  });
  const written = (parts: readonly Part[], write: (text: string) => string): Part[] => [
    hidden('literal', write(joined(parts).toString('utf8'))),
  ];
  const values = pairs.flatMap(([, value]) => value ?? []);
  return [
    ...[':', '|', '\n', ',', ';', ' ', '?', '&&', ''].map((separator) =>
      change(
        separator === '' ? 'separator-missing' : 'separator-other',
        'separator',
        `with ${separator === '' ? 'nothing' : JSON.stringify(separator)} between its parameters; there is &`,
        ({ text }) =>
          text.map((part) =>
            part.name === 'literal' ? literal(part.bytes.toString().replace('&', () => separator)) : part,
          ),
      ),
    ),
    ...['&', ':', '|', '\n', ',', '-', ' ', ''].map((separator) =>
      change('text-without-names', 'order', 'from the values without their names; it is path=...&method=...', () =>
        separated(values, separator),
      ),
    ),
    change('text-form-encoded', 'encoding', 'from the whole text as a form writes it', () => {
      const form = pairs.map(([name, value]): [string, string] => [
        name?.bytes.toString().replace(/[&=]/g, '') ?? '',
        value?.bytes.toString('utf8') ?? '',
      ]);
      return [hidden('literal', new URLSearchParams(form).toString())];
    }),
    ...[encodeURI, encodeURIComponent].map((write) =>
      change('text-form-encoded', 'encoding', 'from the whole text percent-encoded', ({ text }) =>
        written(text, write),
      ),
    ),
  ];
}

/** `&` stands before every parameter but the first, whichever that is. */
function reordered(pairs: readonly (readonly Part[])[]): Part[] {
  return pairs.flatMap(([name, value], index) => {
    const bare = name?.bytes.toString().replace(/^&/, '') ?? '';
    return [literal(index === 0 ? bare : `&${bare}`), ...(value === undefined ? [] : [value])];
  });
}

function snapText(recipe: Recipe): Part[] {
  const token = partNamed(recipe, TOKEN);
  const bodyHash = createHash('sha256').update(partNamed(recipe, 'body').bytes).digest('hex');
  const parts = [
    partNamed(recipe, 'method'),
    partNamed(recipe, 'path'),
    { ...token, bytes: token.bytes.subarray('Bearer '.length) },
    input('body', bodyHash),
    partNamed(recipe, TIME),
  ];
  return separated(parts, ':');
}

function partNamed({ text, key = [] }: Recipe, name: string): Part {
  return [...text, ...key].find((part) => part.name === name) ?? literal('');
}

const replaced = (parts: readonly Part[], name: string, value: string): Part[] =>
  parts.map((part) => (part.name === name ? { ...part, bytes: Buffer.from(value) } : part));
