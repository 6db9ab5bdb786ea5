import { type BodyMediaType } from '../core/inbound/notification-scheme';

/**
 * `kept`: a handler gets the bytes as received. `lost`: a parser takes them and gives none, or there is no parser.
 * `unknown`: there is something that we do not know and that may keep them; then the first request tells.
 */
export type RawBodyVerdict = 'kept' | 'lost' | 'unknown';

/** Where bodies of one kind come in. */
export interface BodyRoute {
  /** As the controller has it, without global prefix and version: `/webhooks/:shop`. */
  readonly path: string;
  readonly mediaType: BodyMediaType;
}

/** A body of each kind, as short as can be. */
export const PROBES: Readonly<Record<BodyMediaType, Buffer>> = {
  'application/json': Buffer.from('{}'),
  'application/x-www-form-urlencoded': Buffer.from('a=b'),
};

export function member(owner: unknown, name: string): unknown {
  const isOwner = (typeof owner === 'object' && owner !== null) || typeof owner === 'function';
  return isOwner ? (owner as Record<string, unknown>)[name] : undefined;
}
