import { HttpStatus, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type ConfigProblem, PaymentAuthConfigError } from '../core/errors';
import { type ControllerClass, controllersOf, isRoute, prototypesOf } from './controller-methods';
import { declarationsOn, NOTIFICATION_METADATA } from './notification-metadata';
import { NotificationGuard } from './notification.guard';

/**
 * Sees to it that every `@VerifiedNotification` is in force. A decorator above it that puts another function in the method's
 * place leaves guard and interceptor behind: anything would reach the handler, and no guard is there to notice.
 */
@Injectable()
export class NotificationDeclarations implements OnApplicationBootstrap {
  constructor(private readonly modules: ModulesContainer) {}

  /** @throws {PaymentAuthConfigError} listing every handler that would not be verified as it says */
  onApplicationBootstrap(): void {
    const controllers = new Set([...this.modules.values()].flatMap(controllersOf));
    const problems = [...controllers].flatMap(problemsOf);
    if (problems.length > 0) throw new PaymentAuthConfigError(problems);
  }
}

/** A subclass may have a method of its own in the place of the one that was declared: what counts is what Nest calls. */
function problemsOf(controller: ControllerClass): readonly ConfigProblem[] {
  const prototypes = prototypesOf(controller);
  const names = new Set(prototypes.flatMap(declarationsOn).map(({ name }) => name));
  return [...names].flatMap((name) => {
    const option = `${controller.name}.${String(name)}`;
    const owner = prototypes.find((prototype) => Object.hasOwn(prototype, name)) ?? controller.prototype;
    const declared = declarationsOn(owner).filter((one) => one.name === name);
    if (declared.length > 1) return [{ option, problem: TWICE }];
    const method: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value;
    if (isGuarded(method)) return statusProblems(option, method);
    if (declared.length > 0) return [{ option, problem: LEFT_BEHIND }];
    return isRoute(method) ? [{ option, problem: OVERRIDDEN }] : [];
  });
}

/** Where Nest's `@UseGuards()` writes. */
const GUARDS = '__guards__';

/** A decorator that puts another function there may copy what it finds, or a part of it. */
function isGuarded(method: unknown): method is object {
  if (typeof method !== 'function' || !Reflect.hasMetadata(NOTIFICATION_METADATA, method)) return false;
  const guards: unknown = Reflect.getMetadata(GUARDS, method);
  return Array.isArray(guards) && guards.includes(NotificationGuard);
}

/** Where Nest's `@HttpCode()` writes. */
const HTTP_CODE = '__httpCode__';

/** No gateway is documented to take another 2xx for "received", and 204 has no body. */
function statusProblems(option: string, method: object): readonly ConfigProblem[] {
  const status = Reflect.getMetadata(HTTP_CODE, method) as number | undefined;
  if (status === HttpStatus.OK) return [];
  // Copied by a decorator above, with a part of what was there.
  if (status === undefined) return [{ option, problem: LEFT_BEHIND }];
  const problem = `would not answer 200, which is what gateways take for "received": leave out @HttpCode(${status})`;
  return [{ option, problem }];
}

const TWICE = 'has @VerifiedNotification twice, and only one would be verified: give each scheme a route of its own';
const OVERRIDDEN =
  'overrides a handler that has @VerifiedNotification, and would accept anything: put @VerifiedNotification on it, too, right below @Post()';
const LEFT_BEHIND =
  'is not verified: a decorator above @VerifiedNotification puts another function in its place. Put @VerifiedNotification above decorators that wrap the method, right below @Post()';
