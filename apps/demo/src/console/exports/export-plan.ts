import { type Gateway } from '../contract';
import { type Template } from './template';

/** Something a script computes anew for every request. */
export type Computed =
  | { readonly name: string; readonly kind: 'uuid' }
  /** So much later than now: ISO 8601, or Placetopay's `2026-11-22 10:15:30`. */
  | { readonly name: string; readonly kind: 'iso' | 'plain-time'; readonly seconds: number };

export interface TokenRequest {
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body: Template;
  /** Where client id and secret are: in the body, or in `Authorization: Basic`. */
  readonly authentication: 'body' | 'basic';
}

/** For whoever runs the script where the clock is right. */
export const SKEW_NOTE = 'By the clock as PLACETOPAY_CLOCK_SKEW_SECONDS put it right where this was exported.';

/** Everything needed to write one call down in some other tool's format; credentials by the names of variables only. */
export interface ExportPlan {
  /** Id of the call. */
  readonly call: string;
  readonly gateway: Gateway;
  readonly method: string;
  readonly baseUrl: string;
  /** From behind {@link baseUrl}, with query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: Template])[];
  /** Empty for none. */
  readonly body: Template;
  readonly computed: readonly Computed[];
  /** Names of the variables that hold the credentials: who, and the secret. */
  readonly credentials: readonly [id: string, secret: string];
  readonly token?: TokenRequest;
  /** Placetopay. */
  readonly digestAlgorithm?: 'sha256' | 'sha1';
  /** Placetopay: added to the clock for the seed, as the library does. */
  readonly clockSkewSeconds?: number;
}
