import { invalid } from '../access/console-problem';
import { type Inspection, type InspectorField } from '../contract';

const KB = 1024;
/** UTF-8 bytes. */
const LARGEST = { body: 64 * KB, other: 8 * KB, expected: 72 * KB } as const;
const LONG_FIELDS: ReadonlySet<string> = new Set(['body', 'authorization_result']);

/** What was filled in, checked against the fields of a scheme. */
export class GivenInputs {
  constructor(
    private readonly texts: Readonly<Record<string, string>>,
    /** As pasted; `undefined` when left empty. */
    readonly expected: string | undefined,
  ) {}

  /** Empty when it was left so. */
  text(name: string): string {
    return this.texts[name] ?? '';
  }

  /** One of the choices, or the default when it was left empty. */
  choice<T extends string>(name: string, otherwise: T): T {
    const text = this.text(name);
    return text === '' ? otherwise : (text as T);
  }
}

/** @throws {ConsoleRefusal} 400, naming the field */
export function readInspection(body: unknown, fields: readonly InspectorField[], takesExpected: boolean): GivenInputs {
  if (!isObject(body)) throw invalid('body', 'must be a JSON object: { "inputs": { ... }, "expected": "..." }');
  const unknown = Object.keys(body).find((name) => name !== 'inputs' && name !== 'expected');
  if (unknown !== undefined) throw invalid(shown(unknown), 'is no member of an inspection: it has inputs and expected');
  const { inputs, expected } = body as Partial<Record<keyof Inspection, unknown>>;
  if (!isObject(inputs)) throw invalid('inputs', 'must be an object of texts by the names of the fields');
  const names = fields.map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (!names.includes(name))
      throw invalid(`inputs.${shown(name)}`, `is no field of this scheme: it has ${names.join(', ')}`);
  }
  const texts = Object.fromEntries(fields.map((field) => [field.name, readField(field, inputs[field.name])]));
  if (expected === undefined || expected === '') return new GivenInputs(texts, undefined);
  if (!takesExpected) throw invalid('expected', 'cannot be judged in this scheme: leave it out');
  return new GivenInputs(texts, readText('expected', expected, LARGEST.expected));
}

function readField({ name, required, choices }: InspectorField, given: unknown): string {
  const text = given === undefined ? '' : readText(name, given, LONG_FIELDS.has(name) ? LARGEST.body : LARGEST.other);
  if (text === '' && required) throw invalid(name, 'must not be empty');
  if (text !== '' && choices !== undefined && !choices.includes(text)) {
    throw invalid(name, `must be one of ${choices.join(', ')}`);
  }
  return text;
}

function readText(name: string, value: unknown, largest: number): string {
  if (typeof value !== 'string') throw invalid(name, 'must be a text');
  const bytes = Buffer.byteLength(value);
  if (bytes > largest) throw invalid(name, `has ${bytes} bytes; ${largest} are allowed`);
  // What has no UTF-8 would be signed as something else than was given.
  if (/\p{Surrogate}/u.test(value)) throw invalid(name, 'has half a surrogate pair, which has no UTF-8');
  return value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (name: string): string => JSON.stringify(name.slice(0, 40)).slice(1, -1);
