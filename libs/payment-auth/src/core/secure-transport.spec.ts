import { Agent } from 'node:https';
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
  afterEach(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);

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

  it('reads the options of HTTP/2 too, which goes past the agent', () => {
    const http2Options = { rejectUnauthorized: false };
    expect(() => requireSecureAgent('netzme', { http2Options }, true)).toThrow(UnsignableRequestError);
    expect(requireSecureAgent('netzme', { http2Options }, false)).toBe(GATEWAY_HTTPS_AGENT);
  });
});
