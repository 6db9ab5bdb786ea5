/** A mistake in the reader's language; `undefined` unless every part of its code (`order-swapped+encoding-hex`) is known. */
export function translatedMistake(
  code: string,
  mistakes: Readonly<Partial<Record<string, string>>>,
): string | undefined {
  // What is done to a body is done to other JSON as well, `data` for one.
  const parts = code.split('+').map((part) => mistakes[part] ?? mistakes[part.replace(/^data-/, 'body-')]);
  return parts.includes(undefined) ? undefined : parts.join(' ');
}
