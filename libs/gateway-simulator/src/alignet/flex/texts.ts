import { type PaymentMethod } from '../purchase';
import { FLEX_PATHS } from './flex-forms';

/** What the buttons of the form stand for. */
export const FLEX_OUTCOMES = ['AUTORIZADO', 'DENEGADO', 'PENDIENTE'] as const;
export type FlexOutcome = (typeof FLEX_OUTCOMES)[number];

export type FlexLanguage = 'es' | 'en';

export interface FlexTexts {
  readonly locale: string;
  readonly title: string;
  readonly badge: string;
  readonly language: string;
  readonly close: string;
  readonly loading: string;
  readonly paying: string;
  readonly amount: string;
  readonly operation: string;
  readonly transaction: string;
  readonly method: string;
  readonly question: string;
  readonly failed: string;
  /** For whatever has no text of its own. */
  readonly failure: string;
  readonly methods: Readonly<Record<PaymentMethod, string>>;
  readonly choices: Readonly<Record<FlexOutcome, string>>;
  readonly results: Readonly<Record<FlexOutcome, string>>;
  /** By the code of a refusal. */
  readonly errors: Readonly<Record<string, string>>;
}

const ES: FlexTexts = {
  locale: 'es-PE',
  title: 'Pago con Flex',
  badge: 'simulador',
  language: 'Idioma',
  close: 'Cerrar',
  loading: 'Cargando el formulario…',
  paying: 'Procesando…',
  amount: 'Monto',
  operation: 'Número de operación',
  transaction: 'Transacción',
  method: 'Método de pago',
  question: 'No se cobra nada. ¿Cómo debe terminar este pago?',
  failed: 'El pago no se pudo procesar',
  failure: 'Ocurrió un error.',
  methods: {
    CARD: 'Tarjeta',
    YAPE: 'Yape',
    QR: 'QR',
    BANK_TRANSFER: 'Transferencia bancaria',
    CUOTEALO: 'Cuotéalo',
    PAGOEFECTIVO: 'PagoEfectivo',
  },
  choices: { AUTORIZADO: 'Aprobar', DENEGADO: 'Denegar', PENDIENTE: 'Dejar pendiente' },
  results: { AUTORIZADO: 'Pago autorizado', DENEGADO: 'Pago denegado', PENDIENTE: 'Pago pendiente' },
  errors: {
    'nonce-missing': 'Falta el nonce: pida uno a su backend y páselo como { nonce }.',
    'nonce-expired': 'El nonce venció: pida uno nuevo a su backend, justo antes de abrir el formulario.',
    'nonce-used': 'El nonce ya fue utilizado: pida uno nuevo por cada formulario.',
    'nonce-unknown': 'Este simulador no emitió el nonce.',
    'wrong-payload': 'El payload no sirve. Revise:',
    'operation-number-used': 'El número de operación ya fue utilizado: genere uno nuevo por cada formulario.',
    'form-unknown': 'El formulario ya fue utilizado: abra uno nuevo con otro nonce.',
    unreachable: 'El simulador no responde.',
  },
};

const EN: FlexTexts = {
  locale: 'en',
  title: 'Pay with Flex',
  badge: 'simulator',
  language: 'Language',
  close: 'Close',
  loading: 'Loading the form…',
  paying: 'Processing…',
  amount: 'Amount',
  operation: 'Operation number',
  transaction: 'Transaction',
  method: 'Payment method',
  question: 'Nothing is charged. How shall this payment end?',
  failed: 'The payment could not be processed',
  failure: 'Something went wrong.',
  methods: {
    CARD: 'Card',
    YAPE: 'Yape',
    QR: 'QR',
    BANK_TRANSFER: 'Bank transfer',
    CUOTEALO: 'Cuotéalo',
    PAGOEFECTIVO: 'PagoEfectivo',
  },
  choices: { AUTORIZADO: 'Approve', DENEGADO: 'Deny', PENDIENTE: 'Leave pending' },
  results: { AUTORIZADO: 'Payment authorized', DENEGADO: 'Payment denied', PENDIENTE: 'Payment pending' },
  errors: {
    'nonce-missing': 'The nonce is missing: ask your backend for one and pass it as { nonce }.',
    'nonce-expired': 'The nonce has expired: ask your backend for a new one, right before the form opens.',
    'nonce-used': 'The nonce was used before: ask for a new one for every form.',
    'nonce-unknown': 'This simulator has not issued the nonce.',
    'wrong-payload': 'The payload is unfit. Look at:',
    'operation-number-used': 'The operation number was used before: make a new one for every form.',
    'form-unknown': 'The form was used before: open a new one with another nonce.',
    unreachable: 'The simulator does not answer.',
  },
};

/** All the script has to know besides its code. */
export const FLEX_FACTS = {
  paths: FLEX_PATHS,
  outcomes: FLEX_OUTCOMES,
  texts: { es: ES, en: EN } satisfies Record<FlexLanguage, FlexTexts>,
  /** ISO 4217, numeric to letters: the currencies Alignet's merchants have. */
  currencies: { '604': 'PEN', '840': 'USD' } as Readonly<Record<string, string>>,
} as const;
