/** Other texts than a body as it is signed, such as a program makes of it by accident. */
export interface BodyMishap {
  readonly code: string;
  /** To follow "from". */
  readonly what: string;
  readonly bytes: Buffer;
}

type Mishap = readonly [code: string, what: string, text: string | Buffer];

/** Larger bodies are not taken apart for it. */
const LARGEST = 16 * 1024;
/** Of members that are tried one by one. */
const MOST_MEMBERS = 12;

export function bodyMishaps(signed: Buffer): BodyMishap[] {
  if (signed.length === 0 || signed.length > LARGEST) return [];
  const text = signed.toString('utf8');
  const mishaps: Mishap[] = [
    ['body-latin1', 'the body as latin1; it is UTF-8', Buffer.from(text, 'latin1')],
    ['body-normalised', 'the body with its letters decomposed', text.normalize('NFD')],
    ['body-normalised', 'the body with its letters composed', text.normalize('NFC')],
    ['body-stringified-twice', 'the body written as a JSON text once more', JSON.stringify(text)],
    ['body-encoded', 'the body percent-encoded', attempt(() => encodeURIComponent(text)) ?? text],
    ...objectMishaps(text),
  ];
  return mishaps
    .map(([code, what, other]) => ({ code, what, bytes: Buffer.from(other) }))
    .filter(({ bytes }) => !bytes.equals(signed));
}

function objectMishaps(text: string): Mishap[] {
  const value = attempt(() => JSON.parse(text) as unknown);
  if (typeof value !== 'object' || value === null) return [];
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
  return [
    ['body-object-object', 'what programs write of an object, [object Object]', '[object Object]'],
    ['body-form', 'the body as a form writes it', new URLSearchParams(flat(value)).toString()],
    ['body-non-ascii-escaped', 'the body with non-ASCII characters escaped', text.replace(/[\u0080-\uffff]/g, escape)],
    ['body-nulls', 'the body without its members that are null', withoutNulls(text)],
    ...numberSpellings(text),
  ];
}

const flat = (value: object): [string, string][] =>
  Object.entries(value).map(([name, inner]) => [
    name,
    typeof inner === 'object' ? JSON.stringify(inner) : String(inner),
  ]);

function withoutNulls(text: string): string {
  const replacer = (_name: string, inner: unknown): unknown => (inner === null ? undefined : inner);
  const isArrayFree = !text.includes('[');
  return isArrayFree ? JSON.stringify(JSON.parse(text), replacer) : text;
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|(?<![\w.+-])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/g;
const NUMERIC = /^"-?(?:0|[1-9]\d*)(?:\.\d+)?"$/;

/** Numbers as texts, or texts of digits as numbers: all of them, and each for itself. */
function numberSpellings(text: string): Mishap[] {
  const quoted = 'the body with a number as a text';
  const bare = 'the body with a text of digits as a number';
  const isValue = ([token, string, colon]: RegExpMatchArray): boolean =>
    string === undefined || (colon === undefined && NUMERIC.test(token));
  const found = [...text.matchAll(TOKENS)].filter(isValue);
  const otherwise = (token: string): string => (token.startsWith('"') ? token.slice(1, -1) : `"${token}"`);
  const spelled = (chosen: readonly RegExpMatchArray[]): string =>
    chosen.reduceRight((whole, { 0: token, index = 0 }) => {
      return whole.slice(0, index) + otherwise(token) + whole.slice(index + token.length);
    }, text);
  const texts = found.filter(([token]) => token.startsWith('"'));
  const numbers = found.filter(([token]) => !token.startsWith('"'));
  const mishap = (chosen: readonly RegExpMatchArray[]): Mishap[] => {
    if (chosen.length === 0) return [];
    const isText = chosen[0]?.[0].startsWith('"') === true;
    return [[isText ? 'body-texts-as-numbers' : 'body-numbers-as-texts', isText ? bare : quoted, spelled(chosen)]];
  };
  return [numbers, texts, ...found.slice(0, MOST_MEMBERS).map((one) => [one])].flatMap(mishap);
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
