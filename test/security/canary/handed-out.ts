interface HandedOut {
  /** The route, or the call of the library, whose answer it is. */
  readonly by: string;
  readonly member: string;
  readonly why: string;
}

const FLEX = "the buyer's browser starts Alignet's form with it, once, within seconds";
const ASKED_FOR = 'the caller asked for it by name, to send it to the gateway himself';

/**
 * Everything secret that is handed out on purpose: one member, in one answer, to whoever asked for it. It is taken out there
 * before the search and is a leak anywhere else.
 */
export const HANDED_OUT: readonly HandedOut[] = [
  { by: 'POST /alignet/nonce', member: 'nonce', why: FLEX },
  { by: 'POST /alignet/checkout-session', member: 'nonce', why: FLEX },
  { by: 'AlignetNonceService.createNonce', member: 'nonce', why: FLEX },
  { by: 'AlignetNonceService.createCheckoutSession', member: 'nonce', why: FLEX },
  { by: 'AlignetNonceService.getAccessToken', member: 'value', why: ASKED_FOR },
  { by: 'NetzmeAccessTokenService.getAccessToken', member: 'value', why: ASKED_FOR },
  { by: 'PlacetopayAuthService.createAuth', member: 'tranKey', why: ASKED_FOR },
  { by: 'PlacetopayAuthService.createAuth', member: 'nonce', why: ASKED_FOR },
  {
    by: 'NotificationVerifier.verify',
    member: 'payload',
    why: 'the webhook as its sender wrote it, signature and all',
  },
];

const membersOf = (by: string): string[] =>
  HANDED_OUT.filter((handedOut) => handedOut.by === by).map(({ member }) => member);

export function withoutHandedOut(by: string, value: unknown): unknown {
  const members = membersOf(by);
  if (members.length === 0 || typeof value !== 'object' || value === null || value instanceof Error) return value;
  return { ...value, ...Object.fromEntries(members.map((member) => [member, ''])) };
}

/** The same for an answer as it came over a socket. */
export function textWithoutHandedOut(by: string, text: string): string {
  return membersOf(by).reduce(
    (left, member) => left.replace(new RegExp(`"${member}":"[^"]+"`), `"${member}":""`),
    text,
  );
}
