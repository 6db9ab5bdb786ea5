import { createHash } from 'node:crypto';
import { minifyJson } from '../minify-json';
import { goNumberForms } from './go-number-forms';

/**
 * How the body was written when it was hashed: without whitespace, as it came, or without whitespace and with its numbers
 * shortened.
 */
export type NetzmeSnapBodyForm = 'minified' | 'as-sent' | 'go-numbers';

/** What the signature of a SNAP v2 callback covers. */
export interface NetzmeSnapSignatureInputs {
  /** HTTP method; signed in upper case. */
  readonly method: string;
  /** From the first slash. Nothing is decoded or normalised. */
  readonly path: string;
  /** SHA-256 of the body, lower-case hex. */
  readonly bodyHash: string;
  /** The `X-TIMESTAMP` header as it came. */
  readonly timestamp: string;
}

/**
 * `<METHOD>:<path>:<sha256 of the body>:<X-TIMESTAMP>`. No token in it.
 *
 * @example
 * 'POST:/v1.0/balance-inquiry.htm:e9295c3253c05560273ff305d9eea6abf77fff65229bf90b1781383c09c29d98:2022-11-30T09:45:35+07:00'
 * @see apidocs-vsnap.netzme.id, "SNAP Asymmetric Signature" (read 2026-11)
 */
export function netzmeSnapStringToSign(inputs: NetzmeSnapSignatureInputs): string {
  return `${inputs.method.toUpperCase()}:${inputs.path}:${inputs.bodyHash}:${inputs.timestamp}`;
}

/** SHA-256 of a body in one of its forms, lower-case hex. */
export function netzmeSnapBodyHash(body: Buffer, form: NetzmeSnapBodyForm = 'minified'): string {
  return createHash('sha256').update(BODY_FORMS[form](body)).digest('hex');
}

const BODY_FORMS: Readonly<Record<NetzmeSnapBodyForm, (body: Buffer) => Buffer>> = {
  minified: minifyJson,
  'as-sent': (body) => body,
  'go-numbers': (body) => goNumberForms(minifyJson(body)),
};
