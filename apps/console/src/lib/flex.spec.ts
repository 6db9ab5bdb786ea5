import { type WebhookVerdict } from '../api/contract';
import { flexOptions, isOnOperation } from './flex';

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

describe('a verdict', () => {
  const accepted: WebhookVerdict = {
    verdict: 'accepted',
    at: '2026-11-22T05:38:35.677Z',
    gateway: 'alignet',
    scheme: 'notification',
    reference: '7777777:5hk8rwa3h3cq9oyfs3a28v1ms',
  };
  const { reference: _reference, ...unnamed } = accepted;

  it.each<[string, WebhookVerdict, string, boolean]>([
    ['on this operation number', accepted, '7777777', true],
    ['on another', accepted, '7777778', false],
    ['on one that begins alike', accepted, '777777', false],
    ['on one that this one begins with', accepted, '77777771', false],
    ['while no number is given', { ...accepted, reference: ':1' }, '', false],
    ['without a reference', unnamed, '7777777', false],
    ['with one that is no text', { ...accepted, reference: 7777777 }, '7777777', false],
    ['that refused it', { ...accepted, verdict: 'refused' }, '7777777', false],
    ["on another gateway's webhook", { ...accepted, gateway: 'placetopay' }, '7777777', false],
  ])('%s', (_what, verdict, operationNumber, is) => {
    expect(isOnOperation(verdict, operationNumber)).toBe(is);
  });
});
