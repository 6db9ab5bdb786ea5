import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import axios, { AxiosHeaders, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import {
  AlignetNonceService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  PlacetopayAuthInterceptor,
  PlacetopayHttpService,
  type UnsignableRequestError,
} from 'nestjs-payment-auth';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent, type AgentOptions, createServer, type Server, type ServerOptions } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import tls from 'node:tls';
import { GATEWAY_HTTPS_AGENT } from '../../libs/payment-auth/src/core/secure-transport';
import { LOOPBACK_CERTIFICATE } from '../support/loopback-certificate';

/** A gateway behind TLS that counts the requests that got through to it, and records what name each client asked for. */
async function listen(options: ServerOptions = {}) {
  let requests = 0;
  const names: string[] = [];
  const hosts: (string | undefined)[] = [];
  const SNICallback: ServerOptions['SNICallback'] = (name, answer) => {
    names.push(name);
    answer(null);
  };
  const server = createServer({ ...LOOPBACK_CERTIFICATE, SNICallback, ...options }, (request, response) => {
    requests += 1;
    hosts.push(request.headers.host);
    request.resume();
    response.setHeader('Content-Type', 'application/json');
    const token = { success: true, access_token: 'a'.repeat(64), expires_in: 8_600, expiry_token: Date.now() + 36e6 };
    response.end(JSON.stringify({ ...token, nonce: 'nonce' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    /** TLS server names, one for each connection that was tried. */
    names,
    /** `Host` headers, one for each request. */
    hosts,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const OLD_TLS = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

describe('credentials on the way', () => {
  let gateway: Awaited<ReturnType<typeof listen>>;
  let app: INestApplicationContext | undefined;

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await gateway.stop();
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    tls.DEFAULT_MIN_VERSION = 'TLSv1.2';
    delete GATEWAY_HTTPS_AGENT.options.ca;
    delete GATEWAY_HTTPS_AGENT.options.ciphers;
  });

  /** As NODE_EXTRA_CA_CERTS would, which is read only when a process starts. */
  const trustGateway = (more: AgentOptions = {}): void => {
    Object.assign(GATEWAY_HTTPS_AGENT.options, { ca: LOOPBACK_CERTIFICATE.cert, ...more });
  };

  const optionsFor = (environment: 'production' | 'sandbox'): PaymentAuthModuleOptions => ({
    alignet: { environment, clientId: 'a', clientSecret: 'alignet', authBaseUrl: gateway.url },
    placetopay: { environment, login: 'p', secretKey: 'placetopay', checkoutBaseUrl: gateway.url },
    netzme: { environment, clientId: 'n', clientSecret: 'netzme', baseUrl: gateway.url },
  });

  async function start(environment: 'production' | 'sandbox'): Promise<INestApplicationContext> {
    app = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(optionsFor(environment))] }).compile();
    return app;
  }

  /** Every way in which credentials leave, through the given agent where the caller may bring one. */
  const ways: readonly [
    way: string,
    send: (started: INestApplicationContext, httpsAgent?: Agent) => Promise<unknown>,
  ][] = [
    ['Alignet nonce', (started) => started.get(AlignetNonceService).createNonce()],
    ['Netzme call', (started, httpsAgent) => started.get(NetzmeHttpService).axiosRef.get('/', agentOf(httpsAgent))],
    [
      'Netzme call of an instance of the user',
      (started, httpsAgent) => {
        const own: AxiosInstance = axios.create({ baseURL: gateway.url, ...agentOf(httpsAgent) });
        started.get(NetzmeSigningInterceptor).attach(own);
        return own.get('/');
      },
    ],
    [
      'Placetopay call',
      (started, httpsAgent) => started.get(PlacetopayHttpService).axiosRef.post('/', {}, agentOf(httpsAgent)),
    ],
  ];
  const agentOf = (httpsAgent: Agent | undefined) => (httpsAgent === undefined ? {} : { httpsAgent });

  it.each(ways)('%s: not to a host whose certificate nobody vouches for', async (_way, send) => {
    gateway = await listen();
    const started = await start('sandbox');
    await expect(send(started)).rejects.toThrow(/self-signed|could not be reached|unreachable/i);
    expect(gateway.requests()).toBe(0);
  });

  it.each(ways)('%s: to a host whose certificate is vouched for', async (_way, send) => {
    gateway = await listen();
    trustGateway();
    await send(await start('production'));
    expect(gateway.requests()).toBeGreaterThan(0);
  });

  it.each(ways)('%s: not over TLS 1.1, not even where the process allows it', async (_way, send) => {
    gateway = await listen(OLD_TLS);
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    const { ciphers } = OLD_TLS;
    trustGateway({ ciphers });
    const started = await start('sandbox');
    await expect(send(started)).rejects.toThrow();
    expect(gateway.requests()).toBe(0);
    // An agent as Node makes them would have sent it.
    const agent = new Agent({ ca: LOOPBACK_CERTIFICATE.cert, ciphers });
    expect((await axios.get(gateway.url, { httpsAgent: agent })).status).toBe(200);
  });

  describe('in production', () => {
    it('does not start with certificate checks switched off', async () => {
      gateway = await listen();
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      const failure = await start('production').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PaymentAuthConfigError);
      expect(failure).toMatchObject({ option: 'NODE_TLS_REJECT_UNAUTHORIZED' });
      expect((failure as Error).message).toContain('NODE_EXTRA_CA_CERTS');
    });

    it.each(ways)('%s: not once checks are switched off later', async (_way, send) => {
      gateway = await listen();
      const started = await start('production');
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      trustGateway();
      await expect(send(started)).rejects.toMatchObject({ reason: 'insecure-tls' });
      expect(gateway.requests()).toBe(0);
    });
  });

  it.each(ways.slice(1))('%s: not through an agent that checks nothing, in production', async (_way, send) => {
    gateway = await listen();
    trustGateway();
    const started = await start('production');
    const failure = send(started, new Agent({ rejectUnauthorized: false }));
    await expect(failure).rejects.toMatchObject({ reason: 'insecure-tls' });
  });

  it.each(ways.slice(1))(
    '%s: not through an agent with a check of names of its own, in production',
    async (_way, send) => {
      gateway = await listen();
      trustGateway();
      const started = await start('production');
      const failure = send(started, new Agent({ ca: LOOPBACK_CERTIFICATE.cert, checkServerIdentity: () => undefined }));
      await expect(failure).rejects.toMatchObject({ reason: 'insecure-tls' });
    },
  );

  it('is not deceived by HTTP/2, which goes past the agent', async () => {
    gateway = await listen();
    const started = await start('production');
    const http2 = { httpVersion: 2, http2Options: { rejectUnauthorized: false } } as const;
    const failure = started.get(PlacetopayHttpService).axiosRef.post('/', {}, http2);
    await expect(failure).rejects.toMatchObject({ reason: 'insecure-tls' });
  });

  it('not over TLS 1.1 through an agent that leaves the least version to a process that allows it', async () => {
    gateway = await listen(OLD_TLS);
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    const started = await start('production');
    const { ciphers } = OLD_TLS;
    const httpsAgent = new Agent({ keepAlive: true, ca: LOOPBACK_CERTIFICATE.cert, ciphers });
    const failure = started.get(PlacetopayHttpService).axiosRef.post('/', {}, { httpsAgent });
    await expect(failure).rejects.toMatchObject({ reason: 'insecure-tls' });
    expect(gateway.requests()).toBe(0);
    // By itself it would have sent it.
    expect((await axios.get(gateway.url, { httpsAgent })).status).toBe(200);
    httpsAgent.destroy();
  });

  it('is not deceived by HTTP/2 where the process allows TLS 1.1', async () => {
    gateway = await listen(OLD_TLS);
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    const started = await start('sandbox');
    const failure = started.get(PlacetopayHttpService).axiosRef.post('/', {}, { httpVersion: 2 });
    await expect(failure).rejects.toMatchObject({ reason: 'insecure-tls' });
  });

  it.each<[what: string, agent: Agent]>([
    ['a secureContext', new Agent({ secureContext: tls.createSecureContext({ minVersion: 'TLSv1' }) })],
    ['minVersion TLSv1.1', new Agent({ minVersion: 'TLSv1.1', ca: LOOPBACK_CERTIFICATE.cert })],
    ['maxVersion TLSv1', new Agent({ maxVersion: 'TLSv1', minVersion: 'TLSv1' })],
    ['an old method', new Agent({ secureProtocol: 'TLSv1_1_method' })],
  ])('refuses an agent with %s, in every environment', async (_what, httpsAgent) => {
    gateway = await listen();
    const started = await start('sandbox');
    const failure = started.get(PlacetopayHttpService).axiosRef.post('/', {}, { httpsAgent });
    await expect(failure).rejects.toMatchObject({ reason: 'insecure-tls', code: 'ERR_UNSIGNABLE_REQUEST' });
  });

  it.each([
    ['an authority of its own, in production', 'production', new Agent({ ca: LOOPBACK_CERTIFICATE.cert })],
    ['no checks, in the sandbox', 'sandbox', new Agent({ rejectUnauthorized: false })],
  ] as const)('sends through an agent with %s', async (_what, environment, httpsAgent) => {
    gateway = await listen();
    const started = await start(environment);
    const answer = await started.get(PlacetopayHttpService).axiosRef.post('/', {}, { httpsAgent });
    expect(answer.status).toBe(200);
    expect(answer.config.httpsAgent).toBe(httpsAgent);
    httpsAgent.destroy();
  });

  describe("under the configured host's name, in TLS and HTTP", () => {
    /** Each way in which a caller can name another host, for one request through this instance. */
    const spellings: readonly (readonly [how: string, name: (instance: AxiosInstance) => AxiosRequestConfig])[] = [
      ...['Host', 'host', 'HOST', ' Host', 'Host '].map((header) => {
        return [`a header ${JSON.stringify(header)}`, () => ({ headers: { [header]: FOREIGN } })] as const;
      }),
      ['two headers', () => ({ headers: { host: FOREIGN, HOST: FOREIGN } })],
      ['a list of hosts', () => ({ headers: { Host: [FOREIGN, FOREIGN] } })],
      ['AxiosHeaders', () => ({ headers: new AxiosHeaders({ Host: FOREIGN }) })],
      ['defaults of the instance', ({ defaults }) => set(defaults.headers, FOREIGN)],
      ['common defaults', ({ defaults }) => set(defaults.headers.common, FOREIGN)],
      ['defaults of a method', ({ defaults }) => set(defaults.headers.post, FOREIGN)],
      [
        'an interceptor',
        ({ interceptors }) => {
          interceptors.request.use((config) => {
            config.headers.set('Host', FOREIGN);
            return config;
          });
          return {};
        },
      ],
      [
        'an interceptor that assigns it twice',
        ({ interceptors }) => {
          interceptors.request.use((config) => Object.assign(config, { headers: twice(config.headers) }));
          return {};
        },
      ],
      [
        'a transformRequest',
        () => ({
          transformRequest: (_data, headers) => {
            Object.assign(headers, { HOST: FOREIGN, 'host ': FOREIGN });
            return '{}';
          },
        }),
      ],
    ];
    const FOREIGN = 'attacker.example';
    const set = (headers: object, host: string): AxiosRequestConfig => {
      Object.assign(headers, { Host: host });
      return {};
    };
    const twice = (headers: object): object => Object.assign(headers, { HOST: FOREIGN, Host: FOREIGN });

    const clients: readonly [gateway: string, client: (started: INestApplicationContext) => AxiosInstance][] = [
      ['Placetopay', (started) => started.get(PlacetopayHttpService).axiosRef],
      ['Netzme', (started) => started.get(NetzmeHttpService).axiosRef],
      [
        'Placetopay, with an instance of the user,',
        (started) => {
          const own = axios.create({ baseURL: gateway.url });
          started.get(PlacetopayAuthInterceptor).attach(own);
          return own;
        },
      ],
      [
        'Netzme, with an instance of the user,',
        (started) => {
          const own = axios.create({ baseURL: gateway.url });
          started.get(NetzmeSigningInterceptor).attach(own);
          return own;
        },
      ],
    ];

    it.each(clients.flatMap(([who, client]) => spellings.map(([how, name]) => [who, how, client, name] as const)))(
      '%s whatever Host comes from %s',
      async (_who, _how, client, name) => {
        gateway = await listen();
        trustGateway();
        const instance = client(await start('production'));
        expect((await instance.post('/', {}, name(instance))).status).toBe(200);
        expectOwnName();
      },
    );

    it.each(ways)('%s whatever Host comes from the defaults of axios itself', async (_way, send) => {
      gateway = await listen();
      trustGateway();
      const { common } = axios.defaults.headers;
      Object.assign(common, { Host: FOREIGN, 'HOST ': FOREIGN });
      try {
        await send(await start('production'));
      } finally {
        delete common['Host'];
        delete common['HOST '];
      }
      expectOwnName();
    });

    function expectOwnName(): void {
      expect(new Set(gateway.names)).toEqual(new Set(['localhost']));
      expect(new Set(gateway.hosts)).toEqual(new Set([new URL(gateway.url).host]));
    }
  });

  describe('over a local socket', () => {
    let socketPath: string;
    let socketServer: Server;
    let arrived: number;

    beforeEach(async () => {
      gateway = await listen();
      trustGateway();
      arrived = 0;
      socketPath = join(mkdtempSync(join(tmpdir(), 'payment-auth-')), 'socket');
      socketServer = createServer(LOOPBACK_CERTIFICATE, (request, response) => {
        arrived += 1;
        request.resume();
        response.end('{}');
      });
      socketServer.on('secureConnection', () => (arrived += 1));
      await new Promise<void>((resolve) => socketServer.listen(socketPath, resolve));
    });

    afterEach(async () => {
      socketServer.closeAllConnections();
      await new Promise((resolve) => socketServer.close(resolve));
      rmSync(dirname(socketPath), { recursive: true });
    });

    async function expectRefusal(sending: Promise<unknown>): Promise<void> {
      const failure: unknown = await sending.catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'ERR_UNSIGNABLE_REQUEST', reason: 'socket-path' });
      expect((failure as UnsignableRequestError).hint).toContain('Leave');
      expect(arrived).toBe(0);
    }

    it.each(ways)('%s: not by the defaults of axios itself', async (_way, send) => {
      axios.defaults.socketPath = socketPath;
      try {
        await expectRefusal(send(await start('sandbox')));
      } finally {
        delete axios.defaults.socketPath;
      }
    });

    it.each(ways.slice(1))('%s: not by its agent', async (_way, send) => {
      const started = await start('sandbox');
      const failure = send(started, new Agent({ socketPath, ca: LOOPBACK_CERTIFICATE.cert } as AgentOptions));
      await expectRefusal(failure);
    });

    it.each<
      [service: string, post: (started: INestApplicationContext, config: AxiosRequestConfig) => Promise<unknown>]
    >([
      ['Placetopay', (started, config) => started.get(PlacetopayHttpService).axiosRef.post('/', {}, config)],
      ['Netzme', (started, config) => started.get(NetzmeHttpService).axiosRef.post('/', {}, config)],
    ])('%s: not by its own config', async (_service, post) => {
      const started = await start('sandbox');
      const failure = post(started, { socketPath });
      await expectRefusal(failure);
    });

    it('not through HTTP/2, which has a name of its own for it', async () => {
      const http2 = { httpVersion: 2, http2Options: { path: socketPath, ca: LOOPBACK_CERTIFICATE.cert } };
      const started = await start('sandbox');
      const failure = started.get(PlacetopayHttpService).axiosRef.post('/', {}, http2 as AxiosRequestConfig);
      await expectRefusal(failure);
    });

    it('not by the agent for plain http either', async () => {
      const started = await start('sandbox');
      const httpAgent = new HttpAgent({ socketPath } as object);
      const failure = started.get(PlacetopayHttpService).axiosRef.post('/', {}, { httpAgent });
      await expectRefusal(failure);
    });
  });
});
