import {
  type CallHandler,
  Controller,
  Get,
  HttpCode,
  HttpException,
  type INestApplication,
  Logger,
  type NestInterceptor,
  Post,
  Res,
  type Type,
} from '@nestjs/common';
import { NotificationEvent, VerifiedNotification, type VerifiedNotificationEvent } from 'nestjs-payment-auth';
import { map, mergeMap, throwError } from 'rxjs';
import { PLATFORMS, post, type Prepare, signedBy, startWebhooks } from './nest-webhooks';

/** What Express's and Fastify's have in common. */
interface Response {
  status(code: number): Response;
  send(body: string): void;
}

const handled: string[] = [];

@Controller('webhooks')
class AnsweringController {
  failures = 0;

  @Post('own-answer')
  @VerifiedNotification('placetopay', 'checkout')
  ownAnswer(@NotificationEvent() { scheme }: VerifiedNotificationEvent, @Res() response: Response): void {
    handled.push(scheme);
    response.status(this.failures-- > 0 ? 503 : 200).send('mine');
  }

  @Post('own-status')
  @VerifiedNotification('placetopay', 'payment-link')
  ownStatus(
    @NotificationEvent() { scheme }: VerifiedNotificationEvent,
    @Res({ passthrough: true }) response: Response,
  ): string {
    handled.push(scheme);
    response.status(503);
    return 'try later';
  }

  @Post('nothing')
  @VerifiedNotification('placetopay', 'autopay')
  nothing(@NotificationEvent() { scheme }: VerifiedNotificationEvent): void {
    handled.push(scheme);
  }
}

@Controller('webhooks')
class ReturningController {
  @Post('text')
  @VerifiedNotification('placetopay', 'checkout')
  text(): Promise<string> {
    return Promise.resolve('OK');
  }

  @Post('object')
  @VerifiedNotification('placetopay', 'payment-link')
  object(): { received: boolean } {
    return { received: true };
  }

  @Post('page')
  @VerifiedNotification('alignet', 'redirect')
  page(): string {
    return '<p>Thank you</p>';
  }

  @Get('other')
  other(): { is: string } {
    return { is: 'no webhook' };
  }
}

@Controller('webhooks')
class EmptyAnswerController {
  @Post('empty')
  @HttpCode(204)
  @VerifiedNotification('alignet', 'notification')
  empty(): void {
    handled.push('notification');
  }
}

/** What many applications have for all of their routes. */
class Envelope implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler<unknown>) {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

class Failing implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler<unknown>) {
    return next.handle().pipe(mergeMap(() => throwError(() => new HttpException('no room in the log', 507))));
  }
}

/** As tracing and transactions do it: another function in the method's place, without what decorators wrote on the first. */
const Wrapped =
  (): MethodDecorator =>
  <T>(_target: object, _name: string | symbol, descriptor: TypedPropertyDescriptor<T>) => {
    const method = descriptor.value as (...args: unknown[]) => unknown;
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      return method.apply(this, args);
    };
    descriptor.value = wrapped as T;
  };

@Controller('webhooks')
class WrappedAboveController {
  @Post('wrapped')
  @Wrapped()
  @VerifiedNotification('placetopay', 'checkout')
  wrapped(): void {
    handled.push('anything');
  }
}

@Controller('webhooks')
class WrappedBelowController {
  @Post('wrapped')
  @VerifiedNotification('placetopay', 'checkout')
  @Wrapped()
  wrapped(@NotificationEvent() { scheme }: VerifiedNotificationEvent, @Res() response: Response): void {
    handled.push(scheme);
    response.send('mine');
  }
}

@Controller('webhooks')
class TwiceController {
  @Post('twice')
  @VerifiedNotification('placetopay', 'checkout')
  @VerifiedNotification('placetopay', 'payment-link')
  twice(): void {
    handled.push('anything');
  }
}

