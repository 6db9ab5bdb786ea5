import { type AlignetSettings } from '../settings';

const PRODUCTION = ['https://api.alignet.io'];
/** The current name, the older name both official clients use, and the one of the orchestrator's docs. */
const PREPROD = [
  'https://api.preprod.alignet.io',
  'https://api.dev.alignet.io',
  'https://paymentapi.preprod.alignet.io',
];

export interface AudienceScope {
  /** URLs at which this simulator itself can be reached. */
  readonly ownUrls: readonly string[];
  readonly environment: AlignetSettings['environment'];
}

/** Any audience Alignet documents, whatever the environment. */
export function isKnownAudience(audience: string, scope: AudienceScope): boolean {
  return contains([...PRODUCTION, ...PREPROD, ...scope.ownUrls], audience);
}

/** An audience of this simulator's environment: what `/token` and `/nonce` take. */
export function isOwnAudience(audience: string, scope: AudienceScope): boolean {
  switch (scope.environment) {
    case 'any':
      return isKnownAudience(audience, scope);
    case 'production':
      return contains([...PRODUCTION, ...scope.ownUrls], audience);
    case 'preprod':
      return contains([...PREPROD, ...scope.ownUrls], audience);
  }
}

/** The docs write audiences with a trailing slash, the official clients without: both must do. */
function contains(known: readonly string[], audience: string): boolean {
  const bare = withoutSlash(audience);
  return known.some((url) => withoutSlash(url) === bare);
}

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
