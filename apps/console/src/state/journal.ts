import { type JournalEntry } from '../api/simulator';

/** As many as the simulator keeps. */
const JOURNAL_KEPT = 1_000;

/** Newest first. Ids that begin anew belong to a journal that was emptied, or to another simulator. */
export function mergeJournal(
  known: readonly JournalEntry[],
  entries: readonly JournalEntry[],
): readonly JournalEntry[] {
  if (entries.length === 0) return known;
  const arrived = [...entries].sort((one, other) => other.id - one.id);
  const newest = known[0];
  const same = known.find(({ id }) => id === arrived[0]?.id);
  const beganAnew =
    newest !== undefined && (arrived[0]?.id ?? 0) <= newest.id && (same === undefined || same.at !== arrived[0]?.at);
  if (beganAnew) return arrived.slice(0, JOURNAL_KEPT);
  const ids = new Set(arrived.map(({ id }) => id));
  return [...arrived, ...known.filter(({ id }) => !ids.has(id))].slice(0, JOURNAL_KEPT);
}
