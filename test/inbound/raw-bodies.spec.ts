import {
  Controller,
  type INestApplication,
  Logger,
  type NestApplicationOptions,
  Post,
  VersioningType,
} from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Request, type RequestHandler } from 'express';
import { NotificationEvent, VerifiedNotification, type VerifiedNotificationEvent } from 'nestjs-payment-auth';
import { post, type Prepare, signedBy, startWebhooks } from './nest-webhooks';

@Controller('webhooks')
class WebhookController {
  @Post('placetopay')
  @VerifiedNotification('placetopay', 'checkout')
  placetopay(@NotificationEvent() event: VerifiedNotificationEvent): string {
    return event.scheme;
  }

  @Post('alignet')
  @VerifiedNotification('alignet', 'redirect')
  alignet(@NotificationEvent() event: VerifiedNotificationEvent): string {
    return event.scheme;
  }
}

@Controller({ path: 'shops/:shop/webhooks', version: ['1', '2'] })
class VersionedController {
  @Post('placetopay')
  @VerifiedNotification('placetopay', 'checkout')
  placetopay(@NotificationEvent() event: VerifiedNotificationEvent): string {
    return event.scheme;
  }
}

const verify = (request: object, _response: unknown, bytes: Buffer): void =>
  void Object.assign(request, { rawBody: bytes });
const NO_PARSER = { bodyParser: false } as const;
const JSON_HANDLER = 'WebhookController.placetopay (application/json)';
const FORM_HANDLER = 'WebhookController.alignet (application/x-www-form-urlencoded)';

/** As some write it to keep bytes themselves, in front of a parser that keeps none. */
const listener: RequestHandler = (request, _response, next) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => Object.assign(request, { rawBody: Buffer.concat(chunks) }));
  next();
};

const keepingJson = express.json({ verify });
const keepingForms = express.urlencoded({ verify, extended: true });

type SetUp = readonly [name: string, NestApplicationOptions, Prepare];

const RIGHT: readonly SetUp[] = [
  ["Nest's own parsers", { rawBody: true }, () => undefined],
  ['a limit by useBodyParser', { rawBody: true }, (app) => app.useBodyParser('json', { limit: '5mb' })],
  ['express.raw() for webhooks', NO_PARSER, (app) => app.use('/webhooks', express.raw({ type: '*/*' }))],
  [
    'a parser that keeps them for webhooks, and another one for another path',
    NO_PARSER,
    (app) => app.use('/api', express.json()).use('/webhooks', keepingJson, keepingForms).use(express.json()),
  ],
  [
    'a raw parser that looks at the request',
    { rawBody: true },
    (app) => app.useBodyParser('raw', { type: (request) => (request as Request).path.startsWith('/webhooks/') }),
  ],
];

const WRONG: readonly (readonly [...SetUp, string])[] = [
  ['no parser', NO_PARSER, () => undefined, `${JSON_HANDLER}, ${FORM_HANDLER}`],
  ['no rawBody', {}, () => undefined, `${JSON_HANDLER}, ${FORM_HANDLER}`],
  ['a parser of forms in front', { rawBody: true }, (app) => app.use(express.urlencoded()), FORM_HANDLER],
  ['a parser of JSON in front', { rawBody: true }, (app) => app.use(express.json({ limit: '5mb' })), JSON_HANDLER],
  ['a parser of text in front', { rawBody: true }, (app) => app.use(express.text({ type: '*/*' })), JSON_HANDLER],
  [
    'a parser that keeps them for another path',
    NO_PARSER,
    (app) => app.use('/api', keepingJson).use(express.json(), keepingForms),
    JSON_HANDLER,
  ],
];

/** They keep them, and it shows with the first request only. */
const UNTOLD: readonly SetUp[] = [
  ['middleware that listens along', {}, (app) => app.use(listener)],
  ['a parser inside of middleware', NO_PARSER, (app) => app.use(inside(keepingJson)).use(inside(keepingForms))],
];

function inside(parser: RequestHandler): RequestHandler {
  return (request, response, next) => void parser(request, response, next);
}

