/** Wire constants of Placetopay's notifications, and limits of ours. Source: docs.placetopay.dev (read 2026-11). */

/** Onboarding ("±300 segundos es una referencia habitual") and the age of an `auth`. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/** More would only help who replays. */
export const MAX_TOLERANCE_SECONDS = 900;

/**
 * For how long copies of something with a checked time can come: from the tolerance before its time to the tolerance behind it.
 * Of the longest tolerance, because a scheme serves merchants with different ones.
 */
export const FRESH_REPLAY_WINDOW_MS = 2 * MAX_TOLERANCE_SECONDS * 1_000;

/** Without a time, a copy is good for ever. The longest series of attempts documented takes 2 h 40 min (Onboarding). */
export const REPLAY_WINDOW_MS = 24 * 3_600_000;

/** AutoPay, "Contract Authentication". */
export const MAX_BASIC_CHARS = 60;

/** Onboarding's name of a signing secret (`k1`). The page gives no grammar. */
export const KID = /^[\w.-]{1,64}$/;

export const ONBOARDING_SIGNATURE_HEADER = 'x-signature';
export const GATEWAY_SIGNATURE_HEADER = 'x-signature';
export const SCUDO_SEED_HEADER = 'seed';
export const SCUDO_SIGNATURE_HEADER = 'signature';
