import { type ExecutionContext } from '@nestjs/common';
import { type AbstractHttpAdapter } from '@nestjs/core';
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

/** By response, what is to be sent. */
const settled = new WeakMap<object, { readonly answer: unknown }>();
const prepared = new WeakSet<AbstractHttpAdapter>();

/**
 * Sends `answer` in place of what interceptors of the application make of it: an envelope around everything (`{ data }`) is no
 * acknowledgement, and a gateway that does not find one delivers again. Where one of them fails, that failure is sent.
 *
 * Nest runs the interceptors of a method inside those of its controller and of the application, so the last word is at the
 * adapter that sends.
 */
export function settleAnswer(adapter: AbstractHttpAdapter, response: object, answer: unknown): void {
  settled.set(response, { answer });
  if (prepared.has(adapter)) return;
  prepared.add(adapter);
  const reply = adapter.reply.bind(adapter) as (response: object, body: unknown, status?: number) => unknown;
  adapter.reply = (to: object, body: unknown, status?: number): unknown => {
    const isFailure = (status ?? (to as { readonly statusCode: number }).statusCode) >= 400;
    const own = isFailure ? undefined : settled.get(to);
    return reply(to, own === undefined ? body : own.answer, status);
  };
}
