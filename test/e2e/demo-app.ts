import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import {
  type DeepPartial,
  GatewaySimulator,
  type PlacetopayAccount,
  SANDBOX_ACCOUNTS,
  type SimulatorSettings,
} from '@payment-auth/gateway-simulator';
import {
  AlignetNonceService,
  type Clock,
  NetzmeAccessTokenService,
  NetzmeHttpService,
  PAYMENT_AUTH_CLOCK,
  type PaymentAuthModuleOptions,
  PlacetopayHttpService,
} from 'nestjs-payment-auth';
import { PARAMS_PROVIDER_TOKEN, type Params } from 'nestjs-pino';
import { type Options as PinoHttpOptions } from 'pino-http';
import request, { type Response } from 'supertest';
import { AppModule } from '../../apps/demo/src/app.module';
import { APP_OPTIONS, configureApp } from '../../apps/demo/src/configure-app';
import { PAGE_FOLDER } from '../../apps/demo/src/console/assets/page.controller';
import { type EnvironmentVariables } from '../../apps/demo/src/config/environment';
import { loggerOptions } from '../../apps/demo/src/config/logger-options';
import { PaymentAuthOptionsService } from '../../apps/demo/src/config/payment-auth-options';
import { GatewayHealthService } from '../../apps/demo/src/health/gateway-health.service';
import { SIMULATOR } from '../../apps/demo/src/sandbox/sandbox.module';
import { NetzmeMerchantCallbackController } from '../../apps/demo/src/webhooks/netzme-webhooks.controller';
import { WebhookLog } from '../../apps/demo/src/webhooks/webhook-log';
import { AccessTokenKeeper } from '../../libs/payment-auth/src/core/access-token-keeper';
import { AccessTokenRegistry } from '../../libs/payment-auth/src/core/access-token-registry';
import { NotificationReplays } from '../../libs/payment-auth/src/notifications/notification-replays';
import { NotificationVerifier } from '../../libs/payment-auth/src/notifications/notification-verifier';
import { SigningKeys } from '../../libs/gateway-simulator/src/webhooks/signing-keys';

export const [PEN, USD] = SANDBOX_ACCOUNTS.alignet;
export const [SITE] = SANDBOX_ACCOUNTS.placetopay;
export const [NETZME] = SANDBOX_ACCOUNTS.netzme;

/** A port that nothing listens on: one that was just closed may be given to the next server that asks. */
export const NOBODY_THERE = 'http://127.0.0.1:1';

/** For tokens at rest: the simulator's secrets are too short to derive keys from. */
export const ENCRYPTION_KEYS = `test:${Buffer.alloc(32, 'test').toString('base64')}`;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body where it is a JSON object, else empty. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface DemoStart {
  /** Environment variables, besides a free port. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings of the embedded simulator. */
  readonly settings?: DeepPartial<SimulatorSettings>;
  /** One that runs already, to embed in place of another. It ends with the demo. */
  readonly simulator?: GatewaySimulator;
  /** Where the console's page is built, in place of where `npm run build:console` puts it. */
  readonly pageFolder?: string;
  /** Deadline of every call to a gateway, in place of the ten and fifteen seconds nobody wants to wait here. */
  readonly gatewayTimeoutMs?: number | undefined;
  readonly clock?: Clock;
  /** The caller stops it, not {@link stopAll}: for a demo that several tests share. */
  readonly isShared?: boolean;
  /** Whether webhooks are verified with the simulator's RSA keys. Making them takes a while, which most tests can spare. */
  readonly hasSimulatorKeys?: boolean;
}

