import { type ConsoleProblem } from './contract';

/** Instead of a status, when nobody answered. */
export const NOBODY = 0;

/** A refusal, whoever made it: the console's backend, the simulator behind it, or one of the demo's own routes. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly code?: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

type AnyProblem = Partial<Omit<ConsoleProblem, 'message'>> & {
  readonly message?: string | readonly string[];
  readonly hint?: string;
  readonly error?: { readonly field?: string; readonly message?: string };
};

/** A refusal as it is shown: what every part of it says, once. */
export function problemOf(status: number, answer: unknown): ApiProblem {
  const given = (typeof answer === 'object' && answer !== null ? answer : {}) as AnyProblem;
  if (typeof given.error === 'object') {
    const { field, message = '' } = given.error;
    // The simulator's message mostly begins with the field it is about.
    const isNamed = field === undefined || message.startsWith(`${field} `) || message.startsWith(`${field}:`);
    return new ApiProblem(status, isNamed ? message : `${field} ${message}`, 'invalid-input', field);
  }
  const message = [given.message ?? `HTTP ${status}`].flat().join(' ');
  // The library's messages end with their hint.
  const hint = given.hint === undefined || message.includes(given.hint) ? '' : ` ${given.hint}`;
  return new ApiProblem(status, `${message}${hint}`, given.code, given.field);
}

export interface ShownProblem {
  readonly text: string;
  /** Of what the backend says; what the page says is in its own language. */
  readonly lang?: 'en';
}

/** What to show of anything that was thrown; `undefined` for an abort, which somebody wanted. */
export function shownProblem(error: unknown): ShownProblem | undefined {
  if (error instanceof DOMException && error.name === 'AbortError') return undefined;
  if (error instanceof ApiProblem && error.statusCode !== NOBODY) return { text: error.message, lang: 'en' };
  return { text: error instanceof Error ? error.message : String(error) };
}
