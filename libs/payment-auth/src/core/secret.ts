import { inspect } from 'node:util';

const MASK = '[secret]';

/** What a secret is now, and what it will be next, while a rotation is under way. */
export interface RotatingSecret {
  /** Signs, and is sent where a gateway wants it. */
  readonly current: string;
  /** Accepted as well in what comes in. */
  readonly next?: string | undefined;
}

/** Whether it is exactly that: `current`, and `next` or none. */
export function isRotatingSecret(value: unknown): value is RotatingSecret {
  if (typeof value !== 'object' || value === null || !('current' in value)) return false;
  const { current, next, ...more } = value as Readonly<Record<string, unknown>>;
  const isNext = next === undefined || typeof next === 'string';
  return typeof current === 'string' && isNext && Object.keys(more).length === 0;
}

/** Where a secret comes from when not from the options: a vault, a file. Asked at start and whenever secrets are reloaded. */
export type SecretSource = () => string | RotatingSecret | Promise<string | RotatingSecret>;

/** What every secret option takes. */
export type SecretOption = string | RotatingSecret | SecretSource;

/**
 * A configured secret that shows nothing: not in `console.log`, `util.inspect` at any depth, `JSON.stringify`, a template
 * string or a structured clone. Only {@link Secret.reveal} and {@link Secret.accepted} give text, so every use is easy to
 * find.
 */
export class Secret {
  #texts: readonly [string, ...string[]];

  constructor(value: string | RotatingSecret) {
    this.#texts = textsOf(value);
    // Its text lives in a private field, which freezing leaves free to change.
    Object.freeze(this);
  }

  /** A secret option after `loadSecrets`, which turned whatever is not plain text into one of these. */
  static from(option: SecretOption | Secret): Secret {
    if (option instanceof Secret) return option;
    if (typeof option === 'function') throw new TypeError('A secret source must be loaded before it is used.');
    return new Secret(option);
  }

  /** The secret itself, the current one. Call it where the bytes are needed and keep no copy: it may change. */
  reveal(): string {
    return this.#texts[0];
  }

  /** Every text that is accepted when something signed comes in; the current one first. */
  accepted(): readonly string[] {
    return this.#texts;
  }

  equals(other: Secret): boolean {
    return this.#texts.length === other.#texts.length && this.#texts.every((text, i) => text === other.#texts[i]);
  }

  /** @returns whether it changed */
  replace(value: string | RotatingSecret | Secret): boolean {
    const next = value instanceof Secret ? value : new Secret(value);
    const isChange = !this.equals(next);
    this.#texts = next.#texts;
    return isChange;
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

function textsOf(value: string | RotatingSecret): [string, ...string[]] {
  if (typeof value === 'string') return [value];
  return value.next === undefined ? [value.current] : [value.current, value.next];
}
