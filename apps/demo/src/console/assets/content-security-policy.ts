import helmet from 'helmet';
import { type RequestHandler } from 'express';
import { type AlignetMerchant } from '../overview/resolved-merchants';

const NONE = ["'none'"];
const SELF = "'self'";
/** Served over plain http on loopback, where there is no https to upgrade to. */
const KEEP_HTTP = { upgradeInsecureRequests: null } as const;

/**
 * What pages of the demo may load. Nothing inline anywhere, but for the API's page: Swagger UI brings styles of its own.
 *
 * @param alignet whose Flex the checkout view starts: its script and style, and where it sends the payment
 */
export function contentSecurityPolicy(
  alignet: Pick<AlignetMerchant, 'assetsBaseUrl' | 'apiBaseUrl'> | undefined,
): RequestHandler {
  const assets = alignet === undefined ? [] : [new URL(alignet.assetsBaseUrl).origin];
  const api = alignet === undefined ? [] : [new URL(alignet.apiBaseUrl).origin];
  const ofPages = helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: NONE,
      scriptSrc: [SELF, ...assets],
      scriptSrcAttr: NONE,
      styleSrc: [SELF, ...assets],
      connectSrc: [...new Set([SELF, ...assets, ...api])],
      imgSrc: [SELF, 'data:', ...assets],
      fontSrc: [SELF, ...assets],
      frameSrc: assets.length === 0 ? NONE : assets,
      formAction: [SELF],
      baseUri: NONE,
      objectSrc: NONE,
      frameAncestors: NONE,
    },
  });
  const ofDocs = helmet.contentSecurityPolicy({ directives: KEEP_HTTP });
  return (request, response, next) => (/^\/docs(\/|$)/i.test(request.path) ? ofDocs : ofPages)(request, response, next);
}
