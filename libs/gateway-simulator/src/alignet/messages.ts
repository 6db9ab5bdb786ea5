import { type Answer, jsonAnswer, type RefusalReason } from '../core/exchange';
import { type JsonObject } from '../core/json';
import { type AlignetSettings } from '../settings';

/** The member that holds `meta` in each answer. */
const META_PARENT = { token: 'authorization', nonce: 'nonce_creation' } as const;
const ACTION = { token: 'authorize', nonce: 'create.nonce' } as const;
type Endpoint = keyof typeof META_PARENT | 'other';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Petición inválida',
  401: 'Autenticación fallida',
  403: 'Sin autorización para esta operación',
  404: 'No se encontró la información solicitada',
  409: 'El nonce ya fue utilizado, solicite uno nuevo por cada sesión',
};

/** `01` is the only code other than `00` any source shows. */
const FAILURE_CODE = '01';

export function success(value: boolean, settings: AlignetSettings): boolean | string {
  return settings.successAs === 'string' ? String(value) : value;
}

export function expiresIn(secondsLeft: number, settings: AlignetSettings): number | string {
  return settings.expiresInAs === 'string' ? String(secondsLeft) : secondsLeft;
}

export function meta(message: string, code = '00') {
  return { meta: { status: { code, message_ilgn: [{ locale: 'es_PE', value: message }] } } };
}

/** A failure in the envelope of success: no error body is documented, and the schemas make exactly this possible. */
export function failure(
  endpoint: Endpoint,
  status: number,
  settings: AlignetSettings,
  reason?: RefusalReason,
  more: JsonObject = {},
): Answer {
  const message = MESSAGES[status] ?? 'Ocurrió un error interno, intente nuevamente más tarde';
  const body = {
    ...(endpoint !== 'other' && { action: ACTION[endpoint] }),
    success: success(false, settings),
    ...(endpoint === 'other' ? meta(message, FAILURE_CODE) : { [META_PARENT[endpoint]]: meta(message, FAILURE_CODE) }),
    ...more,
  };
  return jsonAnswer(settings.errorsAsHttp200 ? 200 : status, body, reason, { 'Cache-Control': 'no-store' });
}
