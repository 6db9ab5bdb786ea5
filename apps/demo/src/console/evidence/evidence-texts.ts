import { type EvidenceOrder } from '../contract';

export type Language = EvidenceOrder['language'];

/** Everything an evidence file says besides what was measured. */
export interface EvidenceTexts {
  readonly title: string;
  readonly about: string;
  readonly madeAt: string;
  readonly environment: string;
  readonly versions: string;
  readonly library: string;
  readonly summary: string;
  readonly calls: string;
  readonly noCalls: string;
  readonly call: string;
  readonly gateway: string;
  readonly result: string;
  readonly duration: string;
  readonly time: string;
  readonly succeeded: string;
  readonly failed: string;
  readonly input: string;
  readonly outcome: string;
  readonly request: string;
  readonly response: string;
  readonly noResponse: string;
  readonly masked: string;
  readonly bytes: string;
  readonly webhooks: string;
  readonly noWebhooks: string;
  readonly scheme: string;
  readonly verdict: string;
  readonly accepted: string;
  readonly refused: string;
  readonly details: string;
}

const ENGLISH: EvidenceTexts = {
  title: 'Evidence of a run',
  about:
    'Requests and answers as they went over the wire. Credentials, tokens, digests and signatures are masked: first and last characters, dots between them, and the length. All other bytes are as sent.',
  madeAt: 'Made at',
  environment: 'Environment',
  versions: 'Versions',
  library: 'library',
  summary: 'Summary',
  calls: 'Calls',
  noCalls: 'No calls are on record.',
  call: 'Call',
  gateway: 'Gateway',
  result: 'Result',
  duration: 'Duration',
  time: 'Time',
  succeeded: 'succeeded',
  failed: 'failed',
  input: 'Input',
  outcome: 'Answer of the demo',
  request: 'Request',
  response: 'Response',
  noResponse: 'No answer',
  masked: 'Masked',
  bytes: 'bytes of body',
  webhooks: 'Webhooks received',
  noWebhooks: 'None came.',
  scheme: 'Scheme',
  verdict: 'Verdict',
  accepted: 'accepted',
  refused: 'refused',
  details: 'Details',
};

const SPANISH: EvidenceTexts = {
  title: 'Evidencia de una ejecución',
  about:
    'Solicitudes y respuestas tal como viajaron por la red. Credenciales, tokens, digests y firmas aparecen enmascarados: primeros y últimos caracteres, puntos entre ellos y la longitud. Los demás bytes son los enviados.',
  madeAt: 'Generado el',
  environment: 'Ambiente',
  versions: 'Versiones',
  library: 'biblioteca',
  summary: 'Resumen',
  calls: 'Llamadas',
  noCalls: 'No hay llamadas registradas.',
  call: 'Llamada',
  gateway: 'Pasarela',
  result: 'Resultado',
  duration: 'Duración',
  time: 'Hora',
  succeeded: 'exitosa',
  failed: 'fallida',
  input: 'Entrada',
  outcome: 'Respuesta de la demo',
  request: 'Solicitud',
  response: 'Respuesta',
  noResponse: 'Sin respuesta',
  masked: 'Enmascarado',
  bytes: 'bytes de cuerpo',
  webhooks: 'Notificaciones recibidas',
  noWebhooks: 'No llegó ninguna.',
  scheme: 'Esquema',
  verdict: 'Veredicto',
  accepted: 'aceptada',
  refused: 'rechazada',
  details: 'Detalles',
};

const INDONESIAN: EvidenceTexts = {
  title: 'Bukti pengujian',
  about:
    'Permintaan dan jawaban persis seperti yang dikirim lewat jaringan. Kredensial, token, digest, dan tanda tangan disamarkan: karakter awal dan akhir, titik di antaranya, dan panjangnya. Byte lainnya sama seperti yang dikirim.',
  madeAt: 'Dibuat pada',
  environment: 'Lingkungan',
  versions: 'Versi',
  library: 'pustaka',
  summary: 'Ringkasan',
  calls: 'Panggilan',
  noCalls: 'Belum ada panggilan yang tercatat.',
  call: 'Panggilan',
  gateway: 'Gateway',
  result: 'Hasil',
  duration: 'Durasi',
  time: 'Waktu',
  succeeded: 'berhasil',
  failed: 'gagal',
  input: 'Masukan',
  outcome: 'Jawaban demo',
  request: 'Permintaan',
  response: 'Jawaban',
  noResponse: 'Tidak ada jawaban',
  masked: 'Disamarkan',
  bytes: 'byte isi',
  webhooks: 'Webhook yang diterima',
  noWebhooks: 'Tidak ada yang masuk.',
  scheme: 'Skema',
  verdict: 'Keputusan',
  accepted: 'diterima',
  refused: 'ditolak',
  details: 'Rincian',
};

export const EVIDENCE_TEXTS: Readonly<Record<Language, EvidenceTexts>> = {
  en: ENGLISH,
  es: SPANISH,
  id: INDONESIAN,
};
