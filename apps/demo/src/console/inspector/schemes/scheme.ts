import { type Gateway, type InspectionResult, type InspectionStage, type InspectorField } from '../../contract';
import { ConsoleRefusal } from '../../access/console-problem';
import { type ConfiguredSecrets, type Credential } from '../configured-secrets';
import { type GivenInputs } from '../inspection-inputs';
import { type Changes } from '../recipe/change';
import { type Recipe } from '../recipe/recipe';
import { partsStage, resultStages } from '../stages';
import { judge } from '../verdict';

/** What an inspection may ask for. */
export interface InspectionContext {
  readonly secrets: ConfiguredSecrets;
  /** Epoch milliseconds: the simulator's clock where there is one. */
  readonly now: number;
  /** Netzme's access token in use, and those that were before it. */
  readonly netzmeTokens: () => Promise<KnownTokens>;
}

export interface KnownTokens {
  readonly current: string;
  readonly earlier: readonly string[];
}

/** How one digest, signature or token is taken apart. */
export interface InspectionScheme {
  readonly id: string;
  readonly gateway: Gateway;
  readonly takesExpected: boolean;
  /** The variable of the secret; empty where none is needed. */
  readonly secretName: string;
  /** With examples as they would be at that time. */
  fields(now: number): readonly InspectorField[];
  isConfigured(secrets: ConfiguredSecrets): boolean;
  /** @throws {ConsoleRefusal} 400, naming the field */
  inspect(given: GivenInputs, context: InspectionContext): Promise<InspectionResult>;
}

/** @returns the configured block. @throws {ConsoleRefusal} 409 when there is none */
export function required<T>(block: T | undefined, variable: string): T {
  if (block !== undefined) return block;
  throw new ConsoleRefusal(409, 'not-configured', `${variable} is not set here, and this scheme needs it.`);
}

export interface Calculation {
  /** Before the text that is signed. */
  readonly leading: readonly InspectionStage[];
  /** Between the text and the result: how the key is made. */
  readonly keyStages: readonly InspectionStage[];
  readonly recipe: Recipe;
  /** What the result is called where it is sent. */
  readonly resultId: string;
  readonly credential: Credential;
  readonly changes: Changes;
  readonly expected: string | undefined;
}

/** The stages of one calculation, and what was done otherwise where another result was expected. */
export function calculated(calculation: Calculation): InspectionResult {
  const { leading, keyStages, recipe, resultId, credential, changes, expected } = calculation;
  return {
    stages: [
      ...leading,
      partsStage('string-to-sign', recipe.text),
      ...keyStages,
      ...resultStages(recipe, resultId, credential.isPublic),
    ],
    ...(expected !== undefined && { verdict: judge(expected, recipe, changes) }),
  };
}

/** A signature as it was received: the library reads its digits in upper case too. */
export function receivedHex(text: string | undefined, { prefix, encoding }: Recipe): string | undefined {
  if (text?.startsWith(prefix) !== true || encoding !== 'hex') return text;
  const digits = text.slice(prefix.length);
  return /^[0-9A-F]+$/.test(digits) ? prefix + digits.toLowerCase() : text;
}

export const field = (
  name: string,
  example: string,
  options: Partial<Omit<InspectorField, 'name' | 'example'>> = {},
): InspectorField => ({
  name,
  kind: options.choices === undefined ? 'text' : 'choice',
  required: false,
  example,
  ...options,
});
