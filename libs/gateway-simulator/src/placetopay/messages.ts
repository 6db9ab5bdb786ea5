import { type Answer, jsonAnswer, type RefusalReason } from '../core/exchange';
import { type PlacetopaySettings } from '../settings';
import { formatDate } from './seed';

export type Language = 'es' | 'en';

export interface StatusObject {
  readonly status: string;
  readonly reason: string | number;
  readonly message: string;
  readonly date: string;
}

export function languageOf(locale: unknown, settings: PlacetopaySettings): Language {
  const language = typeof locale === 'string' ? locale.slice(0, 2).toLowerCase() : '';
  return language === 'es' || language === 'en' ? language : settings.defaultLanguage;
}

export function status(name: string, reason: string | number, message: string, now: number): StatusObject {
  return { status: name, reason, message, date: formatDate(now) };
}

/** One object `status` and nothing else: the form of every documented failure. */
export function failed(
  httpStatus: number,
  reasonText: string | number,
  message: string,
  now: number,
  reason?: RefusalReason,
): Answer {
  return jsonAnswer(httpStatus, { status: status('FAILED', reasonText, message, now) }, reason);
}

/** The code stands only inside the message. Its place differs by call in English, as it does in the documentation. */
export function authMessage(code: number, operation: string, language: Language): string {
  if (language === 'es') return `Autenticación fallida ${code}`;
  if (operation === 'querySession') return `Failed authentication ${code}`;
  return operation === 'createLink' ? `${code} (Authentication Failed)` : `Authentication failed ${code}`;
}

/** Failures that the documentation answers with a sentence in place of a code. */
export type AuthProse = 'malformed' | 'members-missing' | 'site-information';

const PROSE: Readonly<Record<AuthProse, Readonly<Record<Language, string>>>> = {
  malformed: { es: 'Autenticación mal formada', en: 'Malformed authentication' },
  'members-missing': {
    es: 'La autenticación no contiene todos los parámetros requeridos (login, tranKey, seed, nonce)',
    en: 'Authentication does not contain all required parameters (login, tranKey, seed, nonce)',
  },
  'site-information': { es: 'Fallo al obtener información del sitio', en: 'Failed to obtain site information' },
};

export interface AuthFailure {
  readonly code: number;
  /** What the failure is where a sentence may stand for the code. */
  readonly prose?: AuthProse;
  readonly reason?: RefusalReason;
}

export function authFailed(
  failure: AuthFailure,
  operation: string,
  language: Language,
  settings: PlacetopaySettings,
  now: number,
): Answer {
  const httpStatus = settings.authFailureHttpStatus;
  const prose = proseOf(failure, settings);
  const message = prose ? PROSE[prose][language] : authMessage(failure.code, operation, language);
  const reasonText = settings.reasonAs === 'string' ? String(httpStatus) : httpStatus;
  return failed(httpStatus, reasonText, message, now, failure.reason);
}

function proseOf({ prose }: AuthFailure, { missingMembersAs }: PlacetopaySettings): AuthProse | undefined {
  if (prose === undefined || prose === 'site-information') return prose;
  if (missingMembersAs === 'malformed') return 'malformed';
  return prose === 'members-missing' && missingMembersAs === 'prose' ? prose : undefined;
}

const TEXTS = {
  created: ['La petición se ha procesado correctamente', 'The request has been processed successfully'],
  approved: ['La petición ha sido aprobada exitosamente', 'The request has been successfully approved'],
  pending: ['La petición se encuentra pendiente', 'The request is pending'],
  rejected: ['La petición ha sido rechazada', 'The request has been rejected'],
  cancelled: ['La petición ha sido cancelada por el comercio', 'The request has been cancelled by the merchant'],
  cancelledByUser: ['La petición ha sido cancelada por el usuario', 'The request has been cancelled by the user'],
  unknownSession: ['La sesión solicitada no existe', 'The requested session does not exist'],
  notPending: [
    'No se pueden cancelar sesiones que no estén pendientes',
    'Sessions that are not pending cannot be cancelled',
  ],
  unknownPage: ['Página no encontrada', 'Page not found'],
  foreignSite: ['No tienes permisos para acceder a este sitio', 'No tienes permisos para acceder a este sitio'],
  linkDisabled: ['Link de pago desactivado correctamente.', 'Link de pago desactivado correctamente.'],
} as const;

export function text(key: keyof typeof TEXTS, language: Language): string {
  return TEXTS[key][language === 'es' ? 0 : 1];
}
