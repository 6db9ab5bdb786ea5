import { Test } from '@nestjs/testing';
import {
  type BuiltWebhook,
  GatewaySimulator,
  JSON_SPELLINGS,
  type JsonSpelling,
  SANDBOX_ACCOUNTS,
  type WebhookOrder,
} from '@payment-auth/gateway-simulator';
import {
  alignetNotificationMerchant,
  confirmNetzmeCallback,
  type InboundRequest,
  isAlignetPaid,
  isNetzmeSuccess,
  NetzmeHttpService,
  netzmeNotificationMerchant,
  parseUnsignedNetzmeCallback,
  PaymentAuthModule,
  verifyAlignetNotification,
  verifyAlignetRedirect,
  verifyNetzmeCallbackToken,
  verifyNetzmeSnapCallback,
} from 'nestjs-payment-auth';
import { refusalOf } from './refusal';

/** The library against the simulator, whose signing code shares nothing with it. */
describe('webhooks of the simulator', () => {
  const [alignet] = SANDBOX_ACCOUNTS.alignet;
  const [netzme] = SANDBOX_ACCOUNTS.netzme;
  let simulator: GatewaySimulator;
  let verifiers: Readonly<Record<string, (request: InboundRequest) => { readonly merchant: string }>>;

  beforeAll(async () => {
    simulator = await GatewaySimulator.start();
    const keys = await simulator.publicKeys();
    const shops = [
      alignetNotificationMerchant({
        merchantCode: alignet.merchantCode,
        notifications: { publicKeys: [keys.alignet] },
      }),
    ];
    const clients = [
      netzmeNotificationMerchant({
        notifications: {
          publicKeys: [keys.netzme],
          callbackToken: netzme.callbackToken ?? '',
          merchantIds: [netzme.userId],
        },
      }),
    ];
    verifiers = {
      'alignet notification': (request) => verifyAlignetNotification(request, shops),
      'alignet redirect': (request) => verifyAlignetRedirect(request, shops),
      'netzme snap-v1': (request) => verifyNetzmeCallbackToken(request, clients),
      'netzme snap-v2': (request) => verifyNetzmeSnapCallback(request, clients, Date.now()),
    };
  });
  afterAll(() => simulator.stop());

  const received = ({ method, url, headers, body }: BuiltWebhook): InboundRequest => {
    const { pathname, search } = new URL(url);
    const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return { method, target: pathname + search, headers: Object.fromEntries(lowerCased), rawBody: Buffer.from(body) };
  };
  const orderOf = (gateway: 'alignet' | 'netzme', scheme: string, more: Partial<WebhookOrder> = {}): WebhookOrder => ({
    gateway,
    scheme,
    url: 'http://127.0.0.1:3000/webhooks/it?channel=1',
    ...more,
  });
  const verify = async (order: WebhookOrder): Promise<unknown> =>
    verifiers[`${order.gateway} ${order.scheme}`]?.(received(await simulator.webhooks.build(order)));

  const SPELLINGS = Object.keys(JSON_SPELLINGS) as JsonSpelling[];
  const SCHEMES = [
    ['alignet', 'notification', undefined],
    ['alignet', 'redirect', 'base64-text'],
    ['alignet', 'redirect', 'decoded-json'],
    ['netzme', 'snap-v1', 'invoice'],
    ['netzme', 'snap-v1', 'qris'],
    ['netzme', 'snap-v2', undefined],
  ] as const;

  it.each(
    SCHEMES.flatMap(([gateway, scheme, variant]) =>
      SPELLINGS.map((spelling) => ({ gateway, scheme, variant, spelling })),
    ),
  )('$gateway $scheme $variant, $spelling, is accepted', async ({ gateway, scheme, variant, spelling }) => {
    const event = await verify(orderOf(gateway, scheme, { json: spelling, ...(variant !== undefined && { variant }) }));
    expect(event).toMatchObject({ gateway, scheme, merchant: 'default' });
  });

  it.each(SCHEMES)('%s %s %s is refused however it is broken', async (gateway, scheme, variant) => {
    const known = simulator.webhooks.schemes().find((one) => one.gateway === gateway && one.scheme === scheme);
    const breaks = Object.keys(known?.breaks ?? {}) as NonNullable<WebhookOrder['break']>[];
    expect(breaks.length).toBeGreaterThanOrEqual(4);
    for (const broken of breaks) {
      const built = await simulator.webhooks.build(
        orderOf(gateway, scheme, { break: broken, ...(variant !== undefined && { variant }) }),
      );
      const reason = refusalOf(() => verifiers[`${gateway} ${scheme}`]?.(received(built)));
      expect([broken, reason]).toEqual([
        broken,
        expect.stringMatching(/^(?:mismatch|malformed-.*|missing-signature|unknown-merchant|stale|future)$/),
      ]);
    }
  });

  it('say what was paid', async () => {
    const denied = orderOf('alignet', 'notification', { data: { transaction: { state: 'DENEGADO' } } });
    const events = await Promise.all([orderOf('alignet', 'notification'), denied].map(verify));
    expect(events.map((event) => isAlignetPaid(event as ReturnType<typeof verifyAlignetNotification>))).toEqual([
      true,
      false,
    ]);
    const snap = (await verify(orderOf('netzme', 'snap-v2'))) as ReturnType<typeof verifyNetzmeSnapCallback>;
    expect(isNetzmeSuccess(snap)).toBe(true);
    expect(snap.signed).toMatchObject({
      path: '/webhooks/it?channel=1',
      bodyForm: 'minified',
      custIdMerchant: netzme.userId,
    });
  });

  describe('that nothing protects', () => {
    const query = {
      url: '/api/aggregator/merchant/qr/transaction/list',
      params: { userId: netzme.userId, startdate: '2026-01-01', enddate: '2026-12-31', page: 1 },
    };

    it.each(['invoice', 'qris'])('%s: Netzme is asked, by a signed call', async (variant) => {
      const callback = parseUnsignedNetzmeCallback(
        received(await simulator.webhooks.build(orderOf('netzme', 'merchant-callback', { variant }))),
      );
      expect(callback).toMatchObject({ trust: 'none', kind: variant, claims: { merchant: netzme.userId } });
      const module = await Test.createTestingModule({
        imports: [
          PaymentAuthModule.forRoot({
            netzme: {
              environment: 'sandbox',
              baseUrl: simulator.urls.netzme,
              clientId: netzme.clientId,
              clientSecret: netzme.clientSecret,
            },
          }),
        ],
      }).compile();
      try {
        const http = module.get(NetzmeHttpService);
        const agreeing = confirmNetzmeCallback(callback, {
          http,
          query,
          agrees: (body) => (body as { userId: string }).userId === netzme.userId,
        });
        await expect(agreeing).resolves.toMatchObject({ userId: netzme.userId });
        // The simulator knows of no such payment, and a stranger's claim is not true for being sent.
        const paid = confirmNetzmeCallback(callback, {
          http,
          query,
          agrees: (body) => (body as { total: number }).total > 0,
        });
        await expect(paid).rejects.toMatchObject({ reason: 'not-confirmed' });
        const refused = confirmNetzmeCallback(callback, {
          http,
          query: { ...query, params: { userId: 'M_OTHER' } },
          agrees: () => true,
        });
        await expect(refused).rejects.toMatchObject({ reason: 'not-confirmed' });
      } finally {
        await module.close();
      }
    });
  });
});
