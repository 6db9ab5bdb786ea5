import { bodyRespellings, pathRespellings } from '@payment-auth/gateway-simulator';
import { type Change, respelled } from '../recipe/change';

/**
 * Another text than the one that is signed, as clients are known to make it of a body.
 *
 * @param sent as it was sent. @param signed what of it is signed
 */
export function bodyChanges(sent: Buffer, signed = sent, name = 'body'): Change[] {
  return bodyRespellings(sent, signed).map(({ code, what, bytes }) => respelled(name, code, `from ${what}`, bytes));
}

/** The whole URL is not among them: it has hosts of its own. */
export function pathChanges(path: string): Change[] {
  return pathRespellings(path, undefined)
    .filter(({ code }) => code !== 'path-whole-url')
    .map(({ code, what, bytes }) => respelled('path', code, `from ${what}`, bytes));
}
