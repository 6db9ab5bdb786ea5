/** So long a piece of a secret, in any of its forms, is a find; less may be chance, or a mask. */
const WINDOW = 12;
const STRIDE = 4;

/** Looks for many secrets at once, in the forms that programs write them in, and for pieces of them. */
export class SecretSearch {
  private readonly windows = new Map<string, string>();
  private readonly known = new Set<string>();

  get size(): number {
    return this.known.size;
  }

  add(name: string, secret: string): void {
    if (this.known.has(secret)) return;
    if (secret.length < WINDOW + STRIDE) throw new Error(`${name} is too short to tell a find from chance`);
    this.known.add(secret);
    for (const [form, text] of formsOf(secret)) {
      for (let at = 0; at + WINDOW <= text.length; at += STRIDE) {
        this.windows.set(text.slice(at, at + WINDOW), `${name}, ${form}`);
      }
    }
  }

  /** Names and forms of the secrets that are in the text. */
  find(text: string): string[] {
    const found = new Set<string>();
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      const name = this.windows.get(text.slice(at, at + WINDOW));
      if (name !== undefined) found.add(name);
    }
    return [...found];
  }
}

export function formsOf(secret: string): (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = [0, 1, 2].map((before) => base64Inside(bytes, before));
  return [
    ['as it is', secret],
    ['in JSON', json],
    ['in JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['in HTML', secret.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
    ['in markup', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
    ['in a URL', encodeURIComponent(secret)],
    ['in hex', bytes.toString('hex')],
    ['in upper-case hex', bytes.toString('hex').toUpperCase()],
    ...base64.map((text) => ['in Base64', text] as const),
    ...base64.map((text) => ['in Base64 for URLs', text.replaceAll('+', '-').replaceAll('/', '_')] as const),
  ];
}

/** What is the same in Base64 whatever stands around the bytes, so many of them in front. */
function base64Inside(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}
