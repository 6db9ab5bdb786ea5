const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `9 h 59 min`, `12 min 05 s`, `42 s`, `350 ms`; a minus sign in front when it is over. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '\u2212' : '';
  const padded = (value: number) => String(value).padStart(2, '0');
  if (size < SECOND) return `${sign}${Math.round(size)} ms`;
  if (size < MINUTE) return `${sign}${Math.floor(size / SECOND)} s`;
  if (size < HOUR) return `${sign}${Math.floor(size / MINUTE)} min ${padded(Math.floor((size % MINUTE) / SECOND))} s`;
  return `${sign}${Math.floor(size / HOUR)} h ${padded(Math.floor((size % HOUR) / MINUTE))} min`;
}

/** With its sign, for an offset: `+2 s`, `−350 ms`, `0 ms`. Rounded: ten hours less a few milliseconds are ten hours. */
export function formatOffset(ms: number): string {
  const size = Math.abs(ms);
  const unit = size < SECOND ? 1 : size < HOUR ? SECOND : MINUTE;
  const rounded = Math.round(ms / unit) * unit;
  return rounded > 0 ? `+${formatDuration(rounded)}` : formatDuration(rounded);
}

/** Wall-clock time to the second, in the reader's zone. */
export function formatTime(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Date and time, spelt by the language. */
export function formatDateTime(at: string | number, language: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(date);
}

/** How much of a life is left, between 0 and 1. */
export function remainingShare(remainingMs: number, ageMs: number): number {
  const life = remainingMs + ageMs;
  return life <= 0 ? 0 : Math.min(1, Math.max(0, remainingMs / life));
}

/** Whole seconds still to go, never negative: 30 at once, 0 when it is over. */
export function secondsLeft(expiresAt: string | number, now: number): number {
  const end = typeof expiresAt === 'number' ? expiresAt : Date.parse(expiresAt);
  return Number.isNaN(end) ? 0 : Math.max(0, Math.ceil((end - now) / SECOND));
}
