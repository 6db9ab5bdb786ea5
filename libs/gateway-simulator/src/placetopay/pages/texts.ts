import { type Language } from '../messages';

const TEXTS = {
  badge: ['simulador', 'simulator'],
  pay: ['Pagar a', 'Pay'],
  amount: ['Monto', 'Amount'],
  reference: ['Referencia', 'Reference'],
  description: ['Descripción', 'Description'],
  session: ['Sesión', 'Session'],
  link: ['Link de pago', 'Payment link'],
  expires: ['Vence', 'Expires'],
  question: ['No se cobra nada. ¿Cómo debe terminar este pago?', 'Nothing is charged. How shall this payment end?'],
  approve: ['Aprobar', 'Approve'],
  reject: ['Rechazar', 'Reject'],
  pending: ['Dejar pendiente', 'Leave pending'],
  cancel: ['Cancelar y volver', 'Cancel and return'],
  returns: ['Después volverá a', 'You will be returned to'],
  back: ['Volver al comercio', 'Return to the shop'],
  payOnce: ['Pagar', 'Pay'],
  linkNote: ['No se cobra nada: el pago queda aprobado.', 'Nothing is charged: the payment is approved.'],
  noReturn: [
    'La dirección de retorno no es http(s), por eso no se sigue:',
    'The return URL is not http(s), so that it is not followed:',
  ],
  unknown: ['Esta página no existe', 'There is no such page'],
  unknownHint: [
    'El simulador no la creó, o fue reiniciado desde entonces. Cree una nueva.',
    'This simulator has not made it, or was reset since. Make a new one.',
  ],
  expired: ['La sesión venció', 'The session has expired'],
  unfit: ['No se entendió la elección', 'The choice was not understood'],
  unfitHint: ['Use los botones de la página.', 'Use the buttons of the page.'],
  decided: ['El resultado quedó registrado', 'The outcome is recorded'],
  ended: ['La sesión ya terminó', 'The session has ended'],
  APPROVED: ['Aprobada', 'Approved'],
  REJECTED: ['Rechazada', 'Rejected'],
  PENDING: ['Pendiente', 'Pending'],
  CANCELLED: ['Cancelada por el comercio', 'Cancelled by the merchant'],
  CANCELLED_BY_USER: ['Cancelada por el usuario', 'Cancelled by the user'],
  linkPaid: ['Pago aprobado', 'Payment approved'],
  INACTIVE: ['El link está desactivado', 'The link is disabled'],
  EXPIRED: ['El link venció', 'The link has expired'],
  USED_UP: ['El link no admite más pagos', 'The link takes no more payments'],
} as const;

export type PageText = keyof typeof TEXTS;

/** Texts of the pages in one language. */
export function pageTexts(language: Language): (key: PageText) => string {
  return (key) => TEXTS[key][language === 'es' ? 0 : 1];
}
