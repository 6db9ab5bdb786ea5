import { Agent } from 'node:http';
import { loadAxios, loadLibrary } from '../library.mjs';
import { callsPerSecond, compare } from '../measure.mjs';

/**
 * Signed requests through `NetzmeHttpService` against the same requests through bare axios, on loopback, where nothing
 * else takes time: over a real network the difference disappears in the round trip.
 */
export async function netzmeHttp({ rounds, scale, app, baseUrl }) {
  const agents = [new Agent({ keepAlive: true, maxSockets: 64 }), new Agent({ keepAlive: true, maxSockets: 64 })];
  const bare = loadAxios().create({ baseURL: baseUrl, maxRedirects: 0, httpAgent: agents[0] });
  const signing = app.get(loadLibrary().NetzmeHttpService).axiosRef;
  signing.defaults.httpAgent = agents[1];
  await check(signing, true);
  await check(bare, false);

  const measure = async (name, label, inFlight, perRound, turns) => {
    const count = Math.ceil(perRound * scale);
    const measured = await compare({
      ours: callsPerSecond((calls) => drive(signing, inFlight, calls), count),
      reference: callsPerSecond((calls) => drive(bare, inFlight, calls), count),
      rounds: turns,
      warmUps: 4,
    });
    return { name, label, against: 'bare axios', unit: 'requests/s', ...measured, judged: 'ratio', target: '>= 0.95' };
  };
  const rows = [
    await measure('netzme-http-1', 'signed axios request, 1 in flight', 1, 300, rounds),
    await measure('netzme-http-32', 'signed axios request, 32 in flight', 32, 800, rounds),
  ];
  agents.forEach((agent) => agent.destroy());
  return rows;
}

const INQUIRY = { userId: 'M_pXAFWzCg', amount: 'IDR 125000.00', bankCode: '014', accountNumber: '5270012345' };

const getBalance = (axios) =>
  axios.get('/api/aggregator/merchant/qr/balance/detail', { params: { userId: 'M_pXAFWzCg' } });
const inquire = (axios) => axios.post('/api/aggregator/merchant/withdraw/inquiry', INQUIRY);

async function drive(axios, inFlight, calls) {
  let started = 0;
  const caller = async () => {
    while (started < calls) {
      started += 1;
      const { data } = await (started % 2 === 0 ? getBalance(axios) : inquire(axios));
      if (data.statusMessage !== 'SUCCESS') throw new Error('An answer got lost.');
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

async function check(axios, isSigned) {
  for (const call of [getBalance, inquire]) {
    const { data } = await call(axios);
    if (data.signed !== isSigned) throw new Error(`A request was ${isSigned ? 'not ' : ''}signed.`);
  }
}
