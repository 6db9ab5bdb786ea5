import { type PlacetopayNotificationOptions } from 'nestjs-payment-auth';
import { type ConfiguredSecrets, type Credential, siteCredential } from '../configured-secrets';
import { otherValues, readJsonBody, signedValue, textMember, withTextMember } from '../json-body';
import { type Change, type Changes } from '../recipe/change';
import { additionChanges, neighbourChanges } from '../recipe/order-changes';
import { hidden, input, type Part, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { isoTimeChanges } from '../recipe/iso-time-changes';
import { partsStage, recipeStage } from '../stages';
import { joinedHashChanges } from './digest-changes';
import { exampleBodies } from './example-bodies';
import { judgedByLibrary } from './library-refusal';
import { calculated, field, type InspectionScheme, receivedHex, required } from './scheme';

type Algorithm = 'sha256' | 'sha1';

type Product = 'checkout' | 'payment-link' | 'gateway' | 'gateway-session' | 'autopay' | 'account-validator' | 'msv';

/** Placetopay's usual scheme: the hash of single values of the body, with the secret behind them. */
interface JoinedWebhook {
  readonly product: Product;
  /** Paths of the values, in the order in which they are signed. */
  readonly signed: readonly string[];
  /** The current one first. */
  readonly algorithms: readonly [Algorithm, ...Algorithm[]];
  readonly sha256Prefix?: string;
  /** Where the signature is in `X-Signature` and not in the body. */
  readonly isInHeader?: boolean;
  /** Values that may open what they name. */
  readonly hidden?: readonly string[];
  /** Where the secret is, when it is not the site's own. */
  readonly secret?: readonly [option: 'msvSecretToken', variable: string];
}

const SITE_VARIABLE = 'PLACETOPAY_SECRET_KEY';

const WEBHOOKS: readonly JoinedWebhook[] = [
  {
    product: 'checkout',
    signed: ['requestId', 'status.status', 'status.date'],
    algorithms: ['sha256', 'sha1'],
    sha256Prefix: 'sha256:',
  },
  { product: 'payment-link', signed: ['linkId', 'status.status', 'status.date'], algorithms: ['sha256'] },
  { product: 'gateway', signed: ['internalReference', 'status.status'], algorithms: ['sha256', 'sha1'] },
  {
    product: 'gateway-session',
    signed: ['session.id', 'session.status'],
    algorithms: ['sha256', 'sha1'],
    isInHeader: true,
  },
  { product: 'autopay', signed: ['id', 'type', 'date'], algorithms: ['sha256'], sha256Prefix: 'sha256:' },
  { product: 'account-validator', signed: ['requestId', 'status.status'], algorithms: ['sha1'] },
  {
    product: 'msv',
    signed: ['token', 'status.status', 'status.date'],
    algorithms: ['sha256'],
    hidden: ['token'],
    secret: ['msvSecretToken', 'PLACETOPAY_MSV_SECRET_TOKEN'],
  },
];

export const PLACETOPAY_JOINED_WEBHOOKS: readonly InspectionScheme[] = WEBHOOKS.map(joinedWebhook);

function joinedWebhook(webhook: JoinedWebhook): InspectionScheme {
  const { algorithms, product, secret, sha256Prefix = '', signed } = webhook;
  const [current] = algorithms;
  return {
    id: `placetopay-${product}-webhook`,
    gateway: 'placetopay',
    takesExpected: true,
    secretName: secret?.[1] ?? SITE_VARIABLE,
    fields: (now) => [
      field('body', exampleBodies[product](now), { required: true, kind: 'multiline' }),
      ...(algorithms.length > 1 ? [field('algorithm', current, { choices: algorithms })] : []),
    ],
    isConfigured: ({ placetopay }) =>
      placetopay !== undefined && (secret === undefined || placetopay.options.notifications?.[secret[0]] !== undefined),
    inspect: async (given, { secrets }) => {
      const credential = await credentialOf(webhook, secrets);
      const body = readJsonBody(given.text('body'));
      const values = signed.map((path) => {
        const make = webhook.hidden?.includes(path) === true ? hidden : input;
        return make(path, signedValue(body, path));
      });
      const text = [...values, secretPart(credential.text)];
      const hash = given.choice('algorithm', current);
      const recipe: Recipe = { text, hash, encoding: 'hex', prefix: hash === 'sha256' ? sha256Prefix : '' };
      const expected = receivedHex(given.expected ?? textMember(body, 'signature'), recipe);
      const result = calculated({
        leading: [
          ...values.map((value) => partsStage(value.name, [value])),
          recipeStage('recipe', text, { [SECRET]: secret?.[0] ?? 'secretKey' }),
        ],
        keyStages: [],
        recipe,
        resultId: 'signature',
        credential,
        changes: [
          ...joinedHashChanges(recipe, credential),
          ...additionChanges(otherValues(body, signed)),
          ...neighbourChanges(recipe, otherValues(body, signed)),
          ...timeChanges(values),
          ...wholeBodyChanges(given.text('body')),
        ],
        expected,
      });
      return judgedByLibrary(result, () => ({
        product,
        ...(webhook.isInHeader === true
          ? { body: body.source, header: expected }
          : { body: withTextMember(body, 'signature', expected ?? '') }),
        secret: credential.text,
        notifications: secret === undefined ? {} : { [secret[0]]: credential.text },
      }));
    },
  };
}

/** The body itself, where single values of it are signed. */
function wholeBodyChanges(body: string): Change[] {
  const whole = input('body', body);
  const change = (what: string, apply: Change['apply']): Change => ({
    code: 'body-signed',
    inputs: ['body'],
    what,
    apply,
    isAlone: true,
  });
  const secrets = ({ text }: Recipe): Part[] => text.filter(({ name }) => name === SECRET);
  const values = 'single values of it are signed';
  return ['sha256:', ''].flatMap((prefix) => [
    change(`from the whole body and the secret; ${values}`, (recipe) => ({
      ...recipe,
      text: [whole, ...secrets(recipe)],
      prefix,
    })),
    change(`from the whole body; ${values}`, (recipe) => ({ ...recipe, text: [whole], prefix })),
    change(`with an HMAC of the whole body; it is a plain hash, and ${values}`, (recipe) => ({
      ...recipe,
      text: [whole],
      key: secrets(recipe),
      prefix,
    })),
  ]);
}

function timeChanges(values: readonly Part[]): Changes {
  return values
    .filter(({ name }) => /date$/i.test(name))
    .flatMap(({ name, bytes }) => isoTimeChanges(name, bytes.toString('utf8')));
}

async function credentialOf({ secret }: JoinedWebhook, { placetopay }: ConfiguredSecrets): Promise<Credential> {
  const { options, credential } = required(placetopay, SITE_VARIABLE);
  if (secret === undefined) return siteCredential({ options, credential }, SITE_VARIABLE);
  const [option, variable] = secret;
  const notifications: PlacetopayNotificationOptions = options.notifications ?? {};
  return credential(required(notifications[option], variable), variable);
}
