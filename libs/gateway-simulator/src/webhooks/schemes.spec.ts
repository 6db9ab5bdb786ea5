import { createPublicKey, verify } from 'node:crypto';
import netzmeVectors from '../../../../test/vectors/netzme-vectors.json';
import placetopayVectors from '../../../../test/vectors/placetopay-vectors.json';
import { NETZME, OTHER_NETZME, OTHER_SITE, PEN, SITE, START, startSimulator, USD } from '../../test/clients';
import { VERIFIERS } from '../../test/webhook-verifiers';
import {
  type BuiltWebhook,
  type GatewaySimulator,
  JSON_SPELLINGS,
  type JsonSpelling,
  type PlacetopayAccount,
  SimulatorInputError,
  WEBHOOK_BREAKS,
  type WebhookBreak,
  type WebhookOrder,
} from '../index';
import { DEFAULT_SETTINGS } from '../settings';
import { GatewaySchemes } from './gateway-schemes';
import { placetopaySchemes } from './placetopay-webhooks';
import { hmac, onboardingText, scudoText, snapCallbackText } from './signature';
import { SigningKeys } from './signing-keys';

const HOOK = 'http://127.0.0.1:3000/webhooks/here';
const nothing = () => undefined;

describe('webhook signatures, against vectors made elsewhere', () => {
  /** The signed body of a Placetopay webhook for a site that has just these secrets. */
  async function placetopayBody(account: Partial<PlacetopayAccount>, order: Partial<WebhookOrder>) {
    const settings = () => DEFAULT_SETTINGS.placetopay;
    const schemes = placetopaySchemes({ settings, session: nothing, link: nothing });
    const accounts = [{ login: 'site', secretKey: 'unused', ...account }];
    const book = new GatewaySchemes(accounts, ({ login }) => login, schemes);
    const full = { gateway: 'placetopay', scheme: '', url: HOOK, ...order } as const;
    const { body } = await book.compose(full, START, new SigningKeys());
    return JSON.parse(body) as { readonly signature: string };
  }

  it.each(placetopayVectors.notifications)(
    'checkout, $algorithm, request $requestId: $source',
    async ({ requestId, status, date, secretKey, algorithm: variant, signature }) => {
      const data = { requestId, status: { status, date } };

      expect(await placetopayBody({ secretKey }, { scheme: 'checkout', variant, data })).toMatchObject({ signature });
    },
  );

  const SCHEME_OF: Readonly<Record<string, string>> = {
    'payment-links': 'payment-link',
    autopay: 'autopay',
    'account-validator': 'account-validator',
    'gateway-notification': 'gateway',
    'msv-service': 'msv',
  };
  const joined = placetopayVectors.webhooks.filter(({ product }) => SCHEME_OF[product] !== undefined);

  it.each(joined)('$product, $algorithm: $source', async ({ product, fields, secretKey, algorithm, signature }) => {
    const { status, date, ...rest } = fields as Record<string, unknown>;
    const data = product === 'autopay' ? { ...rest, date } : { ...rest, status: { status, date } };
    const variant = product === 'gateway-notification' ? algorithm : undefined;
    const account = { secretKey, msvSecretToken: secretKey };

    expect(joined).toHaveLength(7);
    expect(await placetopayBody(account, { scheme: SCHEME_OF[product], variant, data })).toMatchObject({ signature });
  });

  const TEXT_OF: Readonly<Record<string, (fields: Record<string, unknown>) => string>> = {
    'gateway-ach-webhook': ({ rawBody }) => String(rawBody),
    onboarding: ({ t, rawBody }) => onboardingText(Number(t), String(rawBody)),
    'api-scudo': ({ url, seed }) => scudoText(String(url), String(seed)),
  };
  const keyed = placetopayVectors.webhooks.filter(({ product }) => TEXT_OF[product] !== undefined);

  it.each(keyed)('$product, $algorithm: $source', ({ product, fields, secretKey, signature }) => {
    const text = TEXT_OF[product]?.(fields) ?? '';

    expect(keyed).toHaveLength(3);
    expect(hmac('sha256', secretKey, text).toString('hex')).toBe(signature);
  });

  it.each(netzmeVectors.snap.filter(({ kind }) => kind === 'callback-asymmetric'))('Netzme $name', (vector) => {
    const { method = '', pathWithQuery = '', body = '', timestamp } = vector;
    const text = snapCallbackText(method, pathWithQuery, body, timestamp);
    const spaced = snapCallbackText(method, pathWithQuery, JSON.stringify(JSON.parse(body), null, 2), timestamp);
    const key = createPublicKey(netzmeVectors.keys.rsa2048.publicKeySpkiPem);

    expect([text, spaced]).toEqual([vector.stringToSign, vector.stringToSign]);
    expect(verify('sha256', Buffer.from(text), key, Buffer.from(vector.signature, 'base64'))).toBe(true);
  });
});

