import { type Gateway, SignatureVerificationError } from '../errors';
import { isNestedDeeper, type JsonMember, jsonMembers } from '../json-members';

export type JsonObject = Readonly<Record<string, unknown>>;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
/** Documented bodies have six levels at most; `processor_response` of Alignet's may have more. */
const MAX_NESTING = 64;
const WHOLE_NUMBER = /^(?:0|[1-9]\d*)$/;

/** Members by name; `undefined` for a name that is there twice. */
type MemberIndex = ReadonlyMap<string, JsonMember | undefined>;
const NO_MEMBERS: MemberIndex = new Map();

/** A notification's JSON body, of which single values are signed. */
export class JsonPayload {
  /** By where the object starts: each is read once, however many of its members are asked for. */
  private readonly indexes = new Map<number, MemberIndex>();

  private constructor(
    readonly value: JsonObject,
    private readonly gateway: Gateway,
    private readonly source: string,
  ) {}

  /** @throws {SignatureVerificationError} `malformed-body` when it is no JSON object in UTF-8, or nested over 64 levels deep */
  static parse(gateway: Gateway, rawBody: Buffer): JsonPayload {
    const source = textOf(gateway, rawBody);
    requireShallow(gateway, source);
    const value = parsed(gateway, source);
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
    let place: { start: number; end: number } = { start: 0, end: this.source.length };
    for (const name of path.split('.')) {
      const members = this.membersAt(place.start);
      if (!members.has(name)) return undefined;
      const member = members.get(name);
      // Parsers disagree on which one counts.
      if (member === undefined) throw malformed(this.gateway, `${path} is there twice.`);
      place = member;
    }
    return place;
  }

  private membersAt(start: number): MemberIndex {
    // The whole is an object, and may have whitespace in front.
    if (start > 0 && this.source[start] !== '{') return NO_MEMBERS;
    const known = this.indexes.get(start);
    if (known !== undefined) return known;
    const index = new Map<string, JsonMember | undefined>();
    for (const member of jsonMembers(this.source, start)) {
      index.set(member.name, index.has(member.name) ? undefined : member);
    }
    this.indexes.set(start, index);
    return index;
  }

  private textOf(path: string): string {
    const raw = this.rawText(path);
    if (raw.startsWith('"')) return JSON.parse(raw) as string;
    if (WHOLE_NUMBER.test(raw)) return raw;
    throw malformed(this.gateway, `${path} is neither text nor a whole number.`);
  }
}

/**
 * To be called before anything parses a body.
 *
 * @param text of the body, in UTF-8 or one character a byte: brackets and quotes are the same in both
 * @throws {SignatureVerificationError} `malformed-body` when arrays and objects stand in each other over 64 levels deep
 */
export function requireShallow(gateway: Gateway, text: string): void {
  if (isNestedDeeper(text, MAX_NESTING))
    throw malformed(gateway, `The body is nested over ${MAX_NESTING} levels deep.`);
}

function textOf(gateway: Gateway, rawBody: Buffer): string {
  try {
    return strictUtf8.decode(rawBody);
  } catch {
    throw malformed(gateway, NOT_JSON);
  }
}

function parsed(gateway: Gateway, source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw malformed(gateway, NOT_JSON);
  }
}

const NOT_JSON = 'The body is not JSON in UTF-8.';

function malformed(gateway: Gateway, message: string): SignatureVerificationError {
  return new SignatureVerificationError('malformed-body', gateway, message);
}
