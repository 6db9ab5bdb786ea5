import { getMetadataStorage } from 'class-validator';

interface Rule {
  readonly propertyName: string;
}

/**
 * Every class with validated properties that is loaded, by its name: the library's options and, where it is loaded too, the
 * demo's. There is no public way to ask for all of them, and to name them here would miss the one that is added.
 */
export function validatedClasses(): Readonly<Record<string, readonly string[]>> {
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    readonly validationMetadatas: ReadonlyMap<{ readonly name: string }, readonly Rule[]>;
  };
  return Object.fromEntries(
    [...validationMetadatas].map(([{ name }, rules]) => [
      name,
      [...new Set(rules.map(({ propertyName }) => propertyName))].sort(),
    ]),
  );
}
