import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer, Reflector } from '@nestjs/core';
import { type ConfigProblem, PaymentAuthConfigError } from '../core/errors';
import { controllersOf, methodsOf, pathsOf } from './controller-methods';
import { refuseWith } from './notification-refusal';
import { NOTIFICATION_METADATA, type NotificationMetadata, setVerifiedNotification } from './notification-metadata';
import { NotificationReplays } from './notification-replays';
import { NotificationVerifier } from './notification-verifier';
import { keepsRawBody } from './raw-body-probe';
import { type FrameworkRequest, inboundRequest, RAW_BODY_CURE, replaceParsedBody } from './raw-request';

/** Put in place by `@VerifiedNotification`. */
@Injectable()
export class NotificationGuard implements CanActivate, OnApplicationBootstrap {
  private readonly logger = new Logger('PaymentAuth');

  constructor(
    private readonly verifier: NotificationVerifier,
    private readonly replays: NotificationReplays,
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
      const { mediaType } = this.verifier.scheme(gateway, scheme);
      const request = inboundRequest(gateway, received, mediaType);
      const event = this.verifier.verifyByName(gateway, scheme, request, selection);
      replaceParsedBody(received, event.payload);
      setVerifiedNotification(context, event);
      return true;
    } catch (error) {
      throw refuseWith(error);
    }
  }

  /**
   * A webhook that cannot work is found at start, not by the first payment.
   *
   * @throws {PaymentAuthConfigError} listing what every handler of this module lacks; raw bodies when nothing else does
   */
  async onApplicationBootstrap(): Promise<void> {
    const handlers = this.handlers();
    const problems = handlers.flatMap(({ metadata }) => this.problemsOf(metadata));
    if (problems.length === 0) problems.push(...(await this.rawBodyProblems(handlers)));
    if (problems.length > 0) throw new PaymentAuthConfigError(problems);
    const warnings = handlers.flatMap(({ metadata: { gateway, scheme, selection } }) =>
      this.verifier.warnings(gateway, scheme, selection),
    );
    for (const warning of new Set(warnings)) this.logger.warn(warning);
  }

  private problemsOf({ gateway, scheme, selection }: NotificationMetadata): readonly ConfigProblem[] {
    try {
      this.verifier.requireUsable(gateway, scheme, selection);
      return this.replays.problemsOf(gateway, this.verifier.scheme(gateway, scheme));
    } catch (error) {
      if (error instanceof PaymentAuthConfigError) return error.problems;
      throw error;
    }
  }

  private async rawBodyProblems(handlers: readonly NotificationHandler[]): Promise<readonly ConfigProblem[]> {
    const { httpAdapter } = this.adapterHost as { httpAdapter?: HttpAdapterHost['httpAdapter'] };
    if (httpAdapter === undefined) return [];
    const lost: string[] = [];
    const unknown: string[] = [];
    for (const { name, paths, metadata } of handlers) {
      const { mediaType = 'application/json' } = this.verifier.scheme(metadata.gateway, metadata.scheme);
      for (const path of paths) {
        const verdict = await keepsRawBody(httpAdapter.getInstance(), { path, mediaType });
        if (verdict === 'lost') lost.push(`${name} (${mediaType})`);
        if (verdict === 'unknown') unknown.push(`${name} (${mediaType})`);
      }
    }
    if (unknown.length > 0) {
      this.logger.warn(`Whether raw bodies reach ${unknown.join(', ')} cannot be told before the first request.`);
    }
    return lost.length === 0
      ? []
      : [{ option: 'rawBody', problem: `does not reach ${lost.join(', ')}: ${RAW_BODY_CURE}` }];
  }

  /** Of the controllers in the module this guard was made for: Nest makes one for each, with what that module sees. */
  private handlers(): readonly NotificationHandler[] {
    return [...this.modules.values()]
      .filter(({ injectables }) => [...injectables.values()].some(({ instance }) => instance === this))
      .flatMap(controllersOf)
      .flatMap((controller) =>
        [...methodsOf(controller)].flatMap(([name, method]) => {
          const metadata = this.reflector.get<NotificationMetadata | undefined>(NOTIFICATION_METADATA, method);
          const paths = pathsOf(controller, method);
          return metadata === undefined ? [] : [{ name: `${controller.name}.${name}`, paths, metadata }];
        }),
      );
  }
}

interface NotificationHandler {
  readonly name: string;
  readonly paths: readonly string[];
  readonly metadata: NotificationMetadata;
}
