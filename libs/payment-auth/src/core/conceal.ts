import { isAxiosError } from 'axios';
import { Agent } from 'node:http';
import { errorMonitor, Readable } from 'node:stream';
import { inspect } from 'node:util';

/**
 * Makes an object show one line in `console.log`, `util.inspect` at any depth, and JSON. For objects of ours that hold tokens
 * and keys, and for those of Node's and the caller's that lead to sockets, and from there to the headers of every signed
 * request under way.
 */
export function conceal(object: object, label: string): void {
  if (Object.hasOwn(object, inspect.custom)) return;
  const show = { value: () => label, configurable: true };
  // `Reflect`, because a frozen one stays as it is and is no reason to fail a request.
  Reflect.defineProperty(object, inspect.custom, show);
  Reflect.defineProperty(object, 'toJSON', show);
}

/** An agent's `sockets` hold the requests they carry, the token in their headers; `config.httpAgent` leads there. */
export function concealAgent(agent: unknown): void {
  if (agent instanceof Agent) conceal(agent, `[${agent.constructor.name}]`);
}

/** A streamed answer has its request at `req`, and again behind its socket. So has an error that comes while it is read. */
export function concealStream(data: unknown): void {
  if (!(data instanceof Readable)) return;
  conceal(data, `[${data.constructor.name} of an authenticated request]`);
  // A monitor leaves an error that nobody handles as unhandled as it was.
  data.once(errorMonitor, (error: unknown) => {
    if (isAxiosError(error)) error.request = undefined;
  });
}
