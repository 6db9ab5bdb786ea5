import { type WebhookVerdict } from '../api/contract';
import { unlessAborted } from './unless-aborted';

/** Alignet's browser form, as its script defines it. */
interface FlexForm {
  init(
    element: HTMLElement,
    onResponse: (response: unknown) => void,
    onTracking: (event: unknown) => void,
    onError: (error: unknown) => void,
  ): void;
  terminate?(): void;
}

type FlexConstructor = new (options: FlexOptions) => FlexForm;

declare global {
  interface Window {
    FlexPaymentForms?: FlexConstructor;
  }
}

interface FlexOptions {
  readonly nonce: string;
  readonly payload: object;
  readonly settings: Readonly<Record<string, boolean>>;
  readonly display_settings: { readonly methods?: readonly string[] };
  readonly i18n: { readonly mode: 'multi'; readonly default_language: string; readonly languages: readonly string[] };
}

/** What the demo answers to `POST /alignet/checkout-session`. */
export interface FlexSession {
  readonly nonce: string;
  readonly scope: string;
  /** Epoch milliseconds by the demo's clock. */
  readonly expiresAt: number;
  readonly expiresInSeconds: number;
  readonly merchantCode: string;
  readonly scriptUrl: string;
  readonly styleUrl: string;
}

export const FLEX_METHODS = ['CARD', 'YAPE', 'QR', 'BANK_TRANSFER', 'CUOTEALO', 'PAGOEFECTIVO'] as const;
export const FLEX_CURRENCIES = [
  ['604', '604 · PEN'],
  ['840', '840 · USD'],
] as const;
/** It has no Indonesian. */
const FLEX_LANGUAGES = ['es', 'en'] as const;

export interface Purchase {
  /** In minor units. */
  readonly amount: string;
  readonly currency: string;
  readonly operationNumber: string;
  readonly methods: readonly string[];
}

const ADDRESS = { line_1: 'Av. Prueba 123', city: 'Lima', state: 'Lima', country: 'PE' };
/** Nobody: QA's purchases have no buyer. */
const BUYER = {
  first_name: 'Test',
  last_name: 'Buyer',
  email: 'buyer@example.com',
  phone: { country_code: '51', subscriber: '900000000' },
  location: ADDRESS,
};

/** What the constructor takes. */
export function flexOptions(session: FlexSession, purchase: Purchase, language: string): FlexOptions {
  return {
    nonce: session.nonce,
    payload: {
      action: 'authorize',
      channel: 'ecommerce',
      merchant_code: session.merchantCode,
      merchant_operation_number: purchase.operationNumber,
      payment_details: {
        amount: purchase.amount,
        currency: purchase.currency,
        billing: BUYER,
        shipping: BUYER,
        customer: BUYER,
      },
      additional_fields: {},
    },
    settings: {
      display_result_screen: true,
      show_close_button: true,
      show_border: false,
      show_operation_number: true,
    },
    display_settings: purchase.methods.length === 0 ? {} : { methods: purchase.methods },
    i18n: {
      mode: 'multi',
      default_language: FLEX_LANGUAGES.find((known) => known === language) ?? 'en',
      languages: FLEX_LANGUAGES,
    },
  };
}

/**
 * Whether a webhook was proven to be on this operation: its reference is `<operation number>:<transaction id>`. One that was
 * refused has none, for nothing in it is proven.
 */
export function isOnOperation({ verdict, gateway, ...details }: WebhookVerdict, operationNumber: string): boolean {
  const { reference } = details;
  if (verdict !== 'accepted' || gateway !== 'alignet' || typeof reference !== 'string') return false;
  return operationNumber !== '' && reference.startsWith(`${operationNumber}:`);
}

/** It lives thirty seconds, and redeeming it takes some of them: an older one is left unused. */
const OLD_NONCE_MS = 10_000;

/**
 * Loads Flex and gets a session to start it with at once. Where its assets lie a session says, and that brings a nonce along:
 * when they took long to load, it is left for another.
 * @param newSession asks the demo for one
 * @throws {FlexAssetError} when an asset does not come; the signal's reason once that is aborted
 */
export async function loadFlex(newSession: () => Promise<FlexSession>, signal: AbortSignal): Promise<FlexSession> {
  const session = await newSession();
  const arrivedAt = Date.now();
  await unlessAborted(Promise.all([loadStyle(session.styleUrl), loadScript(session.scriptUrl)]), signal);
  return Date.now() - arrivedAt < OLD_NONCE_MS ? session : newSession();
}

function loadStyle(url: string): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = url;
  return loadOnce(link, url);
}

function loadScript(url: string): Promise<void> {
  const script = document.createElement('script');
  script.src = url;
  return loadOnce(script, url);
}

export class FlexAssetError extends Error {
  override readonly name = 'FlexAssetError';

  constructor(readonly url: string) {
    super(url);
  }
}

const loaded = new Map<string, Promise<void>>();

function loadOnce(element: HTMLElement, url: string): Promise<void> {
  const known = loaded.get(url);
  if (known) return known;
  const loading = new Promise<void>((resolve, reject) => {
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', () => {
      loaded.delete(url);
      element.remove();
      reject(new FlexAssetError(url));
    });
    document.head.append(element);
  });
  loaded.set(url, loading);
  return loading;
}
