import { inspectBasic } from './basic';
import { type InspectionScheme, required } from './scheme';

const NETZME_VARIABLE = 'NETZME_CLIENT_SECRET';
const CONTRACT_VARIABLE = 'PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD';

/** What Netzme's tokens are asked for with. */
export const NETZME_BASIC: InspectionScheme = {
  id: 'netzme-basic',
  gateway: 'netzme',
  takesExpected: true,
  secretName: NETZME_VARIABLE,
  fields: () => [],
  isConfigured: ({ netzme }) => netzme !== undefined,
  inspect: async (given, { secrets }) => {
    const { options, credential } = required(secrets.netzme, NETZME_VARIABLE);
    return inspectBasic({
      userName: 'clientId',
      user: options.clientId,
      secretName: 'clientSecret',
      credential: await credential(options.clientSecret, NETZME_VARIABLE),
      expected: given.expected,
    });
  },
};

/** What AutoPay shows when it asks what to charge. */
export const AUTOPAY_CONTRACT: InspectionScheme = {
  id: 'placetopay-autopay-contract-webhook',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: CONTRACT_VARIABLE,
  fields: () => [],
  isConfigured: ({ placetopay }) => placetopay?.options.notifications?.autopayContract !== undefined,
  inspect: async (given, { secrets }) => {
    const { options, credential } = required(secrets.placetopay, CONTRACT_VARIABLE);
    const { user, password } = required(options.notifications?.autopayContract, CONTRACT_VARIABLE);
    return inspectBasic({
      userName: 'user',
      user,
      secretName: 'password',
      credential: await credential(password, CONTRACT_VARIABLE),
      expected: given.expected,
    });
  },
};
