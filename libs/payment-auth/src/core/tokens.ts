/**
 * Injection tokens. `Symbol.for` and not `Symbol`: two copies of the package in one application (a hoisted and a nested
 * one) must still mean the same thing.
 */
export const PAYMENT_AUTH_CLOCK = Symbol.for('nestjs-payment-auth:clock');
export const PAYMENT_AUTH_RANDOM = Symbol.for('nestjs-payment-auth:random');
export const PAYMENT_AUTH_RESOLVED_OPTIONS = Symbol.for('nestjs-payment-auth:resolved-options');
export const PAYMENT_AUTH_REPLAY_STORE = Symbol.for('nestjs-payment-auth:replay-store');
export const ALIGNET_MERCHANTS = Symbol.for('nestjs-payment-auth:alignet-merchants');
export const PLACETOPAY_MERCHANTS = Symbol.for('nestjs-payment-auth:placetopay-merchants');
export const NETZME_MERCHANTS = Symbol.for('nestjs-payment-auth:netzme-merchants');
