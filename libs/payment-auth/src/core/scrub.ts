const MAX_GATEWAY_MESSAGE_CHARS = 300;

/** Stands where something was removed from a gateway's words. */
export const MASK = '[redacted]';

/**
 * A gateway's own words, fit for an error or a log: the given secrets removed, length bounded. Gateways have been seen
 * to repeat what they were sent.
 */
export function scrubGatewayMessage(message: string, secrets: readonly string[]): string {
  return boundGatewayMessage(removeSecrets(message, secrets));
}

/** Removes the given secrets, as they are and as they stand in quoted JSON. */
export function removeSecrets(message: string, secrets: readonly string[]): string {
  const forms = new Set(secrets.filter((secret) => secret.length > 0).flatMap(writtenForms));
  // The longest first: of a secret that holds another one, nothing may be left over.
  return [...forms].sort((a, b) => b.length - a.length).reduce((text, form) => text.split(form).join(MASK), message);
}

/** Only after secrets are removed: of one that was cut in two, the first half would not be found. */
export function boundGatewayMessage(message: string): string {
  return message.length > MAX_GATEWAY_MESSAGE_CHARS ? `${message.slice(0, MAX_GATEWAY_MESSAGE_CHARS)}...` : message;
}

/** A gateway that quotes a request quotes JSON, and PHP escapes slashes and whatever is not ASCII there. */
function writtenForms(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inJsonOfPhp = inJson
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [secret, inJson, inJsonOfPhp];
}
