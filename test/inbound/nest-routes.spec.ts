import {
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  Logger,
  Module,
  type NestInterceptor,
  Post,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  NotificationEvent,
  NotificationVerifier,
  PaymentAuthConfigError,
  PaymentAuthModule,
  type PaymentAuthModuleOptions,
  type PlacetopayCheckoutNotification,
  type PlacetopayNotificationOptions,
  VerifiedNotification,
  verifiedNotificationOf,
} from 'nestjs-payment-auth';
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';

const SECRET = 'secret-key-of-the-site';
const OTHER_SECRET = 'secret-key-of-the-other-site';
const DATE = '2026-11-22T05:15:30-05:00';

const placetopay: NonNullable<PaymentAuthModuleOptions['placetopay']> = {
  environment: 'test',
  merchants: { shop: { login: 'shop', secretKey: SECRET }, outlet: { login: 'outlet', secretKey: OTHER_SECRET } },
};

interface Notice {
  readonly requestId?: number;
  readonly secret?: string;
  readonly signature?: string;
}

/** Written by hand, so that nothing of the library decides what is right here. */
function notice({ requestId = 1234, secret = SECRET, signature }: Notice = {}): string {
  const digest = createHash('sha256').update(`${requestId}APPROVED${DATE}${secret}`).digest('hex');
  const status = { status: 'APPROVED', reason: '00', message: 'Aprobada', date: DATE };
  return JSON.stringify(
    { status, requestId, reference: 'ORDER-1', signature: signature ?? `sha256:${digest}` },
    null,
    2,
  );
}

const handled: PlacetopayCheckoutNotification[] = [];

@Controller('webhooks')
class WebhookController {
  failures = 0;

  @Post('placetopay')
  @VerifiedNotification('placetopay', 'checkout')
  paid(@NotificationEvent() event: PlacetopayCheckoutNotification): { received: string } {
    if (this.failures-- > 0) throw new Error('database away');
    handled.push(event);
    return { received: event.signed.requestId };
  }

  @Post('shop-only')
  @VerifiedNotification('placetopay', 'checkout', { merchant: 'shop' })
  shopOnly(@NotificationEvent() event: PlacetopayCheckoutNotification): { merchant: string } {
    return { merchant: event.merchant };
  }

  @Post('body')
  @VerifiedNotification('placetopay', 'checkout')
  body(@Body() body: unknown, @NotificationEvent() { payload }: PlacetopayCheckoutNotification): object {
    return { isPayload: body === payload, body };
  }

  @Get('unguarded')
  unguarded(@NotificationEvent() event: unknown): unknown {
    return event;
  }
}

const seenKeys: string[] = [];

class KeyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>) {
    seenKeys.push(verifiedNotificationOf(context).replayKey);
    return next.handle();
  }
}

@Controller('webhooks')
@UseInterceptors(KeyInterceptor)
class WatchedController extends WebhookController {}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const platforms = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const;

