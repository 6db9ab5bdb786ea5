import { useMessages } from '../i18n/messages';
import { useNow } from '../lib/hooks';

const TICK_MS = 100;

/** Time since a reading of `performance.now()`, going on. */
export function Elapsed({ since }: { readonly since: number }) {
  const t = useMessages();
  useNow(TICK_MS);
  // Aloud it would be a new number ten times a second.
  return <span aria-live="off">{t.calls.running(`${Math.max(0, Math.round(performance.now() - since))} ms`)}</span>;
}
