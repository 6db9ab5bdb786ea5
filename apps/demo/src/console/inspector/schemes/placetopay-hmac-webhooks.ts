import { invalid } from '../../access/console-problem';
import { siteCredential } from '../configured-secrets';
import { type Change, respelled } from '../recipe/change';
import { input, literal, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { addedSeparatorChanges, otherSeparatorChange } from '../recipe/order-changes';
import { epochTimeChanges } from '../recipe/epoch-time-changes';
import { recipeStage, textStage } from '../stages';
import { hmacChanges } from './digest-changes';
import { exampleBodies } from './example-bodies';
import { bodyChanges } from './respelling-changes';
import { judgedByLibrary } from './library-refusal';
import { calculated, field, type InspectionScheme, receivedHex, required } from './scheme';
import { urlChanges } from './url-changes';

const SITE_VARIABLE = 'PLACETOPAY_SECRET_KEY';
const ONBOARDING_VARIABLE = 'PLACETOPAY_ONBOARDING_SECRETS';
const SCUDO_VARIABLE = 'PLACETOPAY_SCUDO_SECRET_KEY';

/** Gateway, a returned ACH payment: an HMAC of the raw body in `X-Signature`. */
const ACH_RETURN: InspectionScheme = {
  id: 'placetopay-ach-return-webhook',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: SITE_VARIABLE,
  fields: (now) => [field('body', exampleBodies['ach-return'](now), { required: true, kind: 'multiline' })],
  isConfigured: ({ placetopay }) => placetopay !== undefined,
  inspect: async (given, { secrets }) => {
    const secret = await siteCredential(required(secrets.placetopay, SITE_VARIABLE), SITE_VARIABLE);
    const body = Buffer.from(given.text('body'));
    const key = [secretPart(secret.text)];
    const recipe: Recipe = { text: [input('body', body)], key, hash: 'sha256', encoding: 'hex', prefix: '' };
    const expected = receivedHex(given.expected, recipe);
    const result = calculated({
      leading: [],
      keyStages: [recipeStage('key-recipe', key, { [SECRET]: 'secretKey' })],
      recipe,
      resultId: 'X-Signature',
      credential: secret,
      changes: [...bodyChanges(body), ...hmacChanges(recipe, secret)],
      expected,
    });
    return judgedByLibrary(result, () => ({
      product: 'ach-return',
      body: given.text('body'),
      ...(expected !== undefined && { header: expected }),
      secret: secret.text,
    }));
  },
};

const HEADER = /^t=(\d{1,15}),\s*kid=([\w.-]{1,64}),\s*v1=(.*)$/s;

/** Onboarding: an HMAC of time and raw body, in the part `v1` of `X-Signature`. */
const ONBOARDING: InspectionScheme = {
  id: 'placetopay-onboarding-webhook',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: ONBOARDING_VARIABLE,
  fields: (now) => [
    field('t', String(Math.floor(now / 1_000)), { required: true }),
    field('kid', ''),
    field('body', exampleBodies.onboarding(), { required: true, kind: 'multiline' }),
  ],
  isConfigured: ({ placetopay }) => placetopay?.options.notifications?.onboardingSigningSecrets !== undefined,
  inspect: async (given, { secrets }) => {
    const { options, credential } = required(secrets.placetopay, ONBOARDING_VARIABLE);
    const byKid = required(options.notifications?.onboardingSigningSecrets, ONBOARDING_VARIABLE);
    const [, headerTime, headerKid, v1] = HEADER.exec(given.expected ?? '') ?? [];
    const kids = Object.keys(byKid);
    const kid = given.text('kid') || headerKid || kids[0] || '';
    const option = Object.hasOwn(byKid, kid) ? byKid[kid] : undefined;
    if (option === undefined) throw invalid('kid', `is none of those in ${ONBOARDING_VARIABLE}: ${kids.join(', ')}`);
    const secret = await credential(option, ONBOARDING_VARIABLE);
    const body = Buffer.from(given.text('body'));
    const time = given.text('t');
    const key = [secretPart(secret.text)];
    const text = [input('t', time), literal('.'), input('body', body)];
    const recipe: Recipe = { text, key, hash: 'sha256', encoding: 'hex', prefix: '' };
    return calculated({
      leading: [textStage('t', time), textStage('kid', kid), recipeStage('recipe', text)],
      keyStages: [recipeStage('key-recipe', key, { [SECRET]: 'signingSecret' })],
      recipe,
      resultId: 'v1',
      credential: secret,
      changes: [
        ...(headerTime === undefined || headerTime === time
          ? []
          : [
              respelled(
                't',
                'time-of-header',
                'with the t that its own header names, which is not the one given',
                headerTime,
              ),
            ]),
        ...bodyChanges(body),
        ...separatorChanges(),
        {
          code: 'order-swapped',
          inputs: ['order'],
          what: 'from its parts in another order; it is t, body',
          apply: (changed) => ({ ...changed, text: changed.text.toReversed() }),
        },
        ...hmacChanges(recipe, secret),
        ...epochTimeChanges('t', time, 's'),
      ],
      expected: receivedHex(v1 ?? given.expected, recipe),
    });
  },
};

/** API Scudo: an HMAC of the URL it is sent to and the time. The body is not covered. */
const SCUDO: InspectionScheme = {
  id: 'placetopay-scudo-webhook',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: SCUDO_VARIABLE,
  fields: (now) => [field('url', ''), field('seed', String(Math.floor(now / 1_000)), { required: true })],
  isConfigured: ({ placetopay }) => {
    const { scudoSecretKey, scudoNotificationUrl } = placetopay?.options.notifications ?? {};
    return scudoSecretKey !== undefined && scudoNotificationUrl !== undefined;
  },
  inspect: async (given, { secrets }) => {
    const { options, credential } = required(secrets.placetopay, SCUDO_VARIABLE);
    const { scudoSecretKey, scudoNotificationUrl } = options.notifications ?? {};
    const secret = await credential(required(scudoSecretKey, SCUDO_VARIABLE), SCUDO_VARIABLE);
    const url = given.text('url') || required(scudoNotificationUrl, 'PLACETOPAY_SCUDO_NOTIFICATION_URL');
    const seed = given.text('seed');
    const key = [secretPart(secret.text)];
    const text = [input('url', url), input('seed', seed)];
    const recipe: Recipe = { text, key, hash: 'sha256', encoding: 'hex', prefix: '' };
    return calculated({
      leading: [textStage('url', url), textStage('seed', seed), recipeStage('recipe', text)],
      keyStages: [recipeStage('key-recipe', key, { [SECRET]: 'scudoKey' })],
      recipe,
      resultId: 'signature',
      credential: secret,
      changes: [
        ...urlChanges('url', url),
        ...hmacChanges(recipe, secret),
        {
          code: 'order-swapped',
          inputs: ['order'],
          what: 'from its parts in another order; it is url, seed',
          apply: (changed) => ({ ...changed, text: changed.text.toReversed() }),
        },
        ...addedSeparatorChanges(['.', '-', '|', ':', ' ', '\n', '&', '?seed=']),
        ...epochTimeChanges('seed', seed, 's'),
      ],
      expected: receivedHex(given.expected, recipe),
    });
  },
};

export const PLACETOPAY_HMAC_WEBHOOKS: readonly InspectionScheme[] = [ACH_RETURN, ONBOARDING, SCUDO];

function separatorChanges(): Change[] {
  return [
    otherSeparatorChange('separator-missing', 'with nothing between time and body; there is a dot', ''),
    ...[':', '-', '|', ',', '\n', ' '].map((separator) =>
      otherSeparatorChange(
        'separator-other',
        `with ${JSON.stringify(separator)} between time and body; there is a dot`,
        separator,
      ),
    ),
  ];
}
