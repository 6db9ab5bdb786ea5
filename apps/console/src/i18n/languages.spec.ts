import { en } from './en';
import { es } from './es';
import { id } from './id';
import { mistakes as spanishMistakes } from './mistakes.es';

const COUNT = 2;
/** What every language says so. */
const TERMS: ReadonlySet<string> = new Set(['String to sign']);

/** Every text by its path; texts made from values with samples of them. */
function texts(value: unknown, path: string): (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...args: number[]) => string)(COUNT, COUNT))]];
  return Object.entries(value as object).flatMap(([name, inner]) => texts(inner, `${path}.${name}`));
}

const isMistake = ([path]: readonly [string, string]) => path.startsWith('.mistakes');
const pathsOf = (language: object) =>
  texts(language, '')
    .filter((text) => !isMistake(text))
    .map(([path]) => path);

describe.each([
  ['es', es],
  ['id', id],
])('%s', (_name, language) => {
  it('has every text English has, and no other', () => {
    expect(pathsOf(language)).toEqual(pathsOf(en));
  });

  it('has no empty text', () => {
    expect(texts(language, '').filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('leaves no sentence in English', () => {
    const english = new Map(texts(en, ''));
    const sentences = texts(language, '').filter(
      ([path, text]) => !TERMS.has(text) && /\w+ \w+ \w+/.test(text) && english.get(path) === text,
    );
    expect(sentences).toEqual([]);
  });

  it('names every mistake the other one names', () => {
    expect(Object.keys(language.mistakes)).toEqual(Object.keys(spanishMistakes));
  });
});

/** Written down once more: a word that says the opposite is a text like any other for the rest. */
it.each([
  [
    en,
    {
      verdicts: { accepted: 'accepted', refused: 'refused', fault: 'fault', pending: 'pending' },
      overview: { tokenStates: { valid: 'valid', expired: 'expired' }, storeStates: { ok: 'ok', away: 'away' } },
      calls: { succeeded: 'Succeeded', failed: 'Failed' },
      inspector: { match: expect.stringMatching(/^Match: /) as string, noMatch: 'No match' },
      checkout: { states: { APPROVED: 'Approved', REJECTED: 'Rejected', PENDING: 'Pending' } },
      simulator: { siteStates: { active: 'active', inactive: 'inactive (104)' } },
    },
  ],
  [
    es,
    {
      verdicts: { accepted: 'aceptado', refused: 'rechazado', fault: 'fallo inyectado', pending: 'pendiente' },
      overview: {
        tokenStates: { valid: 'válido', expired: 'vencido' },
        storeStates: { ok: 'ok', away: 'sin conexión' },
      },
      calls: { succeeded: 'Correcto', failed: 'Fallido' },
      inspector: { match: expect.stringMatching(/^Coincide: /) as string, noMatch: 'No coincide' },
      checkout: { states: { APPROVED: 'Aprobada', REJECTED: 'Rechazada', PENDING: 'Pendiente' } },
      simulator: { siteStates: { active: 'activo', inactive: 'inactivo (104)' } },
    },
  ],
  [
    id,
    {
      verdicts: { accepted: 'diterima', refused: 'ditolak', fault: 'gangguan', pending: 'menunggu' },
      overview: {
        tokenStates: { valid: 'berlaku', expired: 'kedaluwarsa' },
        storeStates: { ok: 'ok', away: 'tidak terhubung' },
      },
      calls: { succeeded: 'Berhasil', failed: 'Gagal' },
      inspector: { match: expect.stringMatching(/^Cocok: /) as string, noMatch: 'Tidak cocok' },
      checkout: { states: { APPROVED: 'Disetujui', REJECTED: 'Ditolak', PENDING: 'Menunggu' } },
      simulator: { siteStates: { active: 'aktif', inactive: 'tidak aktif (104)' } },
    },
  ],
])('says the words a reader goes by as they are said', (language, words) => {
  expect(language).toMatchObject(words);
});