describe('raw bodies', () => {
  let app: INestApplication | undefined;
  let warn: jest.SpyInstance;

  beforeEach(() => (warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation()));

  afterEach(async () => {
    await app?.close();
    app = undefined;
    jest.restoreAllMocks();
  });

  const start = async (options: NestApplicationOptions, prepare?: Prepare) =>
    (app = await startWebhooks([WebhookController], new ExpressAdapter(), options, prepare));

  const answersOf = async (started: INestApplication) => [
    await post(started, '/webhooks/placetopay', signedBy.placetopay('checkout')),
    await post(started, '/webhooks/alignet', signedBy.alignet()),
  ];
  const HANDLED = [
    { status: 200, text: 'checkout' },
    { status: 200, text: 'redirect' },
  ];

  describe('on Express', () => {
    it.each(RIGHT)('are kept by %s', async (_name, options, prepare) => {
      expect(await answersOf(await start(options, prepare))).toEqual(HANDLED);
      expect(warn).not.toHaveBeenCalled();
    });

    it.each(WRONG)('are missed at start with %s', async (_name, options, prepare, handlers) => {
      const failure: unknown = await start(options, prepare).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ option: 'rawBody' });
      expect(String(failure)).toContain(`does not reach ${handlers}`);
      expect(String(failure)).toContain('`createNestApplication({ rawBody: true })`');
      expect(String(failure)).toContain("`app.useBodyParser('json', { limit })`");
    });

    it.each(UNTOLD)('may be kept by %s: a warning, and no refusal', async (_name, options, prepare) => {
      const started = await start(options, prepare);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(JSON_HANDLER));
      expect(await answersOf(started)).toEqual(HANDLED);
    });

    describe('behind a prefix and versions', () => {
      const startBehind = async (mount: string) =>
        (app = await startWebhooks([VersionedController], new ExpressAdapter(), NO_PARSER, (created) =>
          created
            .setGlobalPrefix('api')
            .enableVersioning({ type: VersioningType.URI })
            .use(mount, keepingJson)
            .use(express.json()),
        ));

      it('are kept where the parser stands for the whole path', async () => {
        const started = await startBehind('/api');
        const answer = await post(started, '/api/v2/shops/one/webhooks/placetopay', signedBy.placetopay('checkout'));
        expect(answer.status).toBe(200);
      });

      it('are missed where it stands for the path of the controller alone', async () => {
        await expect(startBehind('/shops')).rejects.toThrow('does not reach VersionedController.placetopay');
      });
    });
  });

  describe('on Fastify', () => {
    type PrepareFastify = (app: NestFastifyApplication) => unknown;
    const startFastify = async (
      options: NestApplicationOptions,
      prepare: PrepareFastify = () => undefined,
      adapter = new FastifyAdapter(),
    ) =>
      (app = await startWebhooks([WebhookController], adapter, options, (created: NestExpressApplication) =>
        prepare(created as unknown as NestFastifyApplication),
      ));

    it('are kept by a parser that hands the bytes on', async () => {
      const adapter = new FastifyAdapter();
      const keepBytes = (): void => {
        for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
          adapter.useBodyParser(type, false, {});
        }
      };
      const started = await startFastify({}, keepBytes, adapter);
      expect(await answersOf(started)).toEqual(HANDLED);
    });

    it.each<[string, NestApplicationOptions, PrepareFastify, string]>([
      ['no rawBody', {}, () => undefined, `${JSON_HANDLER}, ${FORM_HANDLER}`],
      ['no parser of forms', NO_PARSER, () => undefined, FORM_HANDLER],
      [
        'a parser that puts an end to those of Nest',
        { rawBody: true },
        (created) => created.useBodyParser('application/x-www-form-urlencoded'),
        JSON_HANDLER,
      ],
    ])('are missed at start with %s', async (_name, options, prepare, handlers) => {
      await expect(startFastify(options, prepare)).rejects.toThrow(handlers);
    });

    it('may be kept by parsers chosen by a pattern: a warning, and no refusal', async () => {
      await startFastify({ rawBody: true }, (created) => {
        created.useBodyParser('application/json');
        created.useBodyParser(/^application\/x-www/);
      });
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(FORM_HANDLER));
    });
  });
});
