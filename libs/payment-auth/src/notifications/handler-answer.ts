import { type ExecutionContext } from '@nestjs/common';
import { methodsOf } from './controller-methods';

/** Where Nest's parameter decorators write; Nest exports the names for itself only. */
const ROUTE_ARGUMENTS = '__routeArguments__';
const PASSTHROUGH = '__responsePassthrough__';
/** Nest's `RouteParamtypes` of `@Res()` and `@Next()`, before the parameter's index. */
const RESPONSE_OR_NEXT = /^[12]:/;

/** Whether a handler has taken the answer upon itself, with `@Res()` or `@Next()`, so that Nest sends nothing of what is returned. */
export function answersItself(context: ExecutionContext): boolean {
  const controller = context.getClass();
  const handler = context.getHandler();
  // A handler's own name is not always the method's: a decorator may have put another function there.
  const name = [...methodsOf(controller)].find(([, method]) => method === handler)?.[0];
  if (name === undefined || Reflect.getMetadata(PASSTHROUGH, controller, name) === true) return false;
  const declared: unknown = Reflect.getMetadata(ROUTE_ARGUMENTS, controller, name);
  return Object.keys(declared ?? {}).some((parameter) => RESPONSE_OR_NEXT.test(parameter));
}
