import { createHash } from 'node:crypto';
import { bodyRespellings } from '@payment-auth/gateway-simulator';
import { minifyJson, netzmeSnapBodyHash, type SecretOption } from 'nestjs-payment-auth';
import { invalid } from '../../access/console-problem';
import { type Credential, type SecretBlock } from '../configured-secrets';
import { type Change, type Changes, respelled } from '../recipe/change';
import { letterCaseChanges, otherSeparatorChange, permutations } from '../recipe/order-changes';
import { input, type Part, type Recipe, separated } from '../recipe/recipe';
import { isoTimeChanges } from '../recipe/iso-time-changes';
import { partsStage, textStage } from '../stages';
import { exampleBodies } from './example-bodies';
import { bodyChanges, pathChanges } from './respelling-changes';
import { inspectRsa } from './rsa';
import { field, type InspectionScheme, required } from './scheme';

const ALIGNET_VARIABLE = 'ALIGNET_PUBLIC_KEYS';
const NETZME_VARIABLE = 'NETZME_CALLBACK_PUBLIC_KEYS';
const ALIGNET_SECRET = 'ALIGNET_CLIENT_SECRET';
const NETZME_SECRET = 'NETZME_CLIENT_SECRET';
const BODY_HASH = 'bodyHash';

/** Alignet, from server to server: SHA512withRSA of the raw body, in the header `signature`. */
const ALIGNET_NOTIFICATION: InspectionScheme = {
  id: 'alignet-notification-webhook',
  gateway: 'alignet',
  takesExpected: true,
  secretName: ALIGNET_VARIABLE,
  fields: () => [
    field('body', exampleBodies['alignet-notification']('your-merchant-code'), { required: true, kind: 'multiline' }),
  ],
  isConfigured: ({ alignet }) => alignet?.options.notifications?.publicKeys !== undefined,
  inspect: async (given, { secrets }) => {
    const publicKeys = required(secrets.alignet?.options.notifications?.publicKeys, ALIGNET_VARIABLE);
    const body = Buffer.from(given.text('body'));
    return inspectRsa({
      leading: [],
      recipe: { text: [input('body', body)], hash: 'sha512', encoding: 'base64', prefix: '' },
      publicKeys,
      changes: [
        ...bodyChanges(body),
        respelled('body', 'body-base64', 'from the base64 of the body', body.toString('base64')),
        ...hashedTwiceChanges('body', body),
      ],
      expected: given.expected,
      secrets: await readable(secrets.alignet, ALIGNET_SECRET),
    });
  },
};

/** Alignet, by the buyer's browser: SHA512withRSA of a form's field, as the text in the form or the JSON behind it. */
const ALIGNET_REDIRECT: InspectionScheme = {
  id: 'alignet-redirect-webhook',
  gateway: 'alignet',
  takesExpected: true,
  secretName: ALIGNET_VARIABLE,
  fields: () => [
    field('authorization_result', Buffer.from('{"success":"true"}').toString('base64'), {
      required: true,
      kind: 'multiline',
    }),
    field('signedAs', 'text', { choices: ['text', 'decoded'] }),
  ],
  isConfigured: ({ alignet }) => alignet?.options.notifications?.publicKeys !== undefined,
  inspect: async (given, { secrets }) => {
    const options = required(secrets.alignet?.options.notifications, ALIGNET_VARIABLE);
    const text = given.text('authorization_result');
    const decoded = Buffer.from(text, 'base64');
    if (decoded.toString('base64') !== text)
      throw invalid('authorization_result', 'is not base64 of the standard alphabet with its padding');
    const configured = options.redirectSignedData === 'decoded' ? 'decoded' : 'text';
    const signedAs = given.choice('signedAs', configured);
    const [right, other] = signedAs === 'text' ? [Buffer.from(text), decoded] : [decoded, Buffer.from(text)];
    return inspectRsa({
      leading: [partsStage('decoded', [input('authorization_result', decoded)])],
      recipe: { text: [input('authorization_result', right)], hash: 'sha512', encoding: 'base64', prefix: '' },
      publicKeys: required(options.publicKeys, ALIGNET_VARIABLE),
      changes: [
        respelled(
          'authorization_result',
          signedAs === 'text' ? 'signed-decoded' : 'signed-text',
          signedAs === 'text' ? 'from the JSON behind the base64' : 'from the base64 text and not the JSON behind it',
          other,
        ),
        respelled(
          'authorization_result',
          'form-encoded',
          'from the field as the form encodes it',
          encodeURIComponent(text),
        ),
        ...bodyChanges(decoded, right, 'authorization_result'),
        ...hashedTwiceChanges('authorization_result', right),
      ],
      expected: given.expected,
      secrets: await readable(secrets.alignet, ALIGNET_SECRET),
    });
  },
};

