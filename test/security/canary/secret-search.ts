import { inspect } from 'node:util';

/** One way a secret may be written down. */
interface Form {
  readonly name: string;
  readonly text: string;
  /** So many characters of it in a row are a find; of most forms, less could be chance. */
  readonly least: number;
}

export interface Find {
  readonly secret: string;
  readonly form: string;
  readonly output: string;
  /** How much of the form was found, in characters. */
  readonly length: number;
}

/** Every run of the haystack of this length is looked up; secrets are indexed at every `STRIDE`th character. */
const WINDOW = 12;
const STRIDE = 4;
/** Any so long piece of a form holds an indexed window whole. */
const SHORTEST_PIECE = WINDOW + STRIDE - 1;

/** Whether a window of this sum may be indexed: spares most places of the text a look into the index. */
const SUMS = 1 << 22;
// Under Jest, every look at a global costs a microsecond.
const { imul } = Math;
const sumAt = (text: string, at: number): number =>
  (imul(text.charCodeAt(at), 0x9e3779b1) ^
    imul(text.charCodeAt(at + 4), 0x85ebca6b) ^
    imul(text.charCodeAt(at + 7), 0xc2b2ae35) ^
    imul(text.charCodeAt(at + 11), 0x27d4eb2f)) >>>
  10;

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const escapedAscii = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

type NamedForm = readonly [name: string, text: string, least: number];

/**
 * How `secret` looks in the outputs of a program: as it is, in each escaping and encoding one meets, and as Node shows bytes.
 */
export function formsOf(secret: string | Buffer): Form[] {
  const forms =
    typeof secret === 'string' ? [...textForms(secret), ...byteForms(Buffer.from(secret))] : byteForms(secret);
  return forms
    .filter(([, text], index) => forms.findIndex(([, other]) => other === text) === index)
    .map(([name, text, least]) => ({ name, text, least }));
}

function textForms(secret: string): NamedForm[] {
  return (
    [
      ['clear', secret],
      ['JSON', json(secret)],
      ['JSON in JSON', json(json(secret))],
      ["PHP's JSON", escapedAscii(json(secret).replaceAll('/', '\\/'))],
      ['util.inspect', inspect(secret).slice(1, -1)],
      ['URL', encodeURIComponent(secret)],
      ['HTML', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
      ["HTML's numbers", secret.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
      ['form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ] as const
  ).map(([name, text]) => [name, text, SHORTEST_PIECE]);
}

function byteForms(bytes: Buffer): NamedForm[] {
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  return [
    ['every byte of a URL', pairs.map((pair) => `%${pair.toUpperCase()}`).join(''), 36],
    ['hex', hex, 24],
    ['HEX', hex.toUpperCase(), 24],
    ["a Buffer's hex", pairs.join(' '), 36],
    ['bytes in JSON', [...bytes].join(','), 48],
    ['bytes shown', [...bytes].join(', '), 60],
    // In Base64 they look different depending on how many bytes stand before them.
    ...[0, 1, 2].flatMap((before): NamedForm[] => {
      const text = base64Of(bytes, before);
      return [
        [`Base64, ${before} before it`, text, 20],
        [`Base64 for URLs, ${before} before it`, text.replaceAll('+', '-').replaceAll('/', '_'), 20],
      ];
    }),
  ];
}

/** What is the same in Base64 whatever stands around the bytes, `before` bytes into a group of three. */
function base64Of(bytes: Buffer, before: number): string {
  const start = Math.ceil((before * 8) / 6);
  const end = Math.floor(((before + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .slice(start, end);
}

interface Indexed extends Form {
  readonly secret: string;
}

/**
 * Looks for many secrets, in all their forms and also for pieces of them, in much text. Looking for each by itself would take
 * hours: so windows of them are looked up, and what matches is measured.
 */
export class SecretSearch {
  private readonly windows = new Map<string, { readonly form: Indexed; readonly at: number }[]>();
  private readonly sums = new Uint8Array(SUMS);
  /** By their text, or by what they are as bytes. */
  private readonly names = new Map<string, string>();
  private formCount = 0;

  add(name: string, secret: string | Buffer): void {
    if (secret.length < WINDOW) throw new Error(`${name}: too short to tell a find from chance`);
    const text = typeof secret === 'string' ? secret : `bytes ${secret.toString('hex')}`;
    if (this.names.has(text)) return;
    this.names.set(text, name);
    for (const form of formsOf(secret)) {
      this.formCount += 1;
      const least = Math.min(form.least, form.text.length);
      this.index({ ...form, least, secret: name });
    }
  }

  get size(): { readonly secrets: number; readonly forms: number } {
    return { secrets: this.names.size, forms: this.formCount };
  }

  find(output: string, text: string): Find[] {
    const finds = new Map<string, Find>();
    for (let start = 0; start + WINDOW <= text.length; start += 1) {
      if (this.sums[sumAt(text, start)] === 0) continue;
      for (const { form, at } of this.windows.get(text.slice(start, start + WINDOW)) ?? []) {
        const length = matchingAround(text, start, form.text, at);
        if (length < form.least) continue;
        const find = { secret: form.secret, form: form.name, output, length };
        finds.set(`${find.secret} ${find.form}`, find);
      }
    }
    return [...finds.values()];
  }

  private index(form: Indexed): void {
    for (let at = 0; at + WINDOW <= form.text.length; at += STRIDE) {
      const window = form.text.slice(at, at + WINDOW);
      this.sums[sumAt(window, 0)] = 1;
      const known = this.windows.get(window);
      if (known === undefined) this.windows.set(window, [{ form, at }]);
      else known.push({ form, at });
    }
  }
}

/** How far a text and a form agree around a place where they do. */
function matchingAround(text: string, start: number, form: string, at: number): number {
  let before = 0;
  while (before < at && before < start && text[start - before - 1] === form[at - before - 1]) before += 1;
  let length = WINDOW;
  while (at + length < form.length && text[start + length] === form[at + length]) length += 1;
  return before + length;
}
