/**
 * For callers without a type checker: `undefined` would be hashed as the text "undefined", and the gateway would only say that
 * the result is wrong.
 *
 * @throws {TypeError} naming the first that is no text, and showing none of them
 */
export function requireTexts<K extends string>(inputs: Readonly<Record<K, unknown>>, names: readonly K[]): void {
  for (const name of names) {
    if (typeof inputs[name] !== 'string') throw new TypeError(`${name} must be text, and is ${kindOf(inputs[name])}.`);
  }
}

function kindOf(value: unknown): string {
  return value === undefined || value === null ? String(value) : `of type ${typeof value}`;
}