/** Alignet's published one of pre-production, in place of keys the simulator would have to make. */
const SOME_PUBLIC_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkmpsqcJzjQ45u0K7JOQJtfjXGeMXNwsaU6JDGSdKwSDGGXt1m551p2mlG0oGkmn9FPbp4E0lOQzkL/qhHB1YpTP2MqecJ7pMTonEeXOv0P6uwR9yvV5lxK17nE3+xgfcpFfxT5GAI/wZsQJ3+Lsvqh3+IcRG2Hb2BUdM5pYZFOUBGGSZWc/ULPtsFx2DSjI9peJ9kYibpaokphP+Cypz/LgKV7Yiv/TUufPiUk5gFYIad5VhRU822sTMRQ7BgS2CY4t49jqFkIiRnmPwM8fFKjPD4wvzssrqbAQvkk56XOcE9ML0iJhcIY1/xgNSiHqij0Ql1UTU5nAIJR5/paOnhQIDAQAB';
const NO_KEYS_NEEDED = { ALIGNET_PUBLIC_KEYS: SOME_PUBLIC_KEY, NETZME_CALLBACK_PUBLIC_KEYS: SOME_PUBLIC_KEY };

/** What the demo let out: every answer it gave and every line it logged in this file. Searched for secrets at the end. */
const answered: { readonly route: string; readonly text: string }[] = [];
const logged: string[] = [];
const secrets = new Set<string>(
  [...SANDBOX_ACCOUNTS.alignet, ...SANDBOX_ACCOUNTS.placetopay, ...SANDBOX_ACCOUNTS.netzme].flatMap((account) => {
    const basic = (user: string, password: string): string => Buffer.from(`${user}:${password}`).toString('base64');
    if ('login' in account) {
      const { onboarding, scudoKey, msvSecretToken, autopayContract }: PlacetopayAccount = account;
      const { user = '', password } = autopayContract ?? {};
      const ofWebhooks = [onboarding?.signingSecret, scudoKey, msvSecretToken, password];
      return [account.secretKey, ...ofWebhooks, basic(user, password ?? '')].filter((secret) => secret !== undefined);
    }
    return [
      account.clientSecret,
      basic(account.clientId, account.clientSecret),
      ...('password' in account ? [account.password] : []),
      ...('callbackToken' in account ? [account.callbackToken] : []),
    ];
  }),
);

// Making one takes a third of a second, and most tests want none of their own: the simulators of a file share them.
const keys = new SigningKeys();
const own = { privateKey: keys.privateKey.bind(keys), publicPem: keys.publicPem.bind(keys) };
Object.assign(SigningKeys.prototype, own);

const running: { stop(): Promise<void> }[] = [];

