import { Demo, HOUR, NETZME, rememberExchange, startSimulator, stopAll, findSecrets, SITE } from '../e2e/demo-app';
import { ConsoleClient } from './console-client';

let demo: Demo;

beforeAll(async () => {
  demo = await Demo.start({ isShared: true });
});
afterAll(() => demo.app.close());
afterEach(async () => {
  demo.simulator.reset();
  await stopAll();
});

describe('/simulator', () => {
  it('is the simulator’s control address: what it takes, and what it answers', async () => {
    const console = new ConsoleClient(demo);
    expect((await console.get('/simulator')).body).toMatchObject({ routes: expect.any(Array) as unknown });
    const direct: unknown = await (await fetch(`${demo.simulator.urls.control}/settings`)).json();
    expect((await console.get('/simulator/settings')).body).toEqual(direct);

    const before = demo.simulator.clock.now();
    expect((await console.post('/simulator/clock', { advanceMs: HOUR })).status).toBe(200);
    expect(demo.simulator.clock.now()).toBeGreaterThanOrEqual(before + HOUR);
    const fault = { gateway: 'netzme', kind: 'status', status: 503, operation: 'business' };
    const { body } = await console.post<{ id: string }>('/simulator/faults', fault);
    expect(demo.simulator.faults.list()).toMatchObject([{ ...fault, id: body.id }]);
    await console.delete(`/simulator/faults/${body.id}`);
    expect(demo.simulator.faults.list()).toEqual([]);
    await console.patch('/simulator/settings', { netzme: { minifyBeforeCheck: false } });
    expect(demo.simulator.settings().netzme.minifyBeforeCheck).toBe(false);
    await console.post(`/simulator/placetopay/sites/${SITE.login}`, { state: 'inactive' });
    expect(demo.simulator.placetopay.describe().sites[SITE.login]).toBe('inactive');
    await console.post('/simulator/reset', {});
    expect(demo.simulator.settings().netzme.minifyBeforeCheck).toBe(true);
  });

  it('shows the journal, filtered, with no secret in it', async () => {
    await demo.get(`/netzme/balance?userId=${NETZME.userId}`);
    await demo.post('/alignet/nonce');
    const { status, headers, text, body } = await new ConsoleClient(demo).get<{ entries: object[] }>(
      '/simulator/journal?gateway=netzme&limit=1',
    );
    rememberExchange('GET /console/api/simulator/journal', text, []);
    expect([status, headers['cache-control'], headers['content-type']]).toEqual([
      200,
      'no-store',
      'application/json; charset=utf-8',
    ]);
    expect(body.entries).toMatchObject([{ gateway: 'netzme', operation: 'business' }]);
    expect(findSecrets().answers).toEqual([]);
  });

  it.each([
    ['a field that does not fit', '/clock', { advanceMs: 'x' }, 400, { error: { field: 'advanceMs' } }],
    ['what is no route', '/nothing', {}, 404, { error: { field: 'path' } }],
    ['a path that leads elsewhere', '/../../health', {}, 404, { error: { field: 'path' } }],
  ])('answers as it does: %s', async (_, path, body, status, answer) => {
    expect(await new ConsoleClient(demo).post(`/simulator${path}`, body)).toMatchObject({ status, body: answer });
  });

  it('is not there outside the sandbox, and says so', async () => {
    const { urls } = await startSimulator();
    const outside = await Demo.start({
      environment: {
        PAYMENT_ENV: 'test',
        NETZME_CLIENT_ID: NETZME.clientId,
        NETZME_CLIENT_SECRET: NETZME.clientSecret,
        NETZME_BASE_URL: urls.netzme,
      },
    });
    const { status, body } = await new ConsoleClient(outside).get('/simulator/state');
    expect([status, body]).toMatchObject([404, { statusCode: 404, code: 'no-simulator' }]);
  });

  it('answers 503 when the simulator is gone', async () => {
    const alone = await Demo.start();
    await alone.simulator.stop();
    const { status, body } = await new ConsoleClient(alone).get('/simulator/state');
    expect([status, body]).toMatchObject([503, { code: 'simulator-away' }]);
  });
});
