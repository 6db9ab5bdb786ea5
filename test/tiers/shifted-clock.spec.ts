import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

const DAY_MS = 24 * 60 * 60_000;
const isShifted = process.env['TEST_TIER'] === 'shifted';

/** When this process started, by a clock that nobody shifts. */
const daysAhead = (ms: number): number => Math.round((ms - performance.timeOrigin) / DAY_MS);

it('every clock of a test is that of its tier', async () => {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  const header = Date.parse(response.headers.get('date') ?? '');
  expect([Date.now(), new Date().getTime(), header].map(daysAhead)).toEqual(Array(3).fill(isShifted ? 400 : 0));
});

it('zone and locale are those of the shifted tier', () => {
  if (!isShifted) return;
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  expect([timeZone, locale]).toEqual(['Asia/Jakarta', 'es-PE']);
});
