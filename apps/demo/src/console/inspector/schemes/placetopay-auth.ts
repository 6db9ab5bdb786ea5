import { withMistaken } from '../configured-secrets';
import { type GivenInputs } from '../inspection-inputs';
import { field, type InspectionScheme, required } from './scheme';
import { freshNonce, freshSeed, inspectDigest, readNonce } from './wss-digest';

const VARIABLE = 'PLACETOPAY_SECRET_KEY';

/** The `auth` object of every request to Placetopay. */
export const PLACETOPAY_AUTH: InspectionScheme = {
  id: 'placetopay-auth',
  gateway: 'placetopay',
  takesExpected: true,
  secretName: VARIABLE,
  fields: (now) => [
    field('auth.nonce', freshNonce(), { required: true }),
    field('nonceEncoding', 'base64', { choices: ['base64', 'hex', 'text'] }),
    field('auth.seed', freshSeed(now), { required: true }),
    field('algorithm', 'sha256', { choices: ['sha256', 'sha1'] }),
  ],
  isConfigured: ({ placetopay }) => placetopay !== undefined,
  inspect: async (given: GivenInputs, { secrets }) => {
    const { options, credential } = required(secrets.placetopay, VARIABLE);
    const configured = options.digestAlgorithm === 'sha1' ? 'sha1' : 'sha256';
    return inspectDigest({
      rawNonce: readNonce(given.text('auth.nonce'), given.choice('nonceEncoding', 'base64')),
      seed: given.text('auth.seed'),
      algorithm: given.choice('algorithm', configured),
      credential: withMistaken(await credential(options.secretKey, VARIABLE), 'the login', options.login),
      login: options.login,
      expected: given.expected,
    });
  },
};
