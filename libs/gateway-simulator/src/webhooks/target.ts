import { SimulatorInputError } from '../core/input-error';
import { isLoopbackHost } from '../core/loopback';

/**
 * The address of a webhook.
 *
 * @throws {SimulatorInputError} for what is no http(s) URL, and for one with user and password: Node would send them along.
 */
export function readTarget(url: string, field = 'url'): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || !['http:', 'https:'].includes(target.protocol)) {
    throw new SimulatorInputError(field, 'must be an http or https URL');
  }
  if (target.username !== '' || target.password !== '') {
    throw new SimulatorInputError(field, 'must not carry a user or password');
  }
  return target;
}

/**
 * The address of a webhook that is about to be sent. Whoever reaches the control port names it, so it must be on this
 * machine: the simulator is no relay into the networks it can see. Names that only resolve to loopback do not count.
 *
 * @throws {SimulatorInputError}
 */
export function requireTarget(url: string, allowNonLoopback: boolean, field = 'url'): URL {
  const target = readTarget(url, field);
  if (isInReach(target, allowNonLoopback)) return target;
  throw new SimulatorInputError(field, 'must be on loopback, unless the simulator was started with allowNonLoopback');
}

/** Whether webhooks can be sent there; of an address that was named by a merchant, and not by whoever runs the simulator. */
export function isTarget(url: unknown, allowNonLoopback: boolean): url is string {
  try {
    return typeof url === 'string' && isInReach(readTarget(url), allowNonLoopback);
  } catch {
    return false;
  }
}

const isInReach = ({ hostname }: URL, allowNonLoopback: boolean): boolean =>
  allowNonLoopback || isLoopbackHost(hostname);
