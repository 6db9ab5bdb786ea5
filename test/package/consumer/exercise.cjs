const { createHash } = require('node:crypto');

const SECRET_KEY = 'placetopay-secret';
const MERCHANT_CODE = 'b0deb6f3-e51a-48a7-9268-f1441d46f7bd';

/**
 * What an application does with the packed library: registers all three gateways, gets a nonce, a Placetopay auth and
 * signed Netzme calls, and verifies webhooks: one signed over its fields, one over its bytes. The gateways are the parent
 * process, which verifies; here only what came back is told.
 */
module.exports.exercise = async function exercise({ core, common, axios, library, testing, adapter }, baseUrl) {
  const handled = [];
  const keys = testing.createAlignetTestKeys();
  class WebhookController {
    checkout({ signed }) {
      handled.push(`${signed.requestId} ${signed.status}`);
    }
    notification({ signed }) {
      handled.push(`${signed.merchant_operation_number} ${signed.transaction.state}`);
    }
  }
  for (const [gateway, scheme] of [
    ['placetopay', 'checkout'],
    ['alignet', 'notification'],
  ]) {
    const handler = [WebhookController.prototype, scheme];
    const descriptor = Object.getOwnPropertyDescriptor(...handler);
    common.Post(scheme)(...handler, descriptor);
    common.HttpCode(200)(...handler, descriptor);
    library.VerifiedNotification(gateway, scheme)(...handler, descriptor);
    library.NotificationEvent()(...handler, 0);
  }
  common.Controller('webhooks')(WebhookController);
  class AppModule {}
  const gateways = library.PaymentAuthModule.forRoot({
    isGlobal: true,
    alignet: {
      environment: 'sandbox',
      clientId: 'alignet-client',
      clientSecret: 'alignet-secret',
      merchantCode: MERCHANT_CODE,
      notifications: { publicKeys: [keys.publicKey] },
      authBaseUrl: baseUrl,
      apiBaseUrl: baseUrl,
    },
    placetopay: {
      environment: 'sandbox',
      login: 'placetopay-login',
      secretKey: SECRET_KEY,
      checkoutBaseUrl: baseUrl,
      paymentLinksBaseUrl: baseUrl,
    },
    netzme: { environment: 'sandbox', clientId: 'netzme-client', clientSecret: 'netzme-secret', baseUrl },
  });
  common.Module({ imports: [gateways], controllers: [WebhookController] })(AppModule);
  const options = { logger: ['error'], abortOnError: false, rawBody: true };
  const app = await core.NestFactory.create(AppModule, adapter, options);
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/webhooks`;
  try {
    const nonces = app.get(library.AlignetNonceService);
    const [first, second] = await Promise.all([nonces.createNonce(), nonces.createNonce()]);
    const placetopay = app.get(library.PlacetopayHttpService);
    const netzme = app.get(library.NetzmeHttpService);
    const balance = await netzme.axiosRef.get('/api/balance/detail', {
      params: { userId: 'M_pXAFWzCg', at: "9:00 o'clock" },
    });
    const inquiry = await netzme.axiosRef.post('/api/withdraw/inquiry', { amount: 'IDR 125000.00', note: 'café ☕' });
    const session = await placetopay.axiosRef.post('/api/session', { locale: 'es_CO', payment: { reference: 'R-1' } });
    const problem = await collect(() =>
      core.NestFactory.createApplicationContext(
        {
          module: class BadModule {},
          imports: [library.PaymentAuthModule.forRoot({ netzme: { environment: 'moon' } })],
        },
        { logger: false, abortOnError: false },
      ),
    );
    const webhooks = [];
    for (const change of [(body) => body, (body) => body.replace('APPROVED', 'REJECTED'), withoutSignature]) {
      webhooks.push(await post(`${url}/checkout`, change(signedWebhook())));
    }
    const { privateKey } = keys;
    const { headers, rawBody } = testing.alignetNotificationRequest({ privateKey, merchantCode: MERCHANT_CODE });
    for (const body of [rawBody, Buffer.from(JSON.stringify(JSON.parse(rawBody)))]) {
      webhooks.push(await post(`${url}/notification`, body, headers));
    }
    return {
      webhooks,
      handled,
      nonces: [first.nonce, second.nonce],
      netzme: [balance.data.verified, inquiry.data.verified],
      placetopay: session.data.verified,
      isHttpService: netzme instanceof axios.HttpService && placetopay instanceof axios.HttpService,
      problem: problem instanceof library.PaymentAuthConfigError ? problem.code : String(problem),
      exported: Object.keys(library)
        .filter((name) => name !== 'default' && name !== '__esModule' && name !== 'module.exports')
        .sort(),
    };
  } finally {
    await app.close();
  }
};

async function collect(attempt) {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Signed as Placetopay documents, without the library. */
function signedWebhook() {
  const status = { status: 'APPROVED', date: new Date().toISOString() };
  const signature = createHash('sha256').update(`7APPROVED${status.date}${SECRET_KEY}`).digest('hex');
  return JSON.stringify({ status, requestId: 7, reference: 'R-1', signature: `sha256:${signature}` });
}

function withoutSignature(body) {
  return JSON.stringify({ ...JSON.parse(body), signature: undefined });
}

async function post(url, body, headers = { 'Content-Type': 'application/json' }) {
  return (await fetch(url, { method: 'POST', headers, body })).status;
}
