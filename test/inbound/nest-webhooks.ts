import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { type INestApplication, Module, type NestApplicationOptions, type Type } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PaymentAuthModule } from 'nestjs-payment-auth';
import {
  alignetRedirectRequest,
  createAlignetTestKeys,
  placetopayNotificationRequest,
} from 'nestjs-payment-auth/testing';

const SECRET = 'a-long-site-secret-key';
const MERCHANT_CODE = 'merchant-code';
const ALIGNET_KEYS = createAlignetTestKeys();

export const PLATFORMS: readonly (readonly [name: string, () => AbstractHttpAdapter])[] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

export type Prepare = (app: NestExpressApplication) => unknown;

/** An application with these webhooks, listening. */
export async function startWebhooks(
  controllers: Type[],
  adapter: AbstractHttpAdapter,
  options: NestApplicationOptions = { rawBody: true },
  prepare: Prepare = () => undefined,
): Promise<INestApplication> {
  @Module({
    imports: [
      PaymentAuthModule.forRoot({
        isGlobal: true,
        placetopay: { environment: 'test', login: 'shop', secretKey: SECRET },
        alignet: {
          environment: 'sandbox',
          clientId: 'id',
          clientSecret: 'secret',
          merchantCode: MERCHANT_CODE,
          notifications: { publicKeys: [ALIGNET_KEYS.publicKey] },
        },
      }),
    ],
    controllers,
  })
  class WebhooksModule {}
  const app = await NestFactory.create<NestExpressApplication>(WebhooksModule, adapter, {
    logger: false,
    abortOnError: false,
    ...options,
  });
  try {
    await prepare(app);
    await app.listen(0, '127.0.0.1');
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

type Request = ReturnType<typeof alignetRedirectRequest>;

/** Rightly signed for that application. */
export const signedBy = {
  placetopay: (product: 'autopay' | 'checkout' | 'payment-link'): Request =>
    placetopayNotificationRequest(product, { secret: SECRET, now: Date.now() }),
  alignet: (): Request => alignetRedirectRequest({ privateKey: ALIGNET_KEYS.privateKey, merchantCode: MERCHANT_CODE }),
};

export async function post(
  app: INestApplication,
  path: string,
  { rawBody, headers }: Request,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(new URL(path, await app.getUrl()), {
    method: 'POST',
    body: new Uint8Array(rawBody),
    headers: headers as Record<string, string>,
    signal: AbortSignal.timeout(3_000),
  });
  return { status: answer.status, text: await answer.text() };
}
