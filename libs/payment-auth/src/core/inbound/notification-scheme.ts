import { type ConfigProblem, type Gateway } from '../errors';
import { type InboundRequest } from './inbound-request';

/**
 * A notification whose signature is right.
 *
 * `signed` is proven, and nothing else: what the gateway's formula leaves out anybody on the way may have changed. `unsigned`
 * names it. Before money moves, ask the gateway (`confirmByQuery`).
 */
export interface VerifiedNotification<Payload = unknown, Signed extends object = object> {
  readonly gateway: Gateway;
  readonly scheme: string;
  /** Name of the configured merchant whose secret or code it fits. */
  readonly merchant: string;
  /** The whole body as parsed. */
  readonly payload: Payload;
  /** What the signature covers, in the form in which it was signed. */
  readonly signed: Signed;
  /** What the signature does not cover, in words. */
  readonly unsigned: readonly string[];
  readonly algorithm: string;
  /** Which of the accepted secrets or keys it was; 0 is the current one. */
  readonly secretIndex: number;
  /** When it was signed, epoch ms, where the scheme says so and it was checked. */
  readonly signedAt?: number;
  /** The same for every copy of one notification. Holds no secret. */
  readonly replayKey: string;
}

/** The two in which gateways write their bodies. */
export type BodyMediaType = 'application/json' | 'application/x-www-form-urlencoded';

/** One way in which a gateway proves that a request is its own. Pure: time is an argument. */
export interface NotificationScheme<Merchant, Event extends VerifiedNotification = VerifiedNotification> {
  readonly name: Event['scheme'];
  /**
   * `acknowledge`: the gateway delivers again when it missed our answer, so a copy is answered as the first was.
   * `refuse`: every request has a proof of its own, so a copy is an attack.
   * `accept`: two equal requests may both be meant, and the handler decides: the proof (a password) is the same for all of
   * them, or a browser brings the request again because its user wants to see the page again.
   */
  readonly onReplay: 'acknowledge' | 'refuse' | 'accept';
  /** How long a copy can come, in milliseconds. */
  readonly replayWindowMs: number;
  /** What the gateway wants to read: the answer to a copy, and to a first one whose handler returns nothing. */
  readonly acknowledgement: unknown;
  /** Of the body that is verified. @default application/json */
  readonly mediaType?: BodyMediaType;
  /** What a merchant lacks for this scheme; checked at start for every scheme in use. */
  missingFor(merchant: Merchant): ConfigProblem | undefined;
  /** What works and yet should be another way; logged at start for every scheme in use. Shows no secret. */
  warningFor?(merchant: Merchant): string | undefined;
  /**
   * Finds the merchant among `candidates`, all of them configured, and verifies.
   *
   * @param now epoch ms
   * @throws {SignatureVerificationError}
   */
  verify(request: InboundRequest, candidates: readonly Merchant[], now: number): Event;
}

/** One secret of one merchant, to be tried. */
export interface Candidate<Merchant> {
  readonly merchant: Merchant;
  readonly secret: string;
  readonly secretIndex: number;
}

/**
 * The first candidate that `fits`. All are tried even after a match, so that the time taken does not reveal which merchant it
 * was, or whether it was the current or the next secret.
 */
export function findCandidate<Merchant>(
  candidates: readonly Candidate<Merchant>[],
  fits: (secret: string, merchant: Merchant) => boolean,
): Candidate<Merchant> | undefined {
  return candidates.filter(({ secret, merchant }) => fits(secret, merchant))[0];
}
