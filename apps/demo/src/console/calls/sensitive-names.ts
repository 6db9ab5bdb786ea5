const SENSITIVE =
  /secret|passw|token|tran-?_?key|nonce|signature|authorization|credential|cookie|api-?_?key|private|^pin$|^salt$/i;
const HARMLESS: ReadonlySet<string> = new Set([
  'token_type',
  'tokentype',
  'expiry_token',
  'access-control-allow-credentials',
  // The bank's code for a payment, in Alignet's notifications.
  'authorization_code',
]);
const LASTING = /secret|passw|private|^pin$/i;

/** Whether a header or a member of that name holds a credential, or what was made with one. */
export const isSensitive = (name: string): boolean => SENSITIVE.test(name) && !HARMLESS.has(name.toLowerCase());

/** Whether it would still be of use tomorrow. */
export const isLasting = (name: string): boolean => LASTING.test(name);
