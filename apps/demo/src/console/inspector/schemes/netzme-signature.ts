import { minifyJson } from 'nestjs-payment-auth';
import { invalid } from '../../access/console-problem';
import { type Credential, withMistaken } from '../configured-secrets';
import { type GivenInputs } from '../inspection-inputs';
import { type Changes } from '../recipe/change';
import { hidden, input, literal, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { hiddenStage, partsStage, recipeStage, resultStages, textStage } from '../stages';
import { judge, judgeText } from '../verdict';
import {
  NETZME_METHODS as METHODS,
  NETZME_TIME as TIME,
  NETZME_TOKEN as TOKEN,
  netzmeSignatureChanges,
} from './netzme-signature-changes';
import { field, type InspectionScheme, required } from './scheme';

const VARIABLE = 'NETZME_CLIENT_SECRET';
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
    const secret = withMistaken(await credential(options.clientSecret, VARIABLE), 'the client id', options.clientId);
    const known = given.text(TOKEN) === '' ? await netzmeTokens() : undefined;
    const token = (known?.current ?? given.text(TOKEN)).replace(/^Bearer /, '');
    const sent = Buffer.from(given.text('body'));
    const body = minifyJson(sent);
    const recipe = signatureRecipe({ method: given.text('method'), path, token, time: given.text(TIME), body, secret });
    const isDisclosed = secret.isPublic;
    const { expected } = given;
    const changes = (): Changes =>
      netzmeSignatureChanges(recipe, {
        baseUrl: options.baseUrl,
        path,
        token,
        sent,
        body,
        secret,
        earlier: known?.earlier ?? [],
      });
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
        verdict: isTextToSign(expected) ? judgeText(expected, recipe, changes()) : judge(expected, recipe, changes()),
      }),
    };
  },
};

const PARAMETER =
  /(?:^|[\s"'?&:;,|])(?:path|url|method|token|authorization|timestamp|request-?time|body)["']?\s*[=:]/gi;
const FEWEST_PARAMETERS = 3;

/** A text to sign that was pasted in place of a signature, the way of the SNAP API too: signatures have no names in them. */
const isTextToSign = (pasted: string): boolean =>
  (pasted.match(PARAMETER) ?? []).length >= FEWEST_PARAMETERS || /^[\s"']*[A-Za-z]+:\//.test(pasted);

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
