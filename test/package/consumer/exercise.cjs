/**
 * What an application does with the packed library: registers all three gateways, gets a nonce, a Placetopay auth and
 * signed Netzme calls. The gateways are the parent process, which verifies; here only what came back is told.
 */
module.exports.exercise = async function exercise({ core, common, axios, library }, baseUrl) {
  class AppModule {}
  const gateways = library.PaymentAuthModule.forRoot({
    isGlobal: true,
    alignet: {
      environment: 'sandbox',
      clientId: 'alignet-client',
      clientSecret: 'alignet-secret',
      authBaseUrl: baseUrl,
      apiBaseUrl: baseUrl,
    },
    placetopay: {
      environment: 'sandbox',
      login: 'placetopay-login',
      secretKey: 'placetopay-secret',
      checkoutBaseUrl: baseUrl,
      paymentLinksBaseUrl: baseUrl,
    },
    netzme: { environment: 'sandbox', clientId: 'netzme-client', clientSecret: 'netzme-secret', baseUrl },
  });
  common.Module({ imports: [gateways] })(AppModule);
  const app = await core.NestFactory.createApplicationContext(AppModule, { logger: ['error'], abortOnError: false });
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
    return {
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
