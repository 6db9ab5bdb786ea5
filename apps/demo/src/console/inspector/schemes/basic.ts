import { type InspectionResult } from '../../contract';
import { type Credential } from '../configured-secrets';
import { encodingChanges, prefixChanges } from '../recipe/encoding-changes';
import { joinChanges } from '../recipe/order-changes';
import { input, literal, type Recipe, SECRET, secretPart } from '../recipe/recipe';
import { secretChanges } from '../recipe/secret-changes';
import { type Change } from '../recipe/change';
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
  const separated = (code: string, what: string, separator: string): Change => ({
    code,
    inputs: ['separator'],
    what,
    apply: (changed) => ({
      ...changed,
      text: changed.text.flatMap((part) => {
        if (part.name !== 'literal') return [part];
        return separator === '' ? [] : [literal(separator)];
      }),
    }),
  });
  const own = recipe.text[0]?.bytes.toString() ?? '';
  const userAs = (code: string, what: string, text: string): Change => ({
    code,
    inputs: [userName],
    what,
    apply: (changed) => ({
      ...changed,
      text: changed.text.map((part) => (part.name === userName ? { ...part, bytes: Buffer.from(text) } : part)),
    }),
  });
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
    separated('separator-missing', `with nothing between ${userName} and the secret; there is a colon`, ''),
    ...['-', '|', ',', ' ', ': ', '::'].map((separator) =>
      separated('separator-other', `with ${JSON.stringify(separator)} in place of the colon`, separator),
    ),
    ...joinChanges(recipe).filter(({ code, inputs }) => code === 'value-left-out' && inputs[0] === userName),
    ...secretChanges(credential),
    ...[own.toLowerCase(), own.toUpperCase()].map((text) =>
      userAs('letter-case', `with ${userName} in other letters, upper or lower case`, text),
    ),
    userAs('user-whitespace', `with whitespace around ${userName}`, `${own} `),
    userAs('user-whitespace', `with whitespace around ${userName}`, ` ${own}`),
    userAs('user-whitespace', `with whitespace around ${userName}`, `${own}\n`),
    {
      code: 'header-name-included',
      inputs: ['prefix'],
      what: 'with the name of the header before it',
      apply: (changed) => ({ ...changed, prefix: 'Authorization: Basic ' }),
    },
  ];
}
