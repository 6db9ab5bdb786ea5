import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import {
  AlignetNonceService,
  type Clock,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  NotificationVerifier,
  PAYMENT_AUTH_CLOCK,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  PaymentAuthSecrets,
  PlacetopayAuthInterceptor,
  PlacetopayAuthService,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { lastValueFrom } from 'rxjs';
import { type Haul } from './haul';
import { SCUDO_URL } from './options';
import { type WebhookCounts, webhookOrders } from './webhook-orders';
import { type Credential, credentialsIn } from './wire-tap';

const SERVICES = [
  AlignetNonceService,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  NetzmeSigningInterceptor,
  NotificationVerifier,
  PaymentAuthSecrets,
  PlacetopayAuthInterceptor,
  PlacetopayAuthService,
  PlacetopayHttpService,
];

/** An application of nothing but the library, whose logger is the haul's. */
export async function openLibrary(
  haul: Haul,
  options: PaymentAuthModuleOptions,
  clock: Clock,
): Promise<INestApplicationContext> {
  const registration = PaymentAuthModule.forRootAsync({ useFactory: () => options });
  const module = await Test.createTestingModule({ imports: [registration] })
    .setLogger(haul.logger)
    .overrideProvider(PAYMENT_AUTH_CLOCK)
    .useValue(clock)
    .compile();
  return module.init();
}

interface Outcomes {
  readonly answered: number;
  readonly failed: number;
}

/** Every call there is, and what can be looked at afterwards. */
export async function driveLibrary(haul: Haul, app: INestApplicationContext): Promise<Outcomes> {
  const counts = { answered: 0, failed: 0 };
  for (const [name, call] of calls(app, [...ordinaryRequests(), ...unusualRequests()])) {
    counts[await haul.addOutcome(name, call())] += 1;
  }
  addServices(haul, app);
  return counts;
}

/**
 * The same against a gateway that repeats what it is sent. An answer that is no error belongs to the caller, repeated proofs
 * and all; what the library says of it does not.
 */
export async function driveLibraryErrors(haul: Haul, app: INestApplicationContext): Promise<void> {
  for (const [name, call] of calls(app, ordinaryRequests())) await haul.addError(name, call());
  addServices(haul, app);
}

/** Every webhook, right and broken in every way. Returns what the library made of them, and the proofs they held. */
export async function driveNotifications(
  haul: Haul,
  app: INestApplicationContext,
  simulator: GatewaySimulator,
): Promise<WebhookCounts & { readonly proofs: readonly Credential[] }> {
  const verifier = app.get(NotificationVerifier);
  const counts = { accepted: 0, refused: 0 };
  const proofs: Credential[] = [];
  for (const order of webhookOrders(simulator)) {
    const { method, url, headers: given, body } = await simulator.webhooks.build({ ...order, url: SCUDO_URL });
    const headers = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
    const rawBody = Buffer.from(body);
    const request = { method, target: new URL(url).pathname, headers: Object.fromEntries(headers), rawBody };
    proofs.push(...credentialsIn({ headers, body: rawBody }));
    // The compiler cannot tell whose scheme it is; the library refuses one that it does not know.
    const verified = Promise.resolve().then(() => verifier.verify(order.gateway, order.scheme as never, request));
    const outcome = await haul.addOutcome('NotificationVerifier.verify', verified);
    counts[outcome === 'answered' ? 'accepted' : 'refused'] += 1;
  }
  haul.addValue('the statistics of notifications', verifier.statistics());
  return { ...counts, proofs };
}

function addServices(haul: Haul, app: INestApplicationContext): void {
  const holders = [app.get(AlignetNonceService), app.get(NetzmeAccessTokenService)];
  haul.addValue(
    'the status of tokens',
    holders.map((service) => service.accessTokenStatus()),
  );
  for (const service of SERVICES) haul.addValue(service.name, app.get(service));
}

type Call = readonly [name: string, call: () => Promise<unknown>];

function calls(app: INestApplicationContext, requests: readonly AxiosRequestConfig[]): Call[] {
  const alignet = app.get(AlignetNonceService);
  const netzme = app.get(NetzmeHttpService);
  return [
    ['AlignetNonceService.createNonce', () => alignet.createNonce()],
    ['AlignetNonceService.createCheckoutSession', () => alignet.createCheckoutSession()],
    ['AlignetNonceService.getAccessToken', () => alignet.getAccessToken()],
    ['NetzmeAccessTokenService.getAccessToken', () => app.get(NetzmeAccessTokenService).getAccessToken()],
    ['PlacetopayAuthService.createAuth', () => Promise.resolve(app.get(PlacetopayAuthService).createAuth())],
    ['an observable', () => lastValueFrom(netzme.get('/api/session'))],
    ...axiosInstances(app).flatMap(([name, instance]) =>
      requests.map((config): Call => [name, () => instance.request(config).then(read)]),
    ),
  ];
}

/** Streams are shown unread and read. */
async function read(response: { data: unknown }): Promise<unknown> {
  return response.data instanceof Readable ? [response, await response.data.toArray()] : response;
}

function axiosInstances(app: INestApplicationContext): (readonly [name: string, instance: AxiosInstance])[] {
  const netzme = app.get(NetzmeHttpService).axiosRef;
  const placetopay = app.get(PlacetopayHttpService).axiosRef;
  const attached = (interceptor: NetzmeSigningInterceptor | PlacetopayAuthInterceptor, of: AxiosInstance) => {
    const instance = axios.create({ baseURL: String(of.defaults.baseURL), httpAgent: new Agent() });
    interceptor.attach(instance);
    return instance;
  };
  return [
    ['a call of NetzmeHttpService', netzme],
    ['a call of PlacetopayHttpService', placetopay],
    ["a call of the caller's axios for Netzme", attached(app.get(NetzmeSigningInterceptor), netzme)],
    ["a call of the caller's axios for Placetopay", attached(app.get(PlacetopayAuthInterceptor), placetopay)],
  ];
}

const SESSION = {
  locale: 'es_CO',
  payment: { reference: 'ORDER-1001', description: 'Coffee', amount: { currency: 'COP', total: 12_000 } },
  expiration: '2099-12-31T00:00:00+00:00',
  returnUrl: 'https://shop.example/return',
  ipAddress: '127.0.0.1',
  userAgent: 'a browser',
};
const POST = { method: 'post', url: '/api/session', data: SESSION } as const;

/** Bodies of each kind, and ways to read the answer. */
function ordinaryRequests(): AxiosRequestConfig[] {
  return [
    { method: 'get', url: '/api/aggregator/merchant/qr/balance/detail', params: { userId: 'M_CANARY' } },
    POST,
    { ...POST, responseType: 'arraybuffer' },
    { ...POST, responseType: 'stream' },
    { ...POST, data: Readable.from([JSON.stringify(SESSION)]), headers: { 'Content-Type': 'application/json' } },
  ];
}

/** Wishes of the caller's, and ways to fail before or after anything is sent. */
function unusualRequests(): AxiosRequestConfig[] {
  return [
    { ...POST, validateStatus: () => true },
    { ...POST, responseType: 'stream', maxContentLength: 2 },
    { ...POST, maxContentLength: 2 },
    { ...POST, signal: AbortSignal.abort() },
    { ...POST, timeout: 1 },
    { ...POST, data: new Blob(['x']) },
    { ...POST, data: 'text', headers: { 'Content-Type': 'text/plain' } },
    { ...POST, url: 'http://127.0.0.1:1/' },
    { ...POST, baseURL: '' },
    {
      ...POST,
      transformResponse: () => {
        throw new Error('a mistake of the caller');
      },
    },
  ];
}