describe('webhook schemes', () => {
  let simulator: GatewaySimulator;
  let publicKeys: Awaited<ReturnType<GatewaySimulator['publicKeys']>>;

  beforeAll(async () => {
    simulator = await startSimulator();
    publicKeys = await simulator.publicKeys();
  });
  afterAll(() => simulator.stop());

  /** Every scheme of the sandbox, known before the simulator runs. */
  const NAMES = Object.keys(VERIFIERS);
  const [alignet, placetopay, netzme] = [PEN, SITE, NETZME];

  const described = (name: string) => {
    const found = simulator.webhooks.schemes().find(({ gateway, scheme }) => `${gateway} ${scheme}` === name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const build = (name: string, order: Partial<WebhookOrder> = {}) => {
    const { gateway, scheme } = described(name);
    return simulator.webhooks.build({ gateway, scheme, url: HOOK, ...order });
  };
  const accepts = (name: string, webhook: BuiltWebhook, variant?: string) =>
    VERIFIERS[name]?.(webhook, { alignet, placetopay, netzme, publicKeys, now: START }, variant);

  it('are all verified here', () => {
    const names = simulator.webhooks.schemes().map(({ gateway, scheme }) => `${gateway} ${scheme}`);

    expect(names.sort()).toEqual([...NAMES].sort());
  });

  describe.each(NAMES)('%s', (name) => {
    it('is accepted, in every variant and spelling', async () => {
      const { variants } = described(name);
      const names = Object.keys(variants).length > 0 ? Object.keys(variants) : [undefined];
      const spellings = Object.keys(JSON_SPELLINGS) as JsonSpelling[];
      for (const variant of names) {
        for (const json of spellings) {
          expect([variant, json, accepts(name, await build(name, { variant, json }), variant)]).toEqual([
            variant,
            json,
            true,
          ]);
        }
      }
    });

    it('is refused when broken, in each of the ways it offers', async () => {
      const { breaks, variants } = described(name);
      const refused: string[] = [];
      for (const broken of Object.keys(breaks) as WebhookBreak[]) {
        const [variant] = Object.keys(variants);
        if (accepts(name, await build(name, { break: broken, variant }), variant) === false) refused.push(broken);
      }

      expect(Object.keys(breaks).length > 0).toBe(name !== 'netzme merchant-callback');
      expect(refused).toEqual(Object.keys(breaks));
    });

    it('refuses breaks and variants it does not have', async () => {
      const missing = (Object.keys(WEBHOOK_BREAKS) as WebhookBreak[]).find((each) => !(each in described(name).breaks));

      await expect(build(name, { break: missing })).rejects.toMatchObject({ field: 'break' });
      await expect(build(name, { variant: 'toString' })).rejects.toMatchObject({ field: 'variant' });
    });

    it('lets data be laid over its sample', async () => {
      const { body } = await build(name, { data: { note: 'überschrieben' } });
      const form = new URLSearchParams(body).get('authorization_result');
      const json = form === null ? body : Buffer.from(form, 'base64').toString('utf8');

      expect(JSON.parse(json)).toMatchObject({ ...described(name).sample, note: 'überschrieben' });
    });
  });

  describe('are broken in one thing only:', () => {
    const JOINED = ['checkout', 'payment-link', 'gateway', 'autopay', 'account-validator', 'msv'];

    it.each(JOINED)('a shifted boundary leaves the signed text of %s as it was', async (scheme) => {
      const name = `placetopay ${scheme}`;
      const [right, shifted] = [await build(name), await build(name, { break: 'shifted-boundary' })];
      // Quotes aside, for a number that is lent a letter becomes a string.
      const characters = (body: string) => [...body.replaceAll('"', '')].sort().join('');

      expect(shifted.body).not.toBe(right.body);
      expect(characters(shifted.body)).toBe(characters(right.body));
    });

    it.each([...JOINED, 'gateway-session', 'token-requestor'])(
      'a parser that takes the last of two members sees nothing wrong with %s',
      async (scheme) => {
        const name = `placetopay ${scheme}`;
        const [right, twice] = [await build(name), await build(name, { break: 'duplicate-member' })];

        expect(twice.body.length).toBeGreaterThan(right.body.length);
        expect(JSON.parse(twice.body)).toEqual(JSON.parse(right.body));
      },
    );

    const TIMED = ['placetopay onboarding', 'placetopay scudo', 'placetopay microsite-auth', 'netzme snap-v2'];

    it.each(TIMED)('%s was right when it was written', async (name) => {
      const merchant = { alignet, placetopay, netzme, publicKeys };
      const [stale, future] = [await build(name, { break: 'stale' }), await build(name, { break: 'future' })];

      expect(VERIFIERS[name]?.(stale, { ...merchant, now: START - 3_600_000 }, undefined)).toBe(true);
      expect(VERIFIERS[name]?.(future, { ...merchant, now: START + 3_600_000 }, undefined)).toBe(true);
    });

    it("another merchant's is right for that merchant", async () => {
      const others = { alignet: USD, placetopay: OTHER_SITE, netzme: OTHER_NETZME };
      const concerned = NAMES.filter((name) => 'other-merchant' in described(name).breaks);
      const refused: string[] = [];
      for (const name of concerned) {
        const [variant] = Object.keys(described(name).variants);
        const webhook = await build(name, { break: 'other-merchant', variant });
        if (!VERIFIERS[name]?.(webhook, { ...others, publicKeys, now: START }, variant)) refused.push(name);
      }

      expect(concerned).toHaveLength(NAMES.length - 1);
      expect(refused).toEqual([]);
    });
  });

  it('spell one body in three ways, and sign what is sent', async () => {
    const bodies = await Promise.all(
      (['compact', 'escaped', 'spaced'] as const).map(
        async (json) => (await build('placetopay ach-return', { json })).body,
      ),
    );

    expect(bodies[0]).toContain('"bankName":"Banco de Añasco"');
    expect(bodies[1]).toContain('"bankName":"Banco de A\\u00f1asco"');
    expect(bodies[2]).toContain('"bankName": "Banco de Añasco"');
    expect(new Set(bodies.map((body) => JSON.stringify(JSON.parse(body)))).size).toBe(1);
  });

  it('follow the site and the open questions by setting', async () => {
    simulator.updateSettings({
      placetopay: { notificationAlgorithm: 'sha1' },
      alignet: { redirectSigns: 'decoded-json' },
    });
    const names = ['placetopay checkout', 'placetopay gateway', 'placetopay gateway-session'] as const;
    const sha1 = await Promise.all(names.map(async (name) => accepts(name, await build(name), 'sha1')));
    const redirect = accepts('alignet redirect', await build('alignet redirect'), 'decoded-json');
    simulator.reset();

    expect([...sha1, redirect]).toEqual([true, true, true, true]);
  });

  it('speak of the account that is named', async () => {
    const other = await build('placetopay scudo', { account: OTHER_SITE.login });
    const usd = await build('alignet notification', { account: USD.clientId });
    const merchant = { alignet, placetopay: OTHER_SITE, netzme, publicKeys, now: START };

    expect(VERIFIERS['placetopay scudo']?.(other, merchant, undefined)).toBe(true);
    expect(JSON.parse(usd.body)).toMatchObject({ transaction: { currency: '840' } });
  });

  it('say when they were written by the clock of the simulator', async () => {
    simulator.clock.advance(86_400_000);
    const { headers } = await build('netzme snap-v2');
    simulator.reset();

    expect(headers['X-TIMESTAMP']).toBe('2026-03-02T19:00:00+07:00');
  });

  it('decode the nonce of a microsite once, whatever it looks like', async () => {
    const { body } = await build('placetopay microsite-auth', { variant: 'double-base64-nonce' });
    const { auth } = JSON.parse(body) as { auth: { nonce: string } };
    const raw = Buffer.from(auth.nonce, 'base64').toString('latin1');

    expect(Buffer.from(raw, 'base64').toString('latin1')).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['gateway', { gateway: 'paypal' }],
    ['scheme', { scheme: 'constructor' }],
    ['url', { url: 'nowhere' }],
    ['url', { url: 'ftp://127.0.0.1/' }],
    ['url', { url: 'http://user:password@127.0.0.1/' }],
    ['account', { account: 'nobody' }],
    ['account', { account: 'sandbox-placetopay-inactive', scheme: 'scudo' }],
    ['break', { break: 'everything' }],
    ['data', { data: [] }],
    ['data', { data: { status: 'APPROVED' } }],
    ['data', { scheme: 'onboarding', data: { event: { id: 'a\r\nX-B: b' } } }],
    ['data', { scheme: 'onboarding', data: { event: { id: 'ñ' } } }],
    ['json', { json: 'pretty' }],
    ['copies', { copies: 0 }],
    ['copies', { copies: 101 }],
    ['delayMs', { delayMs: 60_001 }],
    ['colour', { colour: 'red' }],
  ])('are refused for an unfit %s: %j', async (field, changes) => {
    const order = { gateway: 'placetopay', scheme: 'checkout', url: HOOK, ...changes } as WebhookOrder;
    const building = simulator.webhooks.build(order);

    await expect(building).rejects.toBeInstanceOf(SimulatorInputError);
    await expect(building).rejects.toMatchObject({ field });
  });

  it('need a second merchant to speak for another', async () => {
    const lonely = await startSimulator({ accounts: { placetopay: [SITE] } });
    const order = { gateway: 'placetopay', scheme: 'checkout', url: HOOK, break: 'other-merchant' } as const;
    const building = lonely.webhooks.build(order);

    await expect(building).rejects.toMatchObject({ field: 'break' });
    await lonely.stop();
  });

  it('are signed with keys of 2048 bits that outlive a reset', async () => {
    simulator.reset();
    const keys = [publicKeys.alignet, publicKeys.netzme].map((pem) => createPublicKey(pem));

    expect(await simulator.publicKeys()).toEqual(publicKeys);
    expect(keys.map((key) => key.asymmetricKeyDetails?.modulusLength)).toEqual([2048, 2048]);
    expect(publicKeys.alignet).not.toBe(publicKeys.netzme);
    expect(publicKeys.alignet).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });
});
