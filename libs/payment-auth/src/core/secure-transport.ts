import { type AxiosRequestConfig } from 'axios';
import { Agent, type AgentOptions } from 'node:https';
import { type Gateway, UnsignableRequestError } from './errors';

/** Node's own limit on idle sockets of its global agent, which this one stands in for. */
const IDLE_SOCKET_MS = 5_000;

/**
 * For requests that bring no agent of their own. As Node's global one, but TLS 1.2 at least whatever `--tls-min-v1.0`,
 * `tls.DEFAULT_MIN_VERSION` or the global agent's options say: what all three gateways ask for.
 */
export const GATEWAY_HTTPS_AGENT = new Agent({
  keepAlive: true,
  scheduling: 'lifo',
  timeout: IDLE_SOCKET_MS,
  minVersion: 'TLSv1.2',
});

const OLD_VERSIONS: ReadonlySet<unknown> = new Set(['TLSv1', 'TLSv1.1']);
/** With any other method of OpenSSL's, Node sets no least version. */
const NEW_METHOD = /^TLSv1_2_/;

/** Whether the process switches certificate checks off for everybody. */
export function isTlsSwitchedOff(): boolean {
  return process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
}

export const TLS_SWITCHED_OFF_CURE =
  'is 0, so anybody on the way could read and change what is sent; remove it, and name a private certificate authority with NODE_EXTRA_CA_CERTS';

/**
 * The agent to send a request with credentials through.
 *
 * @throws {UnsignableRequestError} `insecure-tls` when certificates are not checked in production, or the agent would talk
 * something older than TLS 1.2 anywhere
 */
export function requireSecureAgent(
  gateway: Gateway,
  { httpsAgent, http2Options }: Pick<AxiosRequestConfig, 'httpsAgent' | 'http2Options'>,
  isProduction: boolean,
): unknown {
  const agent: unknown = httpsAgent ?? GATEWAY_HTTPS_AGENT;
  const isOurs = agent === GATEWAY_HTTPS_AGENT && http2Options === undefined;
  if (isOurs && !(isProduction && isTlsSwitchedOff())) return agent;
  // HTTP/2 goes past the agent.
  const { rejectUnauthorized, minVersion, maxVersion, secureProtocol } = { ...optionsOf(agent), ...http2Options };
  const isOldMethod = secureProtocol !== undefined && !NEW_METHOD.test(secureProtocol);
  if (OLD_VERSIONS.has(minVersion) || OLD_VERSIONS.has(maxVersion) || isOldMethod) {
    throw insecure(gateway, 'its httpsAgent accepts TLS older than 1.2', "Give it minVersion: 'TLSv1.2'.");
  }
  if (!isProduction) return agent;
  if (rejectUnauthorized === false) {
    throw insecure(
      gateway,
      'its httpsAgent does not check certificates (rejectUnauthorized: false)',
      'Give it `ca` with the certificate authority to trust instead.',
    );
  }
  if (rejectUnauthorized === undefined && isTlsSwitchedOff()) {
    throw insecure(gateway, 'certificates are not checked', `NODE_TLS_REJECT_UNAUTHORIZED ${TLS_SWITCHED_OFF_CURE}.`);
  }
  return agent;
}

/** Agents of Node's keep their options; another agent's are its own business, and it is the caller's choice. */
function optionsOf(agent: unknown): AgentOptions {
  const options = typeof agent === 'object' && agent !== null ? (agent as { options?: unknown }).options : undefined;
  return typeof options === 'object' && options !== null ? options : {};
}

function insecure(gateway: Gateway, why: string, hint: string): UnsignableRequestError {
  return new UnsignableRequestError(`A request to ${gateway} was not sent: ${why}.`, {
    reason: 'insecure-tls',
    gateway,
    hint,
  });
}
