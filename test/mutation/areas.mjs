const inLibrary = (...globs) => globs.map((glob) => `libs/payment-auth/src/${glob}`);

/**
 * What is mutated, and the specs it meets. Only specs that judge the area: for every mutant of a constant all of them are
 * loaded and run again.
 */
export const AREAS = {
  signing: {
    mutate: inLibrary(
      'placetopay/{placetopay-auth,insert-auth,placetopay-auth.interceptor,placetopay-auth.service,placetopay-secrets}.ts',
      'netzme/{netzme-signature,string-to-sign,minify-json,netzme-signing.interceptor}.ts',
      'core/{hmac-sha256,wire-request,plain-wire-url,send-final,time-limit,final-headers,adapter-wrapper,unasked-answers}.ts',
      'core/{json-members,visible-ascii,random,secure-transport,attachments}.ts',
    ),
    specs: [
      /^libs\/payment-auth\/src\/(?:placetopay|netzme)\/[^/]+\.spec\.ts$/,
      /^libs\/payment-auth\/src\/core\/(?:hmac-sha256|wire-request|plain-wire-url|request-deadline|random|json-members|secure-transport)\.spec\.ts$/,
      /^test\/(?:vectors|wire)\/.+\.spec\.ts$/,
      /^test\/security\/secure-transport\.spec\.ts$/,
      /^test\/module\/secrets\.spec\.ts$/,
    ],
  },
  inbound: {
    mutate: [
      ...inLibrary('core/inbound/*.ts', '{alignet,netzme}/notifications/*.ts'),
      // Published keys.
      '!**/alignet-public-keys.ts',
    ],
    specs: [
      /^libs\/payment-auth\/src\/(?:netzme\/notifications|core\/inbound)\/.+\.spec\.ts$/,
      /^test\/inbound\/(?:alignet|netzme|rsa|wycheproof|replay).+\.spec\.ts$/,
      /^test\/inbound\/placetopay-vectors\.spec\.ts$/,
    ],
  },
  placetopay: {
    mutate: inLibrary('placetopay/notifications/*.ts'),
    specs: [
      /^libs\/payment-auth\/src\/placetopay\/notifications\/.+\.spec\.ts$/,
      /^test\/inbound\/placetopay.+\.spec\.ts$/,
    ],
  },
  routes: {
    mutate: inLibrary('notifications/*.ts'),
    specs: [
      /^libs\/payment-auth\/src\/notifications\/.+\.spec\.ts$/,
      /^test\/inbound\/(?:nest-.+|raw-bodies)\.spec\.ts$/,
    ],
  },
  tokens: {
    mutate: inLibrary(
      'core/{access-token,access-token-keeper,access-token-registry,access-token-store,stored-access-token}.ts',
      'core/{token-source,local-token-source,contested-tokens,secret,secret-sources,reload-secrets,problem-secrets,payment-auth-secrets,scrub,conceal}.ts',
      'core/sharing/*.ts',
      'alignet/{alignet-nonce.service,alignet-messages}.ts',
      'netzme/{netzme-access-token.service,netzme-messages}.ts',
    ),
    specs: [
      /^libs\/payment-auth\/src\/core\/.+\.spec\.ts$/,
      /^libs\/payment-auth\/src\/(?:alignet|netzme)\/[^/]+\.spec\.ts$/,
      /^test\/module\/.+\.spec\.ts$/,
      /^test\/wire\/(?:netzme-signing|placetopay-auth)\.spec\.ts$/,
    ],
  },
};
