/** What the page reads of the simulator's control address; its README describes the routes. */
import { type Gateway } from './contract';

type JournalVerdict = 'accepted' | 'refused' | 'fault';

export interface JournalEntry {
  readonly id: number;
  /** Simulated time, epoch milliseconds. */
  readonly at: number;
  readonly gateway: Gateway;
  readonly operation: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly responseBody: string;
  readonly verdict: JournalVerdict;
  readonly reason?: { readonly code: string; readonly input: string; readonly message: string };
}

export const FAULT_KINDS = [
  'status',
  'delay',
  'cut',
  'malformed-body',
  'ok-with-failure',
  'redirect',
  'empty-body',
  'html',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface ActiveFault {
  readonly id: string;
  readonly gateway: Gateway;
  readonly operation?: string;
  readonly kind: FaultKind;
  readonly status?: number;
  readonly delayMs?: number;
  /** `null` until cleared. */
  readonly remaining: number | null;
}

export const OPERATIONS: Readonly<Record<Gateway, readonly string[]>> = {
  alignet: ['token', 'nonce', 'charge', 'redeem', 'pay', 'asset', 'other'],
  placetopay: [
    'createSession',
    'querySession',
    'cancelSession',
    'createLink',
    'queryLink',
    'disableLink',
    'page',
    'asset',
    'other',
  ],
  netzme: ['token', 'business'],
};

export const SITE_STATES = ['active', 'inactive', 'expired', 'credentials-expired', 'other-environment'] as const;

export interface SimulatorState {
  readonly placetopay: { readonly sites: Readonly<Record<string, string>> };
  readonly netzme: { readonly tokens: Readonly<Record<string, { readonly expiresAt: number }>> };
}
