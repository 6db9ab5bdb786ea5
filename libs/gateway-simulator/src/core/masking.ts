import { createHash } from 'node:crypto';
import { escapeNonAscii, parseJson } from './json';

const SENSITIVE_NAME =
  /secret|passw|token|tran-?_?key|nonce|signature|authorization|credential|cookie|api-?_?key|private|^pin$|^salt$/i;
/** Names that look sensitive and hold nothing secret. */
const HARMLESS_NAMES: ReadonlySet<string> = new Set([
  'token_type',
  'tokentype',
  'expiry_token',
  'create:token',
  // The outcome of a payment, in Alignet's redirect.
  'authorization_result',
  // The bank's code for a payment, in Alignet's notifications.
  'authorization_code',
]);
/** Wrappers of Alignet's answers: their members are judged one by one. */
const WRAPPER_NAMES: ReadonlySet<string> = new Set(['authorization', 'nonce_creation']);

/**
 * Whatever looks like a token this simulator hands out or a signature made here, wherever it turns up: tokens in three
 * parts; SHA-256 and SHA-1 in hex; both in base64, and RSA of 2048 bits.
 */
const TOKEN_SHAPES = new RegExp(
  [
    /eyJ[\w-]{8,}(?:\.[\w-]*){1,2}/,
    /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40})(?![0-9A-Za-z])/,
    /(?<![0-9A-Za-z+/])(?:[0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{27}=|[0-9A-Za-z+/]{342}==)(?![0-9A-Za-z+/=])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
const JSON_TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\s+/gs;

const LARGEST_SHOWN_BODY = 64 * 1024;
const SHOWN_CHARACTERS = 4096;

/** Replaces a value by something that only tells two values apart. */
export function maskValue(value: string): string {
  return `masked:${createHash('sha256').update(value).digest('hex').slice(0, 4)}`;
}

function isSensitiveName(name: string): boolean {
  return SENSITIVE_NAME.test(name) && !HARMLESS_NAMES.has(name.toLowerCase());
}

/** Masks secrets in whatever the journal keeps. Knows the configured secrets, the sensitive names and token shapes. */
export class Masker {
  private readonly secrets: readonly string[];

  constructor(secrets: Iterable<string>) {
    const variants = [...secrets]
      .filter(Boolean)
      .flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        encodeURI(secret),
        JSON.stringify(secret).slice(1, -1),
        escapeNonAscii(JSON.stringify(secret).slice(1, -1)),
      ]);
    // Longest first, so that no short secret leaves the rest of a longer one behind.
    this.secrets = [...new Set(variants)].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    let masked = text;
    for (const secret of this.secrets) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, maskValue(secret));
    }
    return masked.replace(TOKEN_SHAPES, (token) => maskValue(token));
  }

  /** A request target: values of sensitive query parameters are masked, everything else keeps its exact spelling. */
  target(target: string): string {
    const start = target.indexOf('?') + 1;
    return start === 0 ? this.text(target) : this.text(target.slice(0, start)) + this.form(target.slice(start));
  }

  /** A query, or a form of the same syntax. */
  form(text: string): string {
    const pairs = text.split('&').map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0 || !isSensitiveName(pair.slice(0, equals))) return pair;
      return `${pair.slice(0, equals + 1)}${maskValue(pair.slice(equals + 1))}`;
    });
    return this.text(pairs.join('&'));
  }

  headers(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
    const masked: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const text = Array.isArray(value) ? value.join(', ') : value;
      masked[name] = isSensitiveName(name) ? maskCredentials(text) : this.text(text);
    }
    return masked;
  }

  /** A body as text, capped. JSON keeps its exact spelling but for the masked values; anything else is not shown. */
  body(body: Buffer): string {
    if (body.length === 0) return '';
    const text = body.toString('utf8');
    if (body.length > LARGEST_SHOWN_BODY || parseJson(body) === undefined) {
      return `[${body.length} bytes, not shown, ${maskValue(text)}]`;
    }
    return cut(this.text(maskJson(text)));
  }

  /** An answer to a webhook: as a body, but shown if it is not JSON too, for an error page is what one wants to read. */
  answer(body: Buffer): string {
    return parseJson(body) === undefined ? cut(this.text(body.toString('utf8'))) : this.body(body);
  }
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}... [cut]` : text;
}

/** Keeps the scheme of an `Authorization` value: whether it said Basic or Bearer is often the whole mistake. */
function maskCredentials(value: string): string {
  const scheme = /^(?:basic|bearer|custom) /i.exec(value)?.[0] ?? '';
  return `${scheme}${maskValue(value.slice(scheme.length))}`;
}

interface Container {
  readonly isObject: boolean;
  /** All that is inside belongs to a sensitive name. */
  readonly sensitive: boolean;
}

/** Masks in place, token by token, so that spacing, escapes and number forms stay visible in the journal. */
function maskJson(text: string): string {
  const containers: Container[] = [];
  let name = '';
  let expectsName = false;
  return text.replace(JSON_TOKENS, (token) => {
    const top = containers.at(-1);
    const inSensitive = top?.sensitive === true;
    const named = top?.isObject === true && isSensitiveName(name);
    if (token === '{' || token === '[') {
      containers.push({ isObject: token === '{', sensitive: inSensitive || (named && !WRAPPER_NAMES.has(name)) });
      expectsName = token === '{';
      return token;
    }
    if (token === '}' || token === ']') {
      containers.pop();
      return token;
    }
    if (token === ':') {
      expectsName = false;
      return token;
    }
    if (token === ',') {
      expectsName = top?.isObject === true;
      return token;
    }
    if (/^\s/.test(token)) return token;
    if (expectsName) {
      name = String(JSON.parse(token));
      return token;
    }
    if (!(inSensitive || named) || token === 'null' || token === 'true' || token === 'false') return token;
    return JSON.stringify(maskValue(String(JSON.parse(token))));
  });
}
