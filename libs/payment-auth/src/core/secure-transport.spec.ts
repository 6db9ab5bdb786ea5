import { Agent } from 'node:https';
import tls from 'node:tls';
import { UnsignableRequestError } from './errors';
import { GATEWAY_HTTPS_AGENT, requireSecureAgent } from './secure-transport';

const refusalOf = (httpsAgent: unknown, isProduction: boolean): UnsignableRequestError | undefined => {
  try {
    requireSecureAgent('netzme', { httpsAgent }, isProduction);
    return undefined;
  } catch (error) {
    return error as UnsignableRequestError;
  }
};
const withOptions = (options: object): Agent => new Agent(options);

describe('requireSecureAgent', () => {
  const { DEFAULT_MIN_VERSION } = tls;

  afterEach(() => {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    tls.DEFAULT_MIN_VERSION = DEFAULT_MIN_VERSION;
  });

  it('gives requests without an agent one that keeps connections and talks TLS 1.2 at least', () => {
    expect(requireSecureAgent('netzme', {}, true)).toBe(GATEWAY_HTTPS_AGENT);
    expect(GATEWAY_HTTPS_AGENT.options).toMatchObject({
      keepAlive: true,
      scheduling: 'lifo',
      timeout: 5_000,
      minVersion: 'TLSv1.2',
    });
  });

  it.each([
    ['minVersion TLSv1', { minVersion: 'TLSv1' }],
    ['minVersion TLSv1.1', { minVersion: 'TLSv1.1' }],
    ['maxVersion TLSv1.1', { maxVersion: 'TLSv1.1' }],
    ['secureProtocol TLSv1_method', { secureProtocol: 'TLSv1_method' }],
    ['secureProtocol TLSv1_1_client_method', { secureProtocol: 'TLSv1_1_client_method' }],
    ['secureProtocol SSLv3_method', { secureProtocol: 'SSLv3_method' }],
    ['secureProtocol SSLv23_method', { secureProtocol: 'SSLv23_method' }],
    ['secureProtocol TLS_method, which sets no least version', { secureProtocol: 'TLS_method' }],
  ])('refuses %s anywhere, with the cure', (_what, options) => {
    for (const isProduction of [false, true]) {
      expect(refusalOf(withOptions(options), isProduction)).toMatchObject({
        gateway: 'netzme',
        reason: 'insecure-tls',
        message:
          "A request to netzme was not sent: its httpsAgent accepts TLS older than 1.2. Give it minVersion: 'TLSv1.2'.",
      });
    }
  });

  it.each([
    ['minVersion TLSv1.2', { minVersion: 'TLSv1.2' }],
    ['minVersion TLSv1.3', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }],
    ['secureProtocol TLSv1_2_method', { secureProtocol: 'TLSv1_2_method' }],
    ['nothing said', {}],
    ['checks asked for', { rejectUnauthorized: true }],
  ])('takes an agent with %s', (_what, options) => {
    const agent = withOptions(options);
    expect(requireSecureAgent('netzme', { httpsAgent: agent }, true)).toBe(agent);
  });

  it('refuses an agent that leaves the least version to a process that allows an older one', () => {
    const silent = withOptions({ keepAlive: true });
    for (const allowed of ['TLSv1', 'TLSv1.1'] as const) {
      tls.DEFAULT_MIN_VERSION = allowed;
      expect(refusalOf(silent, false)).toMatchObject({
        reason: 'insecure-tls',
        hint: "Give it minVersion: 'TLSv1.2'.",
      });
      for (const options of [{ minVersion: 'TLSv1.2' }, { secureProtocol: 'TLSv1_2_method' }]) {
        expect(refusalOf(withOptions(options), true)).toBeUndefined();
      }
      expect(refusalOf(undefined, true)).toBeUndefined();
      expect(() => requireSecureAgent('netzme', { httpVersion: 2 }, false)).toThrow('http2Options accepts TLS older');
      const http2Options = { minVersion: 'TLSv1.2' } as const;
      expect(requireSecureAgent('netzme', { httpVersion: 2, http2Options }, true)).toBe(GATEWAY_HTTPS_AGENT);
    }
    tls.DEFAULT_MIN_VERSION = 'TLSv1.3';
    expect(refusalOf(silent, true)).toBeUndefined();
  });

  it('refuses a secureContext anywhere, which hides what it accepts, with the cure', () => {
    const secureContext = tls.createSecureContext({ minVersion: 'TLSv1' });
    for (const isProduction of [false, true]) {
      expect(refusalOf(withOptions({ secureContext, minVersion: 'TLSv1.2' }), isProduction)?.message).toBe(
        'A request to netzme was not sent: its httpsAgent has a secureContext, which does not tell what TLS it accepts. ' +
          "Give it what the context was made of (ca, cert, key, ...) and minVersion: 'TLSv1.2' instead.",
      );
    }
  });

  it("refuses a check of the host's name that is not Node's in production only, with the cure", () => {
    const agent = withOptions({ checkServerIdentity: () => undefined });
    expect(refusalOf(agent, false)).toBeUndefined();
    expect(refusalOf(agent, true)?.message).toBe(
      'A request to netzme was not sent: its httpsAgent decides by itself whose certificate it takes (checkServerIdentity). ' +
        'Give it `servername` with the name in the certificate, or `ca` with the one certificate to trust, instead.',
    );
    const { checkServerIdentity } = tls;
    expect(refusalOf(withOptions({ checkServerIdentity, servername: 'gateway.example' }), true)).toBeUndefined();
  });

  it('refuses an agent that checks no certificates in production only, with the cure', () => {
    const agent = withOptions({ rejectUnauthorized: false });
    expect(requireSecureAgent('netzme', { httpsAgent: agent }, false)).toBe(agent);
    expect(refusalOf(agent, true)?.message).toBe(
      'A request to netzme was not sent: its httpsAgent does not check certificates (rejectUnauthorized: false). ' +
        'Give it `ca` with the certificate authority to trust instead.',
    );
  });

  it('refuses every agent that does not ask for checks, ours too, while the process switches them off in production', () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    for (const agent of [undefined, withOptions({})]) {
      expect(refusalOf(agent, true)?.message).toMatch(
        /^A request to netzme was not sent: certificates are not checked\. NODE_TLS_REJECT_UNAUTHORIZED is 0, .*NODE_EXTRA_CA_CERTS\.$/,
      );
      expect(refusalOf(agent, false)).toBeUndefined();
    }
    expect(refusalOf(withOptions({ rejectUnauthorized: true }), true)).toBeUndefined();
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '1';
    expect(refusalOf(undefined, true)).toBeUndefined();
  });

  it.each([
    ['a function', () => undefined],
    ['text', 'agent'],
    ['no options', {}],
    ['options that are null', { options: null }],
    ['options that are text', { options: 'TLSv1' }],
  ])("leaves what is no agent of Node's to the caller: %s", (_what, agent) => {
    expect(requireSecureAgent('netzme', { httpsAgent: agent }, true)).toBe(agent);
  });

  it.each([
    ['rejectUnauthorized: false', { rejectUnauthorized: false }],
    ['a checkServerIdentity of its own', { checkServerIdentity: () => undefined }],
  ])('reads the options of HTTP/2 too, which goes past the agent: %s', (_what, http2Options) => {
    expect(() => requireSecureAgent('netzme', { http2Options }, true)).toThrow(UnsignableRequestError);
    expect(requireSecureAgent('netzme', { http2Options }, false)).toBe(GATEWAY_HTTPS_AGENT);
  });

  it.each([
    ['minVersion TLSv1.1', { minVersion: 'TLSv1.1' as const }],
    ['a secureContext', { secureContext: tls.createSecureContext() }],
  ])('refuses options of HTTP/2 with %s anywhere', (_what, http2Options) => {
    const httpsAgent = withOptions({ minVersion: 'TLSv1.2' });
    expect(() => requireSecureAgent('netzme', { httpsAgent, http2Options }, false)).toThrow('its http2Options');
  });
});
