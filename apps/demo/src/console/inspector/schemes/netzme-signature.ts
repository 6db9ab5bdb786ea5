import { bodyRespellings, pathRespellings } from '@payment-auth/gateway-simulator';
import { minifyJson } from 'nestjs-payment-auth';
import { type Credential } from '../configured-secrets';
import { type GivenInputs, invalid } from '../inspection-inputs';
import { type Change, respelled } from '../recipe/change';
import { letterCaseChanges, permutations } from '../recipe/order-changes';
import { hidden, input, literal, type Part, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { epochTimeChanges } from '../recipe/time-changes';
import { hiddenStage, partsStage, recipeStage, resultStages, textStage } from '../stages';
import { judge, judgeText } from '../verdict';
import { hmacChanges } from './digest-changes';
import { field, type InspectionScheme, required } from './scheme';
import { createHash } from 'node:crypto';

const VARIABLE = 'NETZME_CLIENT_SECRET';
const TOKEN = 'accessToken';
const TIME = 'requestTime';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const BALANCE = '/api/aggregator/merchant/qr/balance/detail?userId=M_SANDBOX01';

/** The four headers of every business call to Netzme. */
export const NETZME_SIGNATURE: InspectionScheme = {
  id: 'netzme-signature',
  gateway: 'netzme',
  takesExpected: true,
  secretName: VARIABLE,
  fields: (now) => [
    field('method', 'GET', { required: true, choices: METHODS }),
    field('path', BALANCE, { required: true }),
    field(TOKEN, ''),
    field(TIME, String(now), { required: true }),
    field('body', '', { kind: 'multiline' }),
  ],
  isConfigured: ({ netzme }) => netzme !== undefined,
  inspect: async (given: GivenInputs, { secrets, netzmeTokens }) => {
    const { options, credential } = required(secrets.netzme, VARIABLE);
    const path = given.text('path');
    if (!path.startsWith('/')) throw invalid('path', 'must begin with a slash: no scheme and no host, but the query');
    const secret = await credential(options.clientSecret, VARIABLE);
    const known = given.text(TOKEN) === '' ? await netzmeTokens() : undefined;
    const token = (known?.current ?? given.text(TOKEN)).replace(/^Bearer /, '');
    const sent = Buffer.from(given.text('body'));
    const body = minifyJson(sent);
    const recipe = signatureRecipe({ method: given.text('method'), path, token, time: given.text(TIME), body, secret });
    const isDisclosed = secret.isPublic;
    const { expected } = given;
    const changes = (): Change[] =>
      knownChanges(recipe, { path, token, sent, body, secret, earlier: known?.earlier ?? [] });
    return {
      stages: [
        textStage('path', path),
        textStage('method', given.text('method')),
        hiddenStage('access-token'),
        textStage('request-time', given.text(TIME)),
        partsStage('body', [input('body', body)]),
        partsStage('string-to-sign', recipe.text),
        recipeStage('key-recipe', recipe.key ?? [], { [SECRET]: 'clientSecret', [TOKEN]: 'Bearer accessToken' }),
        partsStage('key', recipe.key ?? []),
        ...resultStages(recipe, 'signature', isDisclosed),
      ],
      ...(expected !== undefined && {
        verdict: expected.startsWith('path=')
          ? judgeText(expected, recipe, changes())
          : judge(expected, recipe, changes()),
      }),
    };
  },
};

interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly time: string;
  readonly body: Buffer;
  readonly secret: Credential;
}

function signatureRecipe({ method, path, token, time, body, secret }: SignedRequest): Recipe {
  const bearer = hidden(TOKEN, `Bearer ${token}`);
  return {
    text: [
      literal('path='),
      input('path', path),
      literal('&method='),
      input('method', method),
      literal('&token='),
      bearer,
      literal('&timestamp='),
      input(TIME, time),
      literal('&body='),
      input('body', body),
    ],
    key: [secretPart(secret.text), literal('-'), input(TIME, time), literal('-'), bearer],
    hash: 'sha256',
    encoding: 'hex',
    prefix: '',
  };
}

interface Known {
  readonly path: string;
  readonly token: string;
  readonly sent: Buffer;
  readonly body: Buffer;
  readonly secret: Credential;
  readonly earlier: readonly string[];
}

function knownChanges(recipe: Recipe, { path, token, sent, body, secret, earlier }: Known): Change[] {
  const time = partNamed(recipe, TIME).bytes.toString();
  return [
    ...pathRespellings(path, undefined)
      .filter(({ code }) => code !== 'path-whole-url')
      .map(({ code, what, bytes }) => respelled('path', code, `from ${what}`, bytes)),
    ...bodyRespellings(sent, body).map(({ code, what, bytes }) => respelled('body', code, `from ${what}`, bytes)),
    ...letterCaseChanges(recipe).map((change): Change =>
      change.inputs[0] === 'method' ? { ...change, code: 'method-case' } : change,
    ),
    ...METHODS.map((method) => respelled('method', 'method-other', `with the method ${method}`, method)),
    ...tokenChanges(token, earlier),
    ...keyChanges(recipe),
    ...hmacChanges(recipe, secret),
    ...epochTimeChanges(TIME, time, 'ms'),
    ...textChanges(recipe),
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
  return [
    respelled(TOKEN, 'token-without-bearer', `${bearerLess}, in text and key`, token),
    inTextOnly('token-without-bearer-in-text', `${bearerLess} in the text`, token),
    respelled(TOKEN, 'token-bearer-case', 'with "bearer" in lower case', `bearer ${token}`),
    respelled(TOKEN, 'token-twice-bearer', 'with "Bearer " twice', `Bearer Bearer ${token}`),
    respelled(TOKEN, 'token-left-out', 'without a token', ''),
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
    {
      code: 'scheme-snap',
      inputs: ['order', 'algorithm', 'key'],
      what: 'by the scheme of the SNAP API; this is the older one',
      apply: (changed) => ({ ...changed, text: snapText(changed), key: [partNamed(changed, SECRET)], hash: 'sha512' }),
    },
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
  return parts.flatMap((part, index) => (index === 0 ? [part] : [literal(':'), part]));
}

function partNamed({ text, key = [] }: Recipe, name: string): Part {
  return [...text, ...key].find((part) => part.name === name) ?? literal('');
}

const replaced = (parts: readonly Part[], name: string, value: string): Part[] =>
  parts.map((part) => (part.name === name ? { ...part, bytes: Buffer.from(value) } : part));