/** The real demo, listening on a free loopback port, its log kept in memory. */
export class Demo {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
  ) {}

  static async start(start: DemoStart = {}): Promise<Demo> {
    const isSandbox = start.environment?.['PAYMENT_ENV'] === undefined;
    const keys = isSandbox && start.hasSimulatorKeys !== true ? NO_KEYS_NEEDED : {};
    const environment = { LOG_LEVEL: 'trace', PORT: '0', ...keys, ...start.environment };
    rememberSecrets(environment);
    const builder = Test.createTestingModule({ imports: [await AppModule.register(environment)] });
    builder.overrideProvider(PARAMS_PROVIDER_TOKEN).useFactory({
      inject: [ConfigService],
      factory: (config: ConfigService<EnvironmentVariables, true>) =>
        loggingToMemory(loggerOptions(config.get('LOG_LEVEL', { infer: true }))),
    });
    if (start.simulator !== undefined) builder.overrideProvider(SIMULATOR).useValue(start.simulator);
    if (start.pageFolder !== undefined) builder.overrideProvider(PAGE_FOLDER).useValue(start.pageFolder);
    if (start.clock !== undefined) builder.overrideProvider(PAYMENT_AUTH_CLOCK).useValue(start.clock);
    if (start.gatewayTimeoutMs !== undefined) {
      builder.overrideProvider(PaymentAuthOptionsService).useClass(impatient(start.gatewayTimeoutMs));
    }
    const module = await builder.compile();
    const app = module.createNestApplication<NestExpressApplication>(APP_OPTIONS);
    if (start.isShared !== true) running.push({ stop: () => app.close() });
    configureApp(app);
    await app.listen(0, '127.0.0.1');
    // The pause after a failed token request is as long as it can be, and not a random part of that.
    Reflect.set(app.get(AccessTokenRegistry), 'random', { bytes: (length: number) => Buffer.alloc(length, 0xff) });
    const demo = new Demo(app, await app.getUrl());
    // As long in proportion as the demo's own: a business call waits for its token too, and would hide which was slow.
    if (start.gatewayTimeoutMs !== undefined) demo.shortenBusinessCalls(1.5 * start.gatewayTimeoutMs);
    if (start.settings !== undefined) demo.simulator.updateSettings(start.settings);
    return demo;
  }

  get simulator(): GatewaySimulator {
    const simulator = this.app.get<GatewaySimulator | undefined>(SIMULATOR);
    if (simulator === undefined) throw new Error('no embedded simulator outside the sandbox');
    return simulator;
  }

  async get(path: string): Promise<Answer> {
    return this.keep(`GET ${path}`, await request(this.url).get(path));
  }

  /** Posts JSON; nothing at all, not even a content type, without a body. */
  async post(path: string, body?: object): Promise<Answer> {
    const call = request(this.url).post(path);
    return this.keep(`POST ${path}`, await (body === undefined ? call : call.send(body)));
  }

  async postRaw(path: string, contentType: string, body: string): Promise<Answer> {
    return this.keep(`POST ${path}`, await request(this.url).post(path).set('Content-Type', contentType).send(body));
  }

  /** As after its start: the simulator, the library's tokens, every memory of webhooks and of health. Its console is left alone. */
  async reset(): Promise<void> {
    const { app } = this;
    this.simulator.reset();
    await app.get<Cache>(CACHE_MANAGER).clear();
    const log = app.get(WebhookLog);
    const counts = app.get(NotificationVerifier)['counts'];
    const replays = app.get(NotificationReplays);
    if (replays['store'] !== undefined) throw new Error('Redis does not forget what it was told');
    // Nobody but a test wants any of them to forget.
    for (const keeper of app.get(AccessTokenRegistry)['keepers'].values()) {
      const fresh = new AccessTokenKeeper(keeper['init']);
      for (const name of Object.keys(keeper)) Reflect.set(keeper, name, Reflect.get(fresh, name));
    }
    const memories = [
      app.get(GatewayHealthService)['kept'],
      replays['memory']['entries'],
      counts['byScheme'],
      counts['quietUntil'],
    ];
    for (const memory of [...memories, log['accepted'], log['unsigned'], log['quietUntil']]) memory.clear();
    log['refused'].length = 0;
    app.get(NetzmeMerchantCallbackController)['budget']['windowEnds'] = -Infinity;
  }

  private async keep(route: string, response: Response): Promise<Answer> {
    const answer = toAnswer(response);
    answered.push({ route, text: `${JSON.stringify(answer.headers)}\n${answer.text}` });
    await this.rememberTokens();
    return answer;
  }

  /** Tokens in use are handed out without a request; none is asked for here. */
  private async rememberTokens(): Promise<void> {
    for (const service of [this.app.get(AlignetNonceService), this.app.get(NetzmeAccessTokenService)]) {
      try {
        if (service.accessTokenStatus().state === 'valid') secrets.add((await service.getAccessToken()).value);
      } catch {
        // Not configured: no token either.
      }
    }
  }

  /** Business calls have their deadline from the controllers; axios runs this interceptor after they set it. */
  private shortenBusinessCalls(timeout: number): void {
    const placetopay = this.app.get(PlacetopayHttpService);
    const services = [
      this.app.get(NetzmeHttpService),
      placetopay,
      placetopay.for({ product: 'checkout' }),
      placetopay.for({ product: 'payment-links' }),
    ];
    for (const { axiosRef } of services) axiosRef.interceptors.request.use((config) => ({ ...config, timeout }));
  }
}

/**
 * One demo for all tests of a file that ask for it: each finds it as if it had just started, which takes no time to speak of.
 * For tests of the sandbox whose subject is not the start.
 */
export function sharedDemo(start: DemoStart = {}): (settings?: DeepPartial<SimulatorSettings>) => Promise<Demo> {
  let demo: Demo | undefined;
  afterAll(() => demo?.app.close());
  return async (settings = {}) => {
    demo ??= await Demo.start({ ...start, isShared: true });
    await demo.reset();
    demo.simulator.updateSettings(settings);
    return demo;
  };
}

