import { type Gateway, SignatureVerificationError } from '../errors';
import { jsonMembers } from '../json-members';

export type JsonObject = Readonly<Record<string, unknown>>;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;

/** A notification's JSON body, of which single values are signed. */
export class JsonPayload {
  private constructor(
    readonly value: JsonObject,
    private readonly gateway: Gateway,
    private readonly source: string,
  ) {}

  /** @throws {SignatureVerificationError} `malformed-body` when it is no JSON object in UTF-8 */
  static parse(gateway: Gateway, rawBody: Buffer): JsonPayload {
    let value: unknown;
    let source: string;
    try {
      source = strictUtf8.decode(rawBody);
      value = JSON.parse(source);
    } catch {
      throw malformed(gateway, 'The body is not JSON in UTF-8.');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw malformed(gateway, 'The body is not a JSON object.');
    }
    return new JsonPayload(value as JsonObject, gateway, source);
  }

  /**
   * The text of a member that is signed: of a string its characters, of a whole number its digits as they came (above 2^53
   * `JSON.parse` loses some).
   *
   * @param path names joined by dots
   * @param grammar what the text must look like. Where signed values are joined without separators, this is what keeps
   * anybody from moving characters from one value to the next under the same signature
   * @throws {SignatureVerificationError} `malformed-body` when it is missing, there twice, or of another form
   */
  signedText(path: string, grammar: RegExp): string {
    const text = this.textOf(path);
    if (!grammar.test(text)) throw malformed(this.gateway, `${path} does not look like one.`);
    return text;
  }

  /** Like {@link signedText}; `undefined` when the member is missing or null. */
  optionalText(path: string, grammar: RegExp): string | undefined {
    const place = this.find(path);
    if (place === undefined || this.source.slice(place.start, place.end) === 'null') return undefined;
    return this.signedText(path, grammar);
  }

  /** The source of a member's value, as it came. @throws {SignatureVerificationError} `malformed-body` */
  rawText(path: string): string {
    const place = this.find(path);
    if (place === undefined) throw malformed(this.gateway, `${path} is missing.`);
    return this.source.slice(place.start, place.end);
  }

  /** @throws {SignatureVerificationError} `malformed-body` when a name of the path is there twice */
  private find(path: string): { start: number; end: number } | undefined {
    let place = { start: 0, end: this.source.length };
    for (const name of path.split('.')) {
      const isObject = this.source.slice(place.start, place.end).trimStart().startsWith('{');
      const found = isObject ? jsonMembers(this.source, place.start).filter((member) => member.name === name) : [];
      const [member, twin] = found;
      if (member === undefined) return undefined;
      // Parsers disagree on which one counts.
      if (twin !== undefined) throw malformed(this.gateway, `${path} is there twice.`);
      place = member;
    }
    return place;
  }

  private textOf(path: string): string {
    const raw = this.rawText(path);
    if (raw.startsWith('"')) return JSON.parse(raw) as string;
    if (WHOLE_NUMBER.test(raw)) return raw;
    throw malformed(this.gateway, `${path} is neither text nor a whole number.`);
  }
}

function malformed(gateway: Gateway, message: string): SignatureVerificationError {
  return new SignatureVerificationError('malformed-body', gateway, message);
}
