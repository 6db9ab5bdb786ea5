import { type CanActivate, type ExecutionContext, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer, Reflector } from '@nestjs/core';
import { type ConfigProblem, PaymentAuthConfigError } from '../core/errors';
import { refuseWith } from './notification-refusal';
import { NOTIFICATION_METADATA, type NotificationMetadata, setVerifiedNotification } from './notification-metadata';
import { NotificationVerifier } from './notification-verifier';
import { keepsRawBody } from './raw-body-probe';
import { type FrameworkRequest, inboundRequest, RAW_BODY_CURE } from './raw-request';

/** Put in place by `@VerifiedNotification`. */
@Injectable()
export class NotificationGuard implements CanActivate, OnApplicationBootstrap {
  constructor(
    private readonly verifier: NotificationVerifier,
    private readonly reflector: Reflector,
    private readonly modules: ModulesContainer,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { gateway, scheme, selection } = this.reflector.get<NotificationMetadata>(
      NOTIFICATION_METADATA,
      context.getHandler(),
    );
    const received = context.switchToHttp().getRequest<FrameworkRequest>();
    try {
      const event = this.verifier.verifyByName(gateway, scheme, inboundRequest(gateway, received), selection);
      setVerifiedNotification(context, event);
      return true;
    } catch (error) {
      throw refuseWith(error);
    }
  }

  /**
   * A webhook that cannot work is found at start, not by the first payment.
   *
   * @throws {PaymentAuthConfigError} listing what every handler of this module lacks
   */
  async onApplicationBootstrap(): Promise<void> {
    const handlers = this.handlers();
    const problems = handlers.flatMap((metadata) => this.problemsOf(metadata));
    const { httpAdapter } = this.adapterHost as { httpAdapter?: HttpAdapterHost['httpAdapter'] };
    if (handlers.length > 0 && httpAdapter !== undefined && (await keepsRawBody(httpAdapter.getInstance())) === false) {
      problems.push({ option: 'rawBody', problem: RAW_BODY_CURE });
    }
    if (problems.length > 0) throw new PaymentAuthConfigError(problems);
  }

  private problemsOf({ gateway, scheme, selection }: NotificationMetadata): readonly ConfigProblem[] {
    try {
      this.verifier.requireUsable(gateway, scheme, selection);
      return [];
    } catch (error) {
      if (error instanceof PaymentAuthConfigError) return error.problems;
      throw error;
    }
  }

  /** Of the controllers in the module this guard was made for: Nest makes one for each, with what that module sees. */
  private handlers(): NotificationMetadata[] {
    return [...this.modules.values()]
      .filter(({ injectables }) => [...injectables.values()].some(({ instance }) => instance === this))
      .flatMap(({ controllers }) => [...controllers.values()])
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? methodsOf(metatype) : []))
      .map((method) => this.reflector.get<NotificationMetadata | undefined>(NOTIFICATION_METADATA, method))
      .filter((metadata) => metadata !== undefined);
  }
}

type Method = (...args: never[]) => unknown;

function methodsOf(controller: object): Method[] {
  const methods = new Map<string, Method>();
  let prototype: unknown = (controller as { prototype: unknown }).prototype;
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && !methods.has(name)) methods.set(name, value as Method);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return [...methods.values()];
}
