import { loadLibrary } from '../library.mjs';
import { compare, microsecondsPerAwait, microsecondsPerCall } from '../measure.mjs';

/**
 * Reading a cached access token: `peek()`, which signing calls, and `await getAccessToken()`, which users call. The
 * reference is the one thing neither can do without: reading the clock (and an await).
 */
export async function cachedToken({ rounds, scale, app }) {
  const service = app.get(loadLibrary().NetzmeAccessTokenService);
  const keeper = service.keeper(service.merchant({}));
  const { value } = await service.getAccessToken();
  if (keeper.peek()?.value !== value) throw new Error('The token is not cached.');

  const readClock = () => performance.now();
  const peeks = await compare({
    ours: microsecondsPerCall(
      (repetitions) => {
        let length = 0;
        for (let index = 0; index < repetitions; index += 1) length += keeper.peek().value.length;
        return length;
      },
      Math.ceil(400_000 * scale),
    ),
    reference: microsecondsPerCall(
      (repetitions) => {
        let sum = 0;
        for (let index = 0; index < repetitions; index += 1) sum += readClock();
        return sum;
      },
      Math.ceil(400_000 * scale),
    ),
    rounds,
    warmUps: 3,
  });

  const readClockLater = async () => performance.now();
  const awaits = await compare({
    ours: microsecondsPerAwait(
      async (repetitions) => {
        let length = 0;
        for (let index = 0; index < repetitions; index += 1) length += (await service.getAccessToken()).value.length;
        return length;
      },
      Math.ceil(100_000 * scale),
    ),
    reference: microsecondsPerAwait(
      async (repetitions) => {
        let sum = 0;
        for (let index = 0; index < repetitions; index += 1) sum += await readClockLater();
        return sum;
      },
      Math.ceil(100_000 * scale),
    ),
    rounds,
    warmUps: 3,
  });

  const row = { unit: 'us', judged: 'value', target: '<= 0.5' };
  return [
    { name: 'cached-token-read', label: 'read a cached token', against: 'reading the clock', ...row, ...peeks },
    { name: 'cached-token-await', label: '  await it', against: 'awaiting the clock', ...row, ...awaits },
  ];
}
