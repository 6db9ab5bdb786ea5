import { type AxiosRequestConfig } from 'axios';
import { Agent, type AgentOptions } from 'node:https';
import tls from 'node:tls';
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

/** What of a request's config says how it travels. */
type TransportConfig = Pick<
  AxiosRequestConfig,
  'httpAgent' | 'httpsAgent' | 'httpVersion' | 'http2Options' | 'socketPath'
>;

/**
 * The agent to send a request with credentials through.
 *
 * @throws {UnsignableRequestError} `socket-path` when the request would go to a local socket instead of its host
 * @throws {UnsignableRequestError} `insecure-tls` when certificates, or the names in them, are not checked in production, or
 * when something older than TLS 1.2 could be talked anywhere: for an agent that names no `minVersion`, what the process allows
 * (`--tls-min-v1.0`, `tls.DEFAULT_MIN_VERSION`) counts
 */
export function requireSecureAgent(gateway: Gateway, config: TransportConfig, isProduction: boolean): unknown {
  const { httpVersion, http2Options } = config;
  refuseSocketPath(gateway, config);
  const agent: unknown = config.httpsAgent ?? GATEWAY_HTTPS_AGENT;
  const isHttp1 = http2Options === undefined && (httpVersion === undefined || httpVersion === 1);
  if (agent === GATEWAY_HTTPS_AGENT && isHttp1 && !(isProduction && isTlsSwitchedOff())) return agent;
  requireSecureOptions(gateway, 'httpsAgent', optionsOf(agent), isProduction);
  // HTTP/2 goes past the agent.
  if (!isHttp1) requireSecureOptions(gateway, 'http2Options', http2Options ?? {}, isProduction);
  return agent;
}

/** Whoever listens on a local socket would get the credentials in place of the configured host. */
function refuseSocketPath(gateway: Gateway, config: TransportConfig): void {
  const place = socketPathPlace(config);
  if (place === undefined) return;
  throw new UnsignableRequestError(`A request to ${gateway} was not sent: ${place} would take it to a local socket.`, {
    reason: 'socket-path',
    gateway,
    hint: 'Leave it out; for a server on this machine, set a base URL on loopback.',
  });
}

function socketPathPlace({ socketPath, httpAgent, httpsAgent, http2Options }: TransportConfig): string | undefined {
  if (isGiven(socketPath)) return 'its socketPath';
  if (isGiven(optionsOf(httpAgent)?.socketPath)) return 'the socketPath of its httpAgent';
  if (isGiven(optionsOf(httpsAgent)?.socketPath)) return 'the socketPath of its httpsAgent';
  // What HTTP/2 calls it.
  return isGiven((http2Options as { readonly path?: unknown } | undefined)?.path)
    ? 'the path of its http2Options'
    : undefined;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** @param options `undefined` where they are not known: then the process's checks are all that can be judged */
function requireSecureOptions(
  gateway: Gateway,
  place: 'httpsAgent' | 'http2Options',
  options: AgentOptions | undefined,
  isProduction: boolean,
): void {
  if (options !== undefined) requireNewTls(gateway, place, options);
  if (!isProduction) return;
  const { rejectUnauthorized, checkServerIdentity = tls.checkServerIdentity } = options ?? {};
  if (rejectUnauthorized === false) {
    throw insecure(
      gateway,
      `its ${place} does not check certificates (rejectUnauthorized: false)`,
      'Give it `ca` with the certificate authority to trust instead.',
    );
  }
  if (rejectUnauthorized === undefined && isTlsSwitchedOff()) {
    throw insecure(gateway, 'certificates are not checked', `NODE_TLS_REJECT_UNAUTHORIZED ${TLS_SWITCHED_OFF_CURE}.`);
  }
  if (checkServerIdentity !== tls.checkServerIdentity) {
    throw insecure(
      gateway,
      `its ${place} decides by itself whose certificate it takes (checkServerIdentity)`,
      'Give it `servername` with the name in the certificate, or `ca` with the one certificate to trust, instead.',
    );
  }
}

function requireNewTls(gateway: Gateway, place: string, options: AgentOptions): void {
  const { secureContext, secureProtocol, maxVersion } = options;
  if (secureContext !== undefined) {
    throw insecure(
      gateway,
      `its ${place} has a secureContext, which does not tell what TLS it accepts`,
      "Give it what the context was made of (ca, cert, key, ...) and minVersion: 'TLSv1.2' instead.",
    );
  }
  // A method goes before the process's least version, and excludes `minVersion`.
  const isOld =
    secureProtocol === undefined
      ? OLD_VERSIONS.has(options.minVersion ?? tls.DEFAULT_MIN_VERSION) || OLD_VERSIONS.has(maxVersion)
      : !NEW_METHOD.test(secureProtocol);
  if (isOld) throw insecure(gateway, `its ${place} accepts TLS older than 1.2`, "Give it minVersion: 'TLSv1.2'.");
}

/** An agent of Node's can be given one, which its types do not know. */
type KeptOptions = AgentOptions & { readonly socketPath?: unknown };

/** Agents of Node's keep their options; another agent's are its own business, and it is the caller's choice. */
function optionsOf(agent: unknown): KeptOptions | undefined {
  const options = typeof agent === 'object' && agent !== null ? (agent as { options?: unknown }).options : undefined;
  return typeof options === 'object' && options !== null ? options : undefined;
}

function insecure(gateway: Gateway, why: string, hint: string): UnsignableRequestError {
  return new UnsignableRequestError(`A request to ${gateway} was not sent: ${why}.`, {
    reason: 'insecure-tls',
    gateway,
    hint,
  });
}
