import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper';
import { inspect, types } from 'node:util';

/**
 * Every text that `util.inspect` would show of a value at unlimited depth, hidden properties included. By itself it writes
 * what is reachable in two ways twice, which comes to hundreds of megabytes for Nest's container; here each object is looked
 * at once.
 */
export function* reachableTexts(root: unknown): Generator<string> {
  const seen = new Set<unknown>();
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') yield value;
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Uint8Array) yield Buffer.from(value).toString('hex');
    else for (const inside of inspected(value)) open.push(inside);
  }
}

function* inspected(value: object): Generator<unknown> {
  const custom = (value as { [inspect.custom]?: unknown })[inspect.custom];
  // As `inspect` does: a prototype has the method without being what it is for.
  const isPrototype = (value.constructor as { prototype?: unknown } | undefined)?.prototype === value;
  if (typeof custom === 'function' && !isPrototype) {
    const shown: unknown = custom.call(value, Infinity, { stylize: String }, inspect);
    if (shown !== value) {
      yield shown;
      return;
    }
  }
  // Not `instanceof`, which is also true of a proxy of one.
  if (types.isMap(value)) for (const entry of value) yield entry;
  if (types.isSet(value)) yield* value;
  // It keeps them in a WeakMap, whose members `inspect` shows and nobody else can list.
  if (value instanceof InstanceWrapper) yield value.instance;
  for (const key of Reflect.ownKeys(value)) {
    yield String(key);
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor !== undefined && 'value' in descriptor) yield descriptor.value;
  }
}
