/**
 * npm run bench [-- --json] [-- --quick]
 *
 * What the library costs, side by side with the least one could do without it, in one run and on this machine. It fails
 * for nothing but an error: numbers of a shared machine are read by people.
 */
import { parseArgs } from 'node:util';
import { buildLibrary } from '../package/build-library.mjs';
import { cachedToken } from './cases/cached-token.mjs';
import { forgedNotification } from './cases/forged-notification.mjs';
import { netzmeHttp } from './cases/netzme-http.mjs';
import { netzmeSign } from './cases/netzme-sign.mjs';
import { placetopayAuth } from './cases/placetopay-auth.mjs';
import { startNetzmeApp } from './netzme-app.mjs';
import { companyNote, machine, toJson, toTable } from './report.mjs';

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});

const note = companyNote();
buildLibrary();
const progress = (what) => {
  if (process.stderr.isTTY) process.stderr.write(`${what} ...\n`);
};

// Turns of some 50 ms, long enough to hold their share of garbage collection.
const micro = flags.quick ? { rounds: 9, scale: 1 } : { rounds: 31, scale: 1 };
const http = flags.quick ? { rounds: 15, scale: 0.5 } : { rounds: 61, scale: 1 };

const rows = [];
progress('signing');
rows.push(...(await netzmeSign(micro)));
progress('Placetopay auth');
rows.push(...(await placetopayAuth(micro)));
progress('forged notification');
rows.push(...(await forgedNotification(micro)));
const netzme = await startNetzmeApp();
try {
  progress('signed requests');
  rows.push(...(await netzmeHttp({ ...http, ...netzme })));
  progress('cached token');
  rows.push(...(await cachedToken({ ...micro, ...netzme })));
} finally {
  await netzme.close();
}

if (flags.json) {
  console.log(JSON.stringify(toJson(rows), undefined, 2));
} else {
  console.log(`${machine()}${flags.quick ? ' (quick: rough numbers)' : ''}\n`);
  console.log(toTable(rows));
  console.log(
    `\nMedians of ${micro.rounds} pairs of turns (${http.rounds} for requests), ours and the reference taking turns; the ratio is the median` +
      '\nof the pairs. Requests go to a process of its own on loopback, GET and POST in equal parts, keep-alive on both sides.' +
      note,
  );
}
