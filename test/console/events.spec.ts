import { type CallRecord } from '../../apps/demo/src/console/contract';
import { Demo, NETZME, stopAll } from '../e2e/demo-app';
import { settled } from '../support/wait';
import { ConsoleClient, cookieOf } from './console-client';
import { EventClient } from './event-client';

afterEach(stopAll);

describe('GET /events', () => {
  it('begins with the overview, and is kept by nobody on the way', async () => {
    const demo = await Demo.start();
    const events = await EventClient.open(demo);
    expect((await events.next('overview')).environment).toBe('sandbox');
    expect(events.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    events.close();
  });

  it('tells of a call at once, and within a second of its token and of what the simulator saw', async () => {
    const demo = await Demo.start();
    const events = await EventClient.open(demo);
    await events.next('overview');
    const call = await new ConsoleClient(demo).post<CallRecord>('/calls/netzme-balance', {
      input: { userId: NETZME.userId },
    });
    expect(await events.next('call')).toMatchObject({ id: call.body.id, call: 'netzme-balance' });
    const overview = await events.next('overview', ({ gateways }) =>
      gateways.some(({ token }) => token?.state === 'valid'),
    );
    expect(overview.gateways).toMatchObject([{}, {}, { gateway: 'netzme', token: { renewals: 1 } }]);
    expect((await events.next('journal')).entries).toMatchObject([{ operation: 'token' }, { operation: 'business' }]);
    events.close();
  });

  it('tells of webhooks, the oldest first, and of another copy', async () => {
    const demo = await Demo.start();
    const events = await EventClient.open(demo);
    await events.next('overview');
    const url = `${demo.url}/webhooks/placetopay/checkout`;
    const right = { gateway: 'placetopay', scheme: 'checkout', url } as const;
    await demo.simulator.webhooks.send({ ...right, break: 'changed-byte' });
    await demo.simulator.webhooks.send({ ...right, data: { reference: 'A-1' } });
    await events.next('webhooks', ({ verdicts }) => verdicts.some(({ verdict }) => verdict === 'accepted'));
    const told = events.all('webhooks').flatMap(({ verdicts }) => verdicts);
    expect(told).toMatchObject([
      { verdict: 'refused', gateway: 'placetopay', scheme: 'checkout', reason: 'mismatch' },
      { verdict: 'accepted', gateway: 'placetopay', scheme: 'checkout', received: 1 },
    ]);
    await demo.simulator.webhooks.resend(2);
    await events.next('webhooks', ({ verdicts }) => verdicts.some(({ received }) => received === 2));
    events.close();
  });

  it('tells of each webhook once, however often it looks', async () => {
    const demo = await Demo.start();
    const events = await EventClient.open(demo);
    await events.next('overview');
    const url = `${demo.url}/webhooks/placetopay/checkout`;
    await demo.simulator.webhooks.send({ gateway: 'placetopay', scheme: 'checkout', url });
    await events.next('webhooks');
    // Verdicts come before the overview at every look.
    for (const aheadMs of [3_600_000, 7_200_000]) {
      demo.simulator.clock.advance(3_600_000);
      await events.next('overview', ({ simulatorClockOffsetMs = 0 }) => simulatorClockOffsetMs > aheadMs - 60_000);
    }
    expect(events.all('webhooks')).toMatchObject([{ verdicts: [{ verdict: 'accepted', received: 1 }] }]);
    events.close();
  });

  it('tells of a clock that was moved, and nothing while nothing changes', async () => {
    const demo = await Demo.start();
    const events = await EventClient.open(demo);
    await events.next('overview');
    demo.simulator.clock.advance(3_600_000);
    await events.next(
      'overview',
      ({ simulatorClockOffsetMs = 0 }) => Math.round(simulatorClockOffsetMs / 60_000) === 60,
    );
    expect(events.all('overview')).toHaveLength(2);
    expect([...events.all('journal'), ...events.all('webhooks'), ...events.all('call')]).toEqual([]);
    events.close();
  });

  it('ends with the session it was opened in, and with no other', async () => {
    const token = 'a-token-of-the-console-secret-4711';
    const demo = await Demo.start({ environment: { CONSOLE_ACCESS_TOKEN: token } });
    const signIn = async () => ({ Cookie: cookieOf(await new ConsoleClient(demo).post('/session', { token })) });
    const [own, other] = [await signIn(), await signIn()];
    const [events, others] = [await EventClient.open(demo, own), await EventClient.open(demo, other)];
    // All there is to tell at first: what is written later ends the stream too, and beats are far apart.
    await Promise.all([events, others].flatMap((each) => [each.next('overview'), each.next('replicas')]));
    await new ConsoleClient(demo, own).delete('/session');
    await settled('the stream ends at the next look', events.ended());
    expect(others.isOver).toBe(false);
    expect([...others.all('overview'), ...others.all('replicas')]).toHaveLength(2);
    others.close();
  });

  it('goes to fifty at once, and to another when one of them leaves', async () => {
    const demo = await Demo.start();
    const streams: EventClient[] = [];
    for (let nth = 0; nth < 50; nth += 1) streams.push(await EventClient.open(demo));
    expect(new Set(streams.map(({ response }) => response.statusCode))).toEqual(new Set([200]));
    const refused = await new ConsoleClient(demo).get('/events');
    expect([refused.status, refused.body]).toMatchObject([429, { code: 'too-many-streams' }]);
    streams[0]?.close();
    let another = await EventClient.open(demo);
    while (another.response.statusCode === 429) another = await EventClient.open(demo);
    await another.next('overview');
    for (const stream of [...streams, another]) stream.close();
  });

  it('goes to everybody who listens, and ends with the demo, which does not wait for it', async () => {
    const demo = await Demo.start();
    const [one, other] = [await EventClient.open(demo), await EventClient.open(demo)];
    await Promise.all([one.next('overview'), other.next('overview')]);
    await new ConsoleClient(demo).post('/calls/alignet-nonce', { input: {} });
    await Promise.all([one.next('call'), other.next('call')]);
    one.close();
    await demo.app.close();
    await other.ended();
    expect(other.isOver).toBe(true);
  });
});
