import { type Demo, ENCRYPTION_KEYS, NETZME, startSimulator } from '../../e2e/demo-app';
import { RedisServer } from '../../replicas/redis-server';
import { describeWith } from '../../support/describe-with';
import { BROWSER, REDIS } from '../../support/needed-program';
import { ConsoleBrowser } from './support/console-browser';
import { TEST_IDS } from './support/console-page';
import { eventually } from './support/eventually';

describeWith(BROWSER, 'the replicas', () => {
  let browser: ConsoleBrowser;

  beforeAll(async () => (browser = await ConsoleBrowser.launch()));
  afterAll(() => browser.close());
  afterEach(() => browser.leave());

  it('are one where nothing is shared, and the page says what to set', async () => {
    const qa = await browser.visit(await browser.startDemo());
    await qa.goTo('replicas');
    await eventually(async () => expect(await qa.text(TEST_IDS.sharingOff)).toMatch(/Set REDIS_URL \(and REPLICAS\)/));
    const row = qa.hook(TEST_IDS.replicaRow);
    expect(await row.count()).toBe(1);
    expect(await row.innerText()).toContain(`PID ${process.pid}`);
    expect(await row.innerText()).toContain('this one');
  });

  describeWith(REDIS, 'that share tokens through Redis', () => {
    let redis: RedisServer;

    beforeAll(async () => (redis = await RedisServer.start()));
    afterAll(() => redis.stop());

    async function startTwo(): Promise<readonly [Demo, Demo]> {
      const { urls } = await startSimulator();
      const environment = {
        PAYMENT_ENV: 'test',
        NETZME_CLIENT_ID: NETZME.clientId,
        NETZME_CLIENT_SECRET: NETZME.clientSecret,
        NETZME_BASE_URL: urls.netzme,
        REDIS_URL: redis.url,
        TOKEN_ENCRYPTION_KEYS: ENCRYPTION_KEYS,
        REPLICAS: '2',
      };
      return [await browser.startDemo({ environment }), await browser.startDemo({ environment })];
    }

    it('are both there, with the same token, and the one that asked for it', async () => {
      const [first, second] = await startTwo();
      const qa = await browser.visit(first, { hash: '#/replicas' });
      const rows = qa.hook(TEST_IDS.replicaRow);
      await eventually(async () => expect(await rows.count()).toBe(2));
      expect(await qa.hook(TEST_IDS.sharingOff).count()).toBe(0);
      for (const demo of [second, first]) {
        expect((await demo.get(`/netzme/balance?userId=${NETZME.userId}`)).status).toBe(200);
      }
      const generations = () =>
        rows.evaluateAll((all) =>
          all.map((row) => /generation \d+/.exec((row as unknown as { innerText: string }).innerText)?.[0]),
        );
      await eventually(async () => expect(await generations()).toEqual([expect.any(String), (await generations())[0]]));
      const leases = async () => (await rows.allInnerTexts()).map((text) => text.includes('holds the lease'));
      await eventually(async () => expect(await leases()).toEqual([false, true]));
      await second.app.close();
      await eventually(async () => expect(await rows.count()).toBe(1));
    });
  });
});