/** A simulator of its own, for demos outside the sandbox. */
export async function startSimulator(settings: DeepPartial<SimulatorSettings> = {}): Promise<GatewaySimulator> {
  const simulator = await GatewaySimulator.start({ settings });
  running.push(simulator);
  return simulator;
}

/** For `afterEach`: stops what {@link Demo.start} and {@link startSimulator} started, the last first. */
export async function stopAll(): Promise<void> {
  for (let last = running.pop(); last !== undefined; last = running.pop()) await last.stop();
}

/** What a client other than the demo gets; not searched for secrets. */
export async function postTo(baseUrl: string, path: string, body: object): Promise<Answer> {
  return toAnswer(await request(baseUrl).post(path).send(body));
}

/** What somebody other than this file's callers got from the demo, and the proofs he had sent; searched like the rest. */
export function rememberExchange(route: string, answer: string, proofs: readonly string[]): void {
  answered.push({ route, text: answer });
  for (const proof of proofs) secrets.add(proof);
}

/** Turns the event loop until something is so. The test's own timeout is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Text that must never leave the demo: credentials given to it, tokens it held, and whatever looks like one. */
export function findSecrets(): { readonly answers: string[]; readonly logs: string[] } {
  const find = (text: string): string[] => [
    ...[...secrets].filter((secret) => text.includes(secret)),
    // Netzme's tokens and signatures; digests of Placetopay, SHA-256 and SHA-1; credentials in a header; Alignet's tokens.
    ...(text.match(
      /\b[0-9a-f]{64}\b|(?<![\w+/])[\w+/]{43}=|(?<![\w+/])[\w+/]{27}=|\b(?:Bearer|Basic) [\w.~+/=-]{8,}/g,
    ) ?? []),
    // RSA signatures.
    ...(text.match(/(?<![\w+/])[\w+/]{342}==/g) ?? []),
    ...(text.match(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
  ];
  return {
    answers: answered.flatMap(({ route, text }) => find(withoutNonce(text)).map((found) => `${route}: ${found}`)),
    // A nonce is for the buyer's browser alone: in a log it counts as a secret.
    logs: logged.flatMap(find),
  };
}

/** How much there was to search, so that a search of nothing does not pass. */
export function observed(): { readonly answers: number; readonly logLines: number; readonly tokens: number } {
  const tokens = [...secrets].filter((secret) => /^(eyJ|[0-9a-f]{64}$)/.test(secret)).length;
  return { answers: answered.length, logLines: logged.length, tokens };
}

/** The log of this file so far, as it was written. */
export function logText(): string {
  return logged.join('');
}

/** Lines logged so far in this file, parsed. */
export function logLines(): Readonly<Record<string, unknown>>[] {
  return logged.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function withoutNonce(text: string): string {
  return text.replace(/"nonce":"eyJ[^"]+"/, '"nonce":"..."');
}

function rememberSecrets(environment: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(environment)) if (name.includes('SECRET')) secrets.add(value);
}

function loggingToMemory({ pinoHttp, ...others }: Params): Params {
  const stream = { write: (line: string) => void logged.push(line) };
  return { ...others, pinoHttp: { ...(pinoHttp as PinoHttpOptions), stream } };
}

function impatient(timeoutMs: number) {
  @Injectable()
  class ImpatientOptionsService extends PaymentAuthOptionsService {
    override async createPaymentAuthOptions(): Promise<PaymentAuthModuleOptions> {
      const { alignet, netzme, ...others } = await super.createPaymentAuthOptions();
      return {
        ...others,
        ...(alignet !== undefined && { alignet: { ...alignet, timeoutMs } }),
        ...(netzme !== undefined && { netzme: { ...netzme, timeoutMs } }),
      };
    }
  }
  return ImpatientOptionsService;
}

function toAnswer({ status, headers, text }: Response): Answer {
  return { status, headers: headers, text, json: parseObject(text) };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
