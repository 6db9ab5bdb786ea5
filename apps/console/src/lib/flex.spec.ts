import { flexOptions } from './flex';

describe('flexOptions', () => {
  const session = {
    nonce: 'nonce',
    scope: 'create:token',
    expiresAt: 0,
    expiresInSeconds: 30,
    merchantCode: '1',
    scriptUrl: 'https://assets.test/flex.js',
    styleUrl: 'https://assets.test/flex.css',
  };
  const purchase = { amount: '15000', currency: '604', operationNumber: '2391645', methods: [] };

  it.each([
    ['es', 'es'],
    ['en', 'en'],
    ['id', 'en'],
  ])('of a page in %s start the form in %s', (page, form) => {
    expect(flexOptions(session, purchase, page).i18n.default_language).toBe(form);
  });

  it.each(['604', '840'])('have the purchase as it was typed, in currency %s', (currency) => {
    expect(flexOptions(session, { ...purchase, currency, amount: '990' }, 'en').payload).toMatchObject({
      merchant_operation_number: '2391645',
      payment_details: { amount: '990', currency },
    });
  });
});
