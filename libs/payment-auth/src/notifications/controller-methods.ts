import { type ModulesContainer } from '@nestjs/core';

/** Nest's own class for a module. */
export type NestModule = ModulesContainer extends ReadonlyMap<string, infer Module> ? Module : never;
export interface ControllerClass {
  readonly name: string;
  readonly prototype: object;
}
type Method = (...args: never[]) => unknown;

export function controllersOf({ controllers }: NestModule): readonly ControllerClass[] {
  return [...controllers.values()].flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : []));
}

/** A controller's prototype and those it inherits from, itself first. */
export function prototypesOf({ prototype }: ControllerClass): readonly object[] {
  const chain: object[] = [];
  let place: unknown = prototype;
  while (typeof place === 'object' && place !== null && place !== Object.prototype) {
    chain.push(place);
    place = Object.getPrototypeOf(place);
  }
  return chain;
}

/** By name, each as the controller has it: an inherited one counts where it is not overridden. */
export function methodsOf(controller: ControllerClass): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>();
  for (const prototype of prototypesOf(controller)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && !methods.has(name)) methods.set(name, value as Method);
    }
  }
  return methods;
}

/** Where Nest's `@Controller()` and `@Post()` write. */
const PATH = 'path';

/** Whether Nest makes a route of it. */
export function isRoute(method: unknown): boolean {
  return typeof method === 'function' && Reflect.hasMetadata(PATH, method);
}

/** Every path of a handler as its decorators have it, without what the application puts before it. */
export function pathsOf(controller: ControllerClass, method: Method): readonly string[] {
  return textsOf(Reflect.getMetadata(PATH, controller)).flatMap((base) =>
    textsOf(Reflect.getMetadata(PATH, method)).map((path) => {
      const parts = `${base}/${path}`.split('/').filter((part) => part !== '');
      return `/${parts.join('/')}`;
    }),
  );
}

function textsOf(paths: unknown): readonly string[] {
  return [paths].flat().map((path) => (typeof path === 'string' ? path : ''));
}
