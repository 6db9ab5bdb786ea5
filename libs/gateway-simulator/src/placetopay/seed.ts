const SEED = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * The instant a seed names, epoch milliseconds; `undefined` when it is no date, `'no-zone'` when it lacks its offset.
 *
 * Lenient on purpose: official examples and SDKs write seconds or none, up to nine fraction digits, `Z` or an offset
 * with or without a colon. The digest is made over the text, so a lenient reading does not weaken the check.
 */
export function parseSeed(seed: string): number | 'no-zone' | undefined {
  const match = SEED.exec(seed);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone] = match;
  const fields = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  const utc = new Date(Date.UTC(y, mo - 1, d, h, mi, s));
  const roundTrip = [
    utc.getUTCFullYear(),
    utc.getUTCMonth() + 1,
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
  ];
  if (!roundTrip.every((value, index) => value === fields[index])) return undefined;
  if (zone === undefined) return 'no-zone';
  const milliseconds = Math.floor(Number(`0.${fraction}`) * 1000);
  return utc.getTime() + milliseconds - offsetMinutes(zone) * 60_000;
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

const BOGOTA_OFFSET_MS = -5 * 3_600_000;

/** Dates as every sample of the docs prints them: local time of Colombia, seconds, offset. */
export function formatDate(epochMs: number): string {
  return `${new Date(epochMs + BOGOTA_OFFSET_MS).toISOString().slice(0, 19)}-05:00`;
}
