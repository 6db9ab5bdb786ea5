const MAX_GATEWAY_MESSAGE_CHARS = 300;
const MASK = '[redacted]';

/**
 * A gateway's own words, fit for an error or a log: the given secrets removed, length bounded. Gateways have been seen
 * to repeat what they were sent.
 */
export function scrubGatewayMessage(message: string, secrets: readonly string[]): string {
  let scrubbed = message;
  for (const secret of secrets) {
    if (secret.length > 0) scrubbed = scrubbed.split(secret).join(MASK);
  }
  return scrubbed.length > MAX_GATEWAY_MESSAGE_CHARS ? `${scrubbed.slice(0, MAX_GATEWAY_MESSAGE_CHARS)}...` : scrubbed;
}