@Controller('base')
class BaseController {
  @Post('paid')
  @VerifiedNotification('placetopay', 'checkout')
  paid(): void {
    handled.push('checkout');
  }
}

@Controller('webhooks')
class OverridingController extends BaseController {
  @Post('paid')
  override paid(): void {
    handled.push('anything');
  }
}

@Controller('webhooks')
class FurtherController extends OverridingController {}

@Controller('webhooks')
class OverridingRightController extends BaseController {
  @Post('paid')
  @VerifiedNotification('placetopay', 'checkout')
  override paid(): void {
    handled.push('checkout');
  }
}

@Controller('webhooks')
class RightAboveWrappedController extends WrappedAboveController {
  @Post('wrapped')
  @VerifiedNotification('placetopay', 'checkout')
  override wrapped(): void {
    handled.push('checkout');
  }
}

@Controller('webhooks')
class WithoutRouteController extends BaseController {
  /** No route of Nest's: the base's is gone. */
  override paid(): void {
    handled.push('anything');
  }
}

class InheritingController extends WrappedAboveController {}
Controller('inherited')(InheritingController);

describe.each(PLATFORMS)('a handler with @VerifiedNotification on %s', (_name, adapter) => {
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

  const start = async (controller: Type = AnsweringController, prepare?: Prepare) =>
    (app = await startWebhooks([controller], adapter(), { rawBody: true }, prepare));

  /** Why it does not start; no application where it does, which would be all over the report. */
  const refusalOf = (controller: Type): Promise<unknown> =>
    start(controller).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('may answer by itself: a copy is answered too', async () => {
    const started = await start();
    const event = signedBy.placetopay('checkout');
    await expect(post(started, '/webhooks/own-answer', event)).resolves.toEqual({ status: 200, text: 'mine' });
    await expect(post(started, '/webhooks/own-answer', event)).resolves.toEqual({ status: 200, text: '' });
    expect(handled).toEqual(['checkout']);
  });

  it('has failed when it answers by itself that it has', async () => {
    const started = await start();
    started.get(AnsweringController).failures = 1;
    const event = signedBy.placetopay('checkout');
    expect((await post(started, '/webhooks/own-answer', event)).status).toBe(503);
    await expect(post(started, '/webhooks/own-answer', event)).resolves.toEqual({ status: 200, text: 'mine' });
  });

  it('has failed when it sets the status of a failure', async () => {
    const started = await start();
    const event = signedBy.placetopay('payment-link');
    const failure = { status: 503, text: 'try later' };
    await expect(post(started, '/webhooks/own-status', event)).resolves.toEqual(failure);
    await expect(post(started, '/webhooks/own-status', event)).resolves.toEqual(failure);
    expect(handled).toHaveLength(2);
  });

  it('that returns nothing answers what the gateway wants, the first time and every other', async () => {
    const started = await start();
    const event = signedBy.placetopay('autopay');
    for (let delivery = 0; delivery < 2; delivery += 1) {
      const { status, text } = await post(started, '/webhooks/nothing', event);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ status: { status: 'OK', reason: '00', message: 'Successful response' } });
    }
    expect(handled).toEqual(['autopay']);
  });

  describe('behind an interceptor of the application that makes another answer of each', () => {
    const startWith = (controller: Type, ...interceptors: NestInterceptor[]) =>
      start(controller, (created) => created.useGlobalInterceptors(...interceptors));

    it.each([
      ['text', () => signedBy.placetopay('checkout'), 'OK'],
      ['object', () => signedBy.placetopay('payment-link'), '{"received":true}'],
      ['page', () => signedBy.alignet(), '<p>Thank you</p>'],
    ] as const)('answers what it returns: %s', async (path, event, text) => {
      const started = await startWith(ReturningController, new Envelope());
      await expect(post(started, `/webhooks/${path}`, event())).resolves.toEqual({ status: 200, text });
    });

    it('answers what the gateway wants, the first time and every other', async () => {
      const started = await startWith(AnsweringController, new Envelope());
      const event = signedBy.placetopay('autopay');
      for (let delivery = 0; delivery < 2; delivery += 1) {
        const { status, text } = await post(started, '/webhooks/nothing', event);
        expect(status).toBe(200);
        expect(JSON.parse(text)).toEqual({ status: { status: 'OK', reason: '00', message: 'Successful response' } });
      }
    });

    it('leaves other routes, refusals and answers of its own alone', async () => {
      const started = await startWith(ReturningController, new Envelope());
      const other = await fetch(new URL('/webhooks/other', await started.getUrl()));
      expect(await other.json()).toEqual({ data: { is: 'no webhook' } });
      const event = signedBy.placetopay('checkout');
      expect((await post(started, '/webhooks/text', { ...event, rawBody: Buffer.from('{}') })).status).toBe(401);
    });

    it('tells the gateway when that fails', async () => {
      const started = await startWith(ReturningController, new Failing());
      expect((await post(started, '/webhooks/text', signedBy.placetopay('checkout'))).status).toBe(507);
    });
  });

  it('does not start with @HttpCode(204), which would drop what the gateway wants to read', async () => {
    const failure: unknown = await refusalOf(EmptyAnswerController);
    expect(failure).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG', option: 'EmptyAnswerController.empty' });
    expect(String(failure)).toContain('leave out @HttpCode(204)');
  });

  it('may be wrapped below it', async () => {
    const started = await start(WrappedBelowController);
    const event = signedBy.placetopay('checkout');
    expect((await post(started, '/webhooks/wrapped', { ...event, rawBody: Buffer.from('{}') })).status).toBe(401);
    await expect(post(started, '/webhooks/wrapped', event)).resolves.toEqual({ status: 200, text: 'mine' });
    await expect(post(started, '/webhooks/wrapped', event)).resolves.toEqual({ status: 200, text: '' });
    expect(handled).toEqual(['checkout']);
  });

  it.each([
    ['WrappedAboveController.wrapped', WrappedAboveController],
    ['InheritingController.wrapped', InheritingController],
  ])('does not start wrapped above it, where nothing would be verified: %s', async (option, controller) => {
    const failure: unknown = await refusalOf(controller);
    expect(failure).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG', option });
    expect(String(failure)).toContain('Put @VerifiedNotification above decorators that wrap the method');
  });

  it.each([
    ['OverridingController.paid', OverridingController],
    ['FurtherController.paid', FurtherController],
  ])('does not start where a subclass has a route of its own in its place: %s', async (option, controller) => {
    const failure: unknown = await refusalOf(controller);
    expect(failure).toMatchObject({ code: 'ERR_PAYMENT_AUTH_CONFIG', option });
    expect(String(failure)).toContain('overrides a handler that has @VerifiedNotification');
  });

  it.each([
    ['verifies, too', OverridingRightController, 'paid'],
    ['verifies what was wrapped', RightAboveWrappedController, 'wrapped'],
    ['inherits', BaseController, 'paid'],
  ])('starts, and accepts nothing unsigned, where the subclass %s', async (_what, controller, path) => {
    const started = await start(controller);
    const route = `/${controller === BaseController ? 'base' : 'webhooks'}/${path}`;
    const event = signedBy.placetopay('checkout');
    expect((await post(started, route, { ...event, rawBody: Buffer.from('{}') })).status).toBe(401);
    expect((await post(started, route, event)).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  it('starts where the subclass has no route at all', async () => {
    const started = await start(WithoutRouteController);
    expect((await post(started, '/webhooks/paid', signedBy.placetopay('checkout'))).status).toBe(404);
  });

  it('does not start with two of them, of which one would refuse every notification', async () => {
    const failure: unknown = await refusalOf(TwiceController);
    expect(String(failure)).toContain('TwiceController.twice: has @VerifiedNotification twice');
  });
});