/** Netzme's SNAP callback, second version: SHA256withRSA of method, path, body hash and time. */
const NETZME_SNAP_V2: InspectionScheme = {
  id: 'netzme-snap-v2-webhook',
  gateway: 'netzme',
  takesExpected: true,
  secretName: NETZME_VARIABLE,
  fields: (now) => [
    field('method', 'POST', { choices: ['POST', 'GET', 'PUT'] }),
    field('path', '/webhooks/netzme/snap-v2', { required: true }),
    field('X-TIMESTAMP', `${new Date(now + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`, { required: true }),
    field('body', exampleBodies['snap-v2'](), { kind: 'multiline' }),
  ],
  isConfigured: ({ netzme }) => netzme?.options.notifications?.publicKeys !== undefined,
  inspect: async (given, { secrets }) => {
    const publicKeys = required(secrets.netzme?.options.notifications?.publicKeys, NETZME_VARIABLE);
    const body = Buffer.from(given.text('body'));
    const path = given.text('path');
    const time = given.text('X-TIMESTAMP');
    const bodyHash = netzmeSnapBodyHash(body);
    const values = [
      input('method', given.choice('method', 'POST')),
      input('path', path),
      input(BODY_HASH, bodyHash),
      input('X-TIMESTAMP', time),
    ];
    const recipe: Recipe = { text: separated(values, ':'), hash: 'sha256', encoding: 'base64', prefix: '' };
    return inspectRsa({
      leading: [partsStage('body', [input('body', minifyJson(body))]), textStage('body-hash', bodyHash)],
      recipe,
      publicKeys,
      changes: [...snapChanges(body, path, time, recipe), ...orderChanges(values)],
      expected: given.expected,
      textStart: /^[\s"']*[A-Za-z]+:\//,
      secrets: await readable(secrets.netzme, NETZME_SECRET),
    });
  },
};

/** The client secret, which nothing here needs: where its file cannot be read, an HMAC is known by its length alone. */
async function readable(
  block: SecretBlock<{ readonly clientSecret: SecretOption }> | undefined,
  variable: string,
): Promise<Credential[]> {
  if (block === undefined) return [];
  try {
    return [await block.credential(block.options.clientSecret, variable)];
  } catch {
    return [];
  }
}

/** Signing functions hash for themselves: what was hashed before is hashed twice. */
function hashedTwiceChanges(name: string, signed: Buffer): Change[] {
  const what = 'from the hash of what is signed; signing hashes it once more';
  const digest = createHash('sha512').update(signed).digest();
  return [digest, digest.toString('hex')].map((value) => respelled(name, 'hashed-twice', what, value));
}

export const RSA_WEBHOOKS: readonly InspectionScheme[] = [ALIGNET_NOTIFICATION, ALIGNET_REDIRECT, NETZME_SNAP_V2];

function snapChanges(body: Buffer, path: string, time: string, recipe: Recipe): Changes {
  const minified = minifyJson(body);
  const hashes = bodyRespellings(body, minified).filter(({ code }) => code !== 'body-hashed');
  const own = netzmeSnapBodyHash(body);
  const asHash = (code: string, what: string, value: string): Change =>
    respelled(BODY_HASH, code, what, value, { inputs: ['body'] });
  return [
    ...hashes.map(({ code, what, bytes }) => asHash(code, `with the hash of ${what}`, sha256(bytes))),
    asHash(
      'body-go-numbers',
      'with the hash of the body with its numbers shortened, as Go does',
      netzmeSnapBodyHash(body, 'go-numbers'),
    ),
    asHash('body-hash-upper-case', 'with the hash of the body in upper case', own.toUpperCase()),
    asHash('body-hash-base64', 'with the hash of the body in base64', Buffer.from(own, 'hex').toString('base64')),
    asHash('body-not-hashed', 'with the body itself in place of its hash', minified.toString('utf8')),
    ...pathChanges(path),
    ...letterCaseChanges(recipe)
      .filter(({ inputs }) => inputs[0] === 'method')
      .map((change) => ({ ...change, code: 'method-case' })),
    ...['GET', 'POST', 'PUT'].map((method) => respelled('method', 'method-other', `with the method ${method}`, method)),
    ...isoTimeChanges('X-TIMESTAMP', time),
    ...['|', '.', '-', ',', '&', '\n', ' ', ''].map((separator) =>
      otherSeparatorChange(
        separator === '' ? 'separator-missing' : 'separator-other',
        `with ${separator === '' ? 'nothing' : JSON.stringify(separator)} between its parts; there is a colon`,
        separator,
      ),
    ),
  ];
}

function orderChanges(values: readonly Part[]): Change[] {
  return permutations([...values])
    .slice(1)
    .map((order) => ({
      code: 'order-swapped',
      inputs: ['order'],
      what: 'from its parts in another order; it is method, path, body hash, time',
      apply: (recipe) => ({ ...recipe, text: separated(order, ':') }),
      isAlone: true,
    }));
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
