import { bodyRespellings } from '@payment-auth/gateway-simulator';
import { invalid } from '../../access/console-problem';
import { type ConfiguredSecrets, type Credential, siteCredential } from '../configured-secrets';
import { rawMember, readJsonBody, signedValue, textMember, withTextMember } from '../json-body';
import { type Change, respelled } from '../recipe/change';
import { input, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { isoTimeChanges } from '../recipe/iso-time-changes';
import { recipeStage, textStage } from '../stages';
import { joinedHashChanges } from './digest-changes';
import { exampleBodies } from './example-bodies';
import { judgedByLibrary } from './library-refusal';
import { calculated, field, type InspectionScheme, required } from './scheme';
import { freshNonce, freshSeed, inspectDigest, readNonce } from './wss-digest';

const SITE_VARIABLE = 'PLACETOPAY_SECRET_KEY';
const MICROSITE_VARIABLE = 'PLACETOPAY_MICROSITE_SECRET_KEY';

/** Token Requestor: the secret first, and base64. */
const TOKEN_REQUESTOR: InspectionScheme = {
  id: 'placetopay-token-requestor-webhook',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: SITE_VARIABLE,
  fields: (now) => [field('body', exampleBodies['token-requestor'](now), { required: true, kind: 'multiline' })],
  isConfigured: ({ placetopay }) => placetopay !== undefined,
  inspect: async (given, { secrets }) => {
    const site = required(secrets.placetopay, SITE_VARIABLE);
    const { options } = site;
    const secret = await siteCredential(site, SITE_VARIABLE);
    const body = readJsonBody(given.text('body'));
    const raw = rawMember(body.source, 'data');
    if (raw === undefined) throw invalid('body', 'must have a member data, for it is signed');
    const members = Object.values(Object(body.value['data']) as object);
    const values = members.join('');
    const isValues = options.notifications?.tokenRequestorData === 'values';
    const date = signedValue(body, 'date');
    const text = [secretPart(secret.text), input('data', isValues ? values : raw), input('date', date)];
    const recipe: Recipe = { text, hash: 'sha256', encoding: 'base64', prefix: '' };
    const expected = given.expected ?? textMember(body, 'signature');
    const result = calculated({
      leading: [
        textStage('data', isValues ? values : raw),
        textStage('date', date),
        recipeStage('recipe', text, { [SECRET]: 'secretKey' }),
      ],
      keyStages: [],
      recipe,
      resultId: 'signature',
      credential: secret,
      changes: [
        ...joinedHashChanges(recipe, secret),
        ...dataChanges(raw, values, isValues),
        ...[',', ' ', '|', '-', ';'].map((joint) =>
          respelled(
            'data',
            'data-as-values',
            `with the values of data, joined by ${JSON.stringify(joint)}`,
            members.join(joint),
          ),
        ),
        ...isoTimeChanges('date', date),
      ],
      expected,
    });
    return judgedByLibrary(result, () => ({
      product: 'token-requestor',
      body: withTextMember(body, 'signature', expected ?? ''),
      secret: secret.text,
      notifications: isValues ? { tokenRequestorData: 'values' } : {},
    }));
  },
};

function dataChanges(raw: string, values: string, isValues: boolean): Change[] {
  if (isValues) return [respelled('data', 'data-as-json', 'with data as JSON; here its values are signed', raw)];
  const bytes = Buffer.from(raw);
  return [
    respelled('data', 'data-as-values', 'with the values of data; here its JSON is signed', values),
    ...bodyRespellings(bytes, bytes).map((other) =>
      respelled('data', other.code.replace(/^body/, 'data'), `from ${other.what.replace('body', 'data')}`, other.bytes),
    ),
  ];
}

/** A customised microsite: Placetopay shows the merchant an `auth` object, as the merchant shows it otherwise. */
const MICROSITE_AUTH: InspectionScheme = {
  id: 'placetopay-microsite-auth-webhook',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: MICROSITE_VARIABLE,
  fields: (now) => [
    field('auth.nonce', freshNonce(), { required: true }),
    field('auth.seed', freshSeed(now), { required: true }),
  ],
  isConfigured: ({ placetopay }) => placetopay !== undefined,
  inspect: async (given, { secrets }) =>
    inspectDigest({
      rawNonce: readNonce(given.text('auth.nonce'), 'base64'),
      seed: given.text('auth.seed'),
      algorithm: 'sha256',
      credential: await micrositeCredential(secrets),
      expected: given.expected,
    }),
};

/** The site's own where none was agreed on. */
function micrositeCredential({ placetopay }: ConfiguredSecrets): Promise<Credential> {
  const { options, credential } = required(placetopay, MICROSITE_VARIABLE);
  const own = options.notifications?.micrositeAuth;
  return own === undefined
    ? credential(options.secretKey, SITE_VARIABLE)
    : credential(own.secretKey, MICROSITE_VARIABLE);
}

export const PLACETOPAY_OWN_WEBHOOKS: readonly InspectionScheme[] = [TOKEN_REQUESTOR, MICROSITE_AUTH];
