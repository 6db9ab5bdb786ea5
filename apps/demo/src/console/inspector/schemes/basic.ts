import { type InspectionResult } from '../../contract';
import { type Credential } from '../configured-secrets';
import { type Change, respelled } from '../recipe/change';
import { encodingChanges, prefixChanges } from '../recipe/encoding-changes';
import { joinChanges, letterCaseChange, otherSeparatorChange } from '../recipe/order-changes';
import { input, literal, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { secretChanges } from '../recipe/secret-changes';
import { hiddenStage, partsStage, recipeStage } from '../stages';
import { judge } from '../verdict';

const NEVER_SHOWN = 'compared here and never shown: it is the secret itself, in base64';

export interface BasicInputs {
  readonly userName: string;
  /** What the user is called where the credentials come from. */
  readonly user: string;
  readonly secretName: string;
  readonly credential: Credential;
  readonly expected: string | undefined;
}

/** An `Authorization: Basic` header. Only a whole one is compared: parts of it are parts of the secret. */
export function inspectBasic({ userName, user, secretName, credential, expected }: BasicInputs): InspectionResult {
  const text = [input(userName, user), literal(':'), secretPart(credential.text)];
  const recipe: Recipe = { text, hash: 'none', encoding: 'base64', prefix: 'Basic ' };
  const verdict = expected === undefined ? undefined : judge(expected, recipe, changesOf(recipe, credential, userName));
  return {
    stages: [
      recipeStage('recipe', text, { [SECRET]: secretName }),
      partsStage('credentials', text),
      hiddenStage('authorization', NEVER_SHOWN),
    ],
    ...(verdict !== undefined && { verdict }),
  };
}

function changesOf(recipe: Recipe, credential: Credential, userName: string): Change[] {
  const own = recipe.text[0]?.bytes.toString() ?? '';
  const order: Change = {
    code: 'order-swapped',
    inputs: ['order'],
    what: `with the secret before ${userName}`,
    apply: (changed) => ({ ...changed, text: changed.text.toReversed() }),
  };
  return [
    order,
    ...encodingChanges(recipe),
    ...prefixChanges(recipe),
    otherSeparatorChange('separator-missing', `with nothing between ${userName} and the secret; there is a colon`, ''),
    ...['-', '|', ',', ' ', ': ', '::'].map((separator) =>
      otherSeparatorChange('separator-other', `with ${JSON.stringify(separator)} in place of the colon`, separator),
    ),
    ...joinChanges(recipe).filter(({ code, inputs }) => code === 'value-left-out' && inputs[0] === userName),
    ...secretChanges(credential),
    ...[own.toLowerCase(), own.toUpperCase()].map((text) => letterCaseChange(userName, text)),
    ...[`${own} `, ` ${own}`, `${own}\n`].map((text) =>
      respelled(userName, 'user-whitespace', `with whitespace around ${userName}`, text),
    ),
    ...['Bearer ', 'Token '].map((prefix): Change => ({
      code: 'prefix-other',
      inputs: ['prefix'],
      what: `with ${prefix.trim()} in place of Basic`,
      apply: (changed) => ({ ...changed, prefix }),
    })),
    {
      code: 'prefix-twice',
      inputs: ['prefix'],
      what: 'with Basic twice',
      apply: (changed) => ({ ...changed, prefix: 'Basic Basic ' }),
    },
    {
      code: 'header-name-included',
      inputs: ['prefix'],
      what: 'with the name of the header before it',
      apply: (changed) => ({ ...changed, prefix: 'Authorization: Basic ' }),
    },
  ];
}
