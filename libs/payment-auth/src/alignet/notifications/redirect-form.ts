import { SignatureVerificationError } from '../../core/errors';

/** Anything else is percent-encoded in a form. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/** The two fields of Alignet's redirect. */
export interface RedirectForm {
  readonly authorizationResult: string;
  readonly signature: string;
}

/**
 * Reads the two fields from the raw bytes of an `application/x-www-form-urlencoded` body, without a form parser: those differ
 * in which of two equal names counts and in what they repair.
 *
 * Both values are Base64, whose `+` a form has to write as `%2B`, because a bare `+` means a space. Senders that forget it
 * are common, and Base64 has no spaces; so here a bare `+` is a plus.
 *
 * @throws {SignatureVerificationError} `missing-signature`, or `malformed-body` when a field is missing or there twice, or an
 * escape is broken
 */
export function readRedirectForm(rawBody: Buffer): RedirectForm {
  const text = rawBody.toString('latin1');
  if (!PRINTABLE_ASCII.test(text)) throw malformed('The body is not a form: it holds more than printable ASCII.');
  const values = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    const name = decodePercent(equals === -1 ? pair : pair.slice(0, equals));
    if (values.has(name) && pair !== '') throw malformed('A field is there twice.');
    values.set(name, equals === -1 ? '' : pair.slice(equals + 1));
  }
  const signature = values.get('signature');
  if (signature === undefined || signature === '') {
    throw new SignatureVerificationError('missing-signature', 'alignet', 'The field signature is missing.');
  }
  const authorizationResult = values.get('authorization_result');
  if (authorizationResult === undefined) throw malformed('The field authorization_result is missing.');
  return { authorizationResult: decodePercent(authorizationResult), signature: decodePercent(signature) };
}

/** `%XX` and nothing else. Both values are ASCII, so what is no UTF-8 is of no field of ours. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('A percent escape of the form is broken.');
  }
}

function malformed(message: string): SignatureVerificationError {
  return new SignatureVerificationError('malformed-body', 'alignet', message);
}
