import { Test, type TestingModule } from '@nestjs/testing';
import { type AxiosProxyConfig, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import {
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Duplex } from 'node:stream';
import { RecordingServer } from '../support/recording-server';

const SECRETS = { alignet: 'alignet-s3cr3t', placetopay: 'placetopay-s3cr3t', netzme: 'netzme-s3cr3t' };

/** A proxy that notes what it gets to see, and opens tunnels that lead nowhere. */
class SpyingProxy {
  readonly tunnels: (string | undefined)[] = [];
  /** Whatever could be read: request lines and headers of forwarded requests and of CONNECT, and what came through tunnels. */
  readonly seen: string[] = [];
  readonly firstBytes: number[] = [];
  private readonly sockets = new Set<Duplex>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer(({ method, url, rawHeaders }, response) => {
      this.seen.push(`${method} ${url}`, ...rawHeaders);
      response.writeHead(502).end();
    });
    this.server.on('connect', ({ url, rawHeaders }, socket) => {
      this.tunnels.push(url);
      this.seen.push(...rawHeaders);
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.once('data', (bytes: Buffer) => {
        this.firstBytes.push(bytes[0] ?? -1);
        this.seen.push(bytes.toString('latin1'));
        socket.destroy();
      });
    });
  }

  static async start(): Promise<SpyingProxy> {
    const proxy = new SpyingProxy();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('behind a proxy', () => {
  let proxy: SpyingProxy;
  let app: TestingModule;

  beforeEach(async () => {
    proxy = await SpyingProxy.start();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
    await proxy.stop();
  });

  const start = async (baseUrl: string): Promise<void> => {
    const client = { environment: 'sandbox', clientId: 'c' } as const;
    const options: PaymentAuthModuleOptions = {
      alignet: { ...client, clientSecret: SECRETS.alignet, authBaseUrl: baseUrl },
      placetopay: { environment: 'sandbox', login: 'l', secretKey: SECRETS.placetopay, checkoutBaseUrl: baseUrl },
      netzme: { ...client, clientSecret: SECRETS.netzme, baseUrl },
    };
    app = await Test.createTestingModule({ imports: [PaymentAuthModule.forRoot(options)] }).compile();
    app.useLogger(false);
  };

  let looks = 0;
  /** Sets the proxies of the environment and no others. The library looks again after a second, so its clock is moved. */
  const setEnvironment = (proxies: Record<string, string>): void => {
    jest.restoreAllMocks();
    const others = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name));
    jest.replaceProperty(process, 'env', { ...Object.fromEntries(others), ...proxies });
    looks += 1;
    jest.spyOn(performance, 'now').mockReturnValue(Date.now() + looks * 1_000);
  };
  const setProxy = (): void => {
    const url = `http://127.0.0.1:${proxy.port}`;
    setEnvironment({ http_proxy: url, https_proxy: url, all_proxy: url });
  };

  describe('to a loopback host, for which plain http is accepted', () => {
    let gateway: RecordingServer;

    beforeEach(async () => {
      gateway = await RecordingServer.start();
      gateway.respond = ({ url }) => ({
        body: { access_token: 'token', expires_in: 3_600, nonce: 'n', url },
      });
      await start(gateway.url);
    });

    afterEach(() => gateway.stop());

    const talk = async (config: { proxy?: AxiosProxyConfig } = {}): Promise<void> => {
      await app.get(AlignetNonceService).createNonce();
      await app.get(NetzmeHttpService).axiosRef.get('/balance', config);
      await app.get(PlacetopayHttpService).axiosRef.post('/api/session', {}, config);
    };
    const allOfIt = ['/token', '/nonce', '/oauth/merchant/accesstoken', '/balance', '/api/session'];

    it.each<[string, () => object]>([
      ['of the environment', () => ({})],
      ['of the request', () => ({ proxy: { host: '127.0.0.1', port: proxy.port, protocol: 'http' } })],
    ])('nothing goes to the proxy %s: no token call, no nonce call, no signed call', async (_whose, config) => {
      setProxy();
      await talk(config());
      expect(gateway.requests.map(({ url }) => url)).toEqual(allOfIt);
      expect(proxy.seen).toEqual([]);
    });
  });

  describe('to any other host', () => {
    it.each<[string, () => Promise<unknown>]>([
      ["Netzme's token call", () => app.get(NetzmeAccessTokenService).getAccessToken()],
      ["Alignet's token call", () => app.get(AlignetNonceService).getAccessToken()],
      ['a call with an auth', () => app.get(PlacetopayHttpService).axiosRef.post('/api/session', { a: 'b0dy' })],
    ])('%s goes through a tunnel, of which the proxy sees the host and no more', async (_what, call) => {
      await start('https://gateway.example');
      setProxy();
      await expect(call()).rejects.toThrow();
      expect(proxy.tunnels).toEqual(['gateway.example:443']);
      // A handshake of TLS, and none of what is said in it.
      expect(proxy.firstBytes).toEqual([0x16]);
      expect(proxy.seen.join('\n')).not.toMatch(/authorization|s3cr3t|client_id|tranKey|b0dy|oauth|api\/session/i);
    });

    it('axios is told to look for no proxy where there is none, and left to itself within a second of there being one', async () => {
      await start('https://gateway.example');
      const proxies: unknown[] = [];
      const adapter = (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
        proxies.push(config.proxy);
        return Promise.resolve({ status: 200, statusText: '', headers: {}, data: {}, config });
      };
      const { axiosRef } = app.get(PlacetopayHttpService);
      setEnvironment({});
      await axiosRef.post('/api/session', {}, { adapter });
      setProxy();
      await axiosRef.post('/api/session', {}, { adapter });
      setEnvironment({});
      const own = { host: 'proxy.example', port: 3_128 };
      await axiosRef.post('/api/session', {}, { adapter, proxy: own });
      expect(proxies).toEqual([false, undefined, own]);
    });
  });
});