describe.each(platforms)('@VerifiedNotification on %s', (_name, adapter) => {
  let app: INestApplication | undefined;

  beforeEach(() => {
    handled.length = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    jest.restoreAllMocks();
  });

  async function start(
    options: PaymentAuthModuleOptions = { placetopay },
    { rawBody = true, controllers = [WebhookController] }: { rawBody?: boolean; controllers?: Type[] } = {},
  ): Promise<INestApplication> {
    @Module({ imports: [PaymentAuthModule.forRoot({ ...options, isGlobal: true })], controllers })
    class TestModule {}
    app = await NestFactory.create<NestExpressApplication>(TestModule, adapter(), {
      rawBody,
      logger: false,
      abortOnError: false,
    });
    await app.listen(0, '127.0.0.1');
    return app;
  }

  async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    const target = new URL(path, await app?.getUrl());
    return await new Promise((resolve, reject) => {
      const sent = httpRequest(target, {
        method: 'POST',
        agent: false,
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers },
      });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      sent.end(body);
    });
  }

  it('hands over a typed event, finds the merchant, and answers 200', async () => {
    await start();
    await expect(post('/webhooks/placetopay', notice())).resolves.toEqual({ status: 200, body: '{"received":"1234"}' });
    await post('/webhooks/placetopay', notice({ requestId: 99, secret: OTHER_SECRET }));
    expect(handled).toMatchObject([
      { gateway: 'placetopay', scheme: 'checkout', merchant: 'shop', algorithm: 'sha256' },
      { merchant: 'outlet', signed: { requestId: '99', status: 'APPROVED', date: DATE } },
    ]);
  });

  it.each<[reason: string, status: number, body: string, headers?: Record<string, string>]>([
    ['mismatch', 401, notice({ secret: 'another secret' })],
    ['missing-signature', 401, JSON.stringify({ ...JSON.parse(notice()), signature: undefined })],
    ['malformed-signature', 400, notice({ signature: 'sha256:abc' })],
    ['malformed-body', 400, notice().replace('"requestId"', '"id"')],
    ['malformed-body', 400, 'hello', { 'Content-Type': 'text/plain' }],
  ])('answers %s with %d, and nothing that would help to do better', async (reason, status, body, headers = {}) => {
    await start();
    const answer = await post('/webhooks/placetopay', body, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({
      statusCode: status,
      code: 'ERR_SIGNATURE_VERIFICATION',
      reason,
      message: 'The notification was not accepted.',
    });
    expect(handled).toEqual([]);
  });

  describe('a body that others could read in another way', () => {
    /** "1" in UTF-7, and a member that nobody knows in UTF-8. */
    const inUtf7 = notice().replace('"reference"', '"+AHI-eference"');

    it.each([
      ['in UTF-7', 'application/json; charset=utf-7', inUtf7],
      ['said to be in UTF-16', 'application/json; charset=utf-16', notice()],
      ['in Latin-1', 'application/json;charset="iso-8859-1"', notice()],
      ['of two character sets', 'application/json; charset=utf-8; charset=utf-7', notice()],
      ['said to be a form', 'application/x-www-form-urlencoded', notice()],
    ])('is refused %s', async (_what, contentType, body) => {
      await start();
      const answer = await post('/webhooks/placetopay', body, { 'Content-Type': contentType });
      // Express has no parser for some of them.
      expect([400, 415]).toContain(answer.status);
      expect(handled).toEqual([]);
    });

    it.each([
      'application/json; charset=utf-8',
      'Application/JSON;charset="UTF-8"',
      'application/json; charset=UTF-8; v=1',
      'application/json;v=1',
    ])('is taken as %s', async (contentType) => {
      await start();
      expect((await post('/webhooks/placetopay', notice(), { 'Content-Type': contentType })).status).toBe(200);
    });

    it('is the verified payload for @Body(), too', async () => {
      await start();
      const { signature: _signature, ...payload } = JSON.parse(notice()) as Record<string, unknown>;
      const { body } = await post('/webhooks/body', notice());
      expect(JSON.parse(body)).toEqual({ isPayload: true, body: payload });
    });
  });

  describe('a body that is large', () => {
    /** Rightly signed, with whitespace up to so many bytes. */
    const padded = (bytes: number): string => notice().replace('{', `{${' '.repeat(bytes - notice().length)}`);
    const KEEP = { placetopay, notifications: { maxBodyBytes: { placetopay: { checkout: 2_000 } } } } as const;

    it('is taken up to the limit of its scheme, and answered 413 beyond it', async () => {
      await start(KEEP);
      expect((await post('/webhooks/placetopay', padded(2_000))).status).toBe(200);
      const answer = await post('/webhooks/placetopay', padded(2_001));
      expect(answer.status).toBe(413);
      expect(JSON.parse(answer.body)).toMatchObject({ reason: 'body-too-large' });
      expect(handled).toHaveLength(1);
    });

    it('may have 256 kB where nothing is said', async () => {
      const started = await start({ placetopay }, { controllers: [] });
      const verify = (bytes: number) =>
        started.get(NotificationVerifier).verify('placetopay', 'checkout', {
          method: 'POST',
          target: '/webhooks/placetopay',
          headers: {},
          rawBody: Buffer.from(padded(bytes)),
        });
      expect(verify(262_144).signed.requestId).toBe('1234');
      expect(() => verify(262_145)).toThrow('The body has 262145 bytes; 262144 are allowed.');
    });
  });

  it.each([
    ['nothing', ''],
    ['a beginning', '{'],
    ['too much', `${notice()}}`],
  ])('never answers 200 to what no parser takes: %s', async (_what, body) => {
    await start();
    expect((await post('/webhooks/placetopay', body)).status).toBe(400);
    expect(handled).toEqual([]);
  });

  it('accepts one merchant only where it is told to', async () => {
    await start();
    expect((await post('/webhooks/shop-only', notice())).body).toBe('{"merchant":"shop"}');
    expect((await post('/webhooks/shop-only', notice({ secret: OTHER_SECRET }))).status).toBe(401);
  });

  it('handles copies once, and again when the handler failed', async () => {
    const started = await start();
    started.get(WebhookController).failures = 1;
    expect((await post('/webhooks/placetopay', notice())).status).toBe(500);
    expect((await post('/webhooks/placetopay', notice())).status).toBe(200);
    expect((await post('/webhooks/placetopay', notice())).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it('counts what came', async () => {
    const started = await start();
    await post('/webhooks/placetopay', notice());
    await post('/webhooks/placetopay', notice({ secret: 'another secret' }));
    expect(started.get(NotificationVerifier).statistics()).toEqual([
      { gateway: 'placetopay', scheme: 'checkout', accepted: { sha256: 1 }, refused: { mismatch: 1 } },
    ]);
  });

  describe('does not start', () => {
    it('where raw bodies are not kept', async () => {
      const failure = await start({ placetopay }, { rawBody: false }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PaymentAuthConfigError);
      expect((failure as Error).message).toContain('NestFactory.create(AppModule, { rawBody: true })');
    });

    it('where the gateway of a webhook is not configured', async () => {
      await expect(start({})).rejects.toThrow('add the `placetopay` block');
    });

    it('where a merchant of a webhook does not exist', async () => {
      const only = { environment: 'test', login: 'one', secretKey: SECRET } as const;
      await expect(start({ placetopay: only })).rejects.toThrow('no such merchant');
    });

    it('where a scheme does not exist', async () => {
      class Misspelt {
        paid(): void {
          // Never reached.
        }
      }
      const descriptor = Object.getOwnPropertyDescriptor(Misspelt.prototype, 'paid') ?? {};
      // As a caller without types would.
      VerifiedNotification('placetopay', 'chekout' as 'checkout')(Misspelt.prototype, 'paid', descriptor);
      Post('misspelt')(Misspelt.prototype, 'paid', descriptor);
      Controller()(Misspelt);
      await expect(start({ placetopay }, { controllers: [Misspelt] })).rejects.toThrow("'chekout': is not known");
    });
  });

  describe('a microsite', () => {
    class MicrositeController {
      asked(): void {
        // Never reached.
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(MicrositeController.prototype, 'asked') ?? {};
    VerifiedNotification('placetopay', 'microsite-auth')(MicrositeController.prototype, 'asked', descriptor);
    Post('microsite')(MicrositeController.prototype, 'asked', descriptor);
    Controller()(MicrositeController);

    const [NEXT, OWN] = ['the-next-secret-of-the-site', 'the-own-secret-of-the-microsite'];
    const warningsWith = async (notifications: PlacetopayNotificationOptions, controllers: Type[]) => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      const site = { environment: 'test', login: 'shop', secretKey: { current: SECRET, next: NEXT } } as const;
      await start({ placetopay: { ...site, notifications } }, { controllers });
      return warn.mock.calls.map(([message]) => String(message)).filter((message) => message.includes('micrositeAuth'));
    };

    it.each([
      ['those of the site', {}],
      ['the same again', { micrositeAuth: { login: 'shop', secretKey: SECRET } }],
      ['the site’s next secret', { micrositeAuth: { login: 'shop', secretKey: { current: OWN, next: NEXT } } }],
    ])('with the credentials we send is warned of at start: %s', async (_what, notifications) => {
      const [warning, ...others] = await warningsWith(notifications, [MicrositeController]);
      expect(warning).toContain('placetopay.notifications.micrositeAuth');
      expect(warning).toContain('an auth that we send to Placetopay is accepted by our own microsite-auth routes');
      expect(warning).not.toContain(SECRET);
      expect(others).toEqual([]);
    });

    it.each([
      ['another login', { micrositeAuth: { login: 'microsite', secretKey: SECRET } }, [MicrositeController]],
      ['another secret', { micrositeAuth: { login: 'shop', secretKey: OWN } }, [MicrositeController]],
      ['no route', {}, []],
    ])('with %s is not', async (_what, notifications, controllers) => {
      expect(await warningsWith(notifications, controllers)).toEqual([]);
    });
  });

  it('starts without raw bodies where there is no webhook', async () => {
    await expect(start({ placetopay }, { rawBody: false, controllers: [] })).resolves.toBeDefined();
  });

  it('says what is wrong when a handler asks for an event that nobody verified', async () => {
    const errors: unknown[] = [];
    const started = await start();
    started.useLogger({ log: () => undefined, error: (error) => errors.push(error), warn: () => undefined });
    const answer = await fetch(new URL('/webhooks/unguarded', await started.getUrl()));
    expect(answer.status).toBe(500);
    expect(String(errors[0])).toContain('uses @NotificationEvent() without @VerifiedNotification');
  });

  it('lets an interceptor see the event of every copy, and of no forgery', async () => {
    await start({ placetopay }, { controllers: [WatchedController] });
    seenKeys.length = 0;
    const statuses = [];
    for (const body of [notice(), notice(), notice({ secret: 'another secret' })]) {
      statuses.push((await post('/webhooks/placetopay', body)).status);
    }
    expect(statuses).toEqual([200, 200, 401]);
    expect(handled).toHaveLength(1);
    expect(seenKeys).toEqual([handled[0]?.replayKey, handled[0]?.replayKey]);
  });
});
