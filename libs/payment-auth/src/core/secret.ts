import { inspect } from 'node:util';

const MASK = '[secret]';

/**
 * A configured secret that shows nothing: not in `console.log`, `util.inspect` at any depth, `JSON.stringify` or a
 * template string. Only {@link Secret.reveal} gives the text, so every use is easy to find.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    Object.freeze(this);
  }

  /** The secret itself. Call it where the bytes are needed and keep no copy. */
  reveal(): string {
    return this.#text;
  }

  /** Every text that is accepted when something signed comes in; the current one first. */
  accepted(): readonly string[] {
    return [this.#text];
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
