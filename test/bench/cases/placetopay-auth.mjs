import { createHash, randomBytes } from 'node:crypto';
import { createApp, loadLibrary } from '../library.mjs';
import { compare, microsecondsPerCall } from '../measure.mjs';

const login = '6dd490faf9cb87a9862245da41170ff2';
const secretKey = '024h1IlD';

/** `createAuth()` of the injectable, against what one writes after reading the gateway's documentation. */
export async function placetopayAuth({ rounds, scale }) {
  const app = await createApp({ placetopay: { environment: 'sandbox', login, secretKey } });
  const service = app.get(loadLibrary().PlacetopayAuthService);
  check(service.createAuth());
  check(textbook());
  const count = Math.ceil(10_000 * scale);
  const measured = await compare({
    ours: microsecondsPerCall((repetitions) => {
      let length = 0;
      for (let index = 0; index < repetitions; index += 1) length += service.createAuth().tranKey.length;
      return length;
    }, count),
    reference: microsecondsPerCall((repetitions) => {
      let length = 0;
      for (let index = 0; index < repetitions; index += 1) length += textbook().tranKey.length;
      return length;
    }, count),
    rounds,
    warmUps: 3,
  });
  await app.close();
  return [
    {
      name: 'placetopay-auth',
      label: 'Placetopay auth',
      against: 'textbook randomBytes + createHash',
      unit: 'us',
      ...measured,
      judged: 'ratio',
      target: '< 1',
    },
  ];
}

function textbook() {
  const nonce = randomBytes(16);
  const seed = new Date().toISOString();
  const tranKey = createHash('sha256').update(nonce).update(seed).update(secretKey).digest('base64');
  return { login, tranKey, nonce: nonce.toString('base64'), seed };
}

function check({ tranKey, nonce, seed }) {
  const message = Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(seed + secretKey)]);
  if (createHash('sha256').update(message).digest('base64') !== tranKey) throw new Error('The digest is wrong.');
}
