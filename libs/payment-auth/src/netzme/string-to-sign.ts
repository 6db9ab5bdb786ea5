/** What a Netzme signature covers, without the body. */
export interface NetzmeSignatureInputs {
  /** HTTP method; signed in upper case. */
  readonly method: string;
  /** Path with query exactly as on the request line, from the first slash. Nothing is sorted, decoded or normalised. */
  readonly path: string;
  /** The access token, without `Bearer `. */
  readonly accessToken: string;
  /** The `Request-Time` header: epoch milliseconds as digits. */
  readonly requestTime: string;
}

/** The string to sign up to and including `&body=`, behind which the body bytes follow as they are sent. */
export function netzmeStringToSignPrefix(inputs: NetzmeSignatureInputs): string {
  const { path, method, accessToken, requestTime } = inputs;
  return `path=${path}&method=${method.toUpperCase()}&token=Bearer ${accessToken}&timestamp=${requestTime}&body=`;
}

/**
 * The whole string to sign, for a body that is text. Holds the access token: never log it.
 *
 * `path=<path>&method=<METHOD>&token=Bearer <token>&timestamp=<ms>&body=<body>`, nothing escaped.
 *
 * @see apidocs.netzme.id, Authentication, "Raw Payload signature" (its sample was lost; order and names as in Netzme's QA
 * tool, read 2026-11)
 */
export function netzmeStringToSign(inputs: NetzmeSignatureInputs & { readonly body?: string }): string {
  return netzmeStringToSignPrefix(inputs) + (inputs.body ?? '');
}
