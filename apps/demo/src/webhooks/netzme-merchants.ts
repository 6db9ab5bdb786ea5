/** Our merchants at Netzme, for injection; `undefined`: any. */
export const NETZME_MERCHANTS = Symbol('NETZME_MERCHANTS');
