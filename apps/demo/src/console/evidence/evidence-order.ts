import { invalid } from '../access/console-problem';
import { type EvidenceOrder } from '../contract';
import { EVIDENCE_TEXTS } from './evidence-texts';

const LONGEST_TITLE = 200;
const FORMATS = ['html', 'json'] as const;
const LANGUAGES = Object.keys(EVIDENCE_TEXTS) as EvidenceOrder['language'][];

/** @throws {ConsoleRefusal} 400 naming the field and the cure */
export function readEvidenceOrder(given: unknown): EvidenceOrder {
  const { format, language, title, records } = (given ?? {}) as Record<string, unknown>;
  return {
    format: oneOf('format', FORMATS, format),
    language: oneOf('language', LANGUAGES, language),
    ...(title !== undefined && title !== '' && { title: readTitle(title) }),
    ...(records !== undefined && { records: readIds(records) }),
  };
}

function oneOf<T extends string>(field: string, known: readonly T[], value: unknown): T {
  const found = known.find((name) => name === value);
  if (found === undefined) throw invalid(field, `must be one of ${known.join(', ')}`);
  return found;
}

function readTitle(title: unknown): string {
  if (typeof title === 'string' && title.length <= LONGEST_TITLE) return title;
  throw invalid('title', `must be a text of at most ${LONGEST_TITLE} characters`);
}

function readIds(records: unknown): number[] {
  if (Array.isArray(records) && records.every((id) => Number.isInteger(id))) return records as number[];
  throw invalid('records', 'must be a list of the ids of records; leave it out for all of them');
}
