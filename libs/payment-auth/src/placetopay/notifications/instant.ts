const INSTANT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(0\d|1[0-4]):?([0-5]\d))$/;

/**
 * The instant an ISO 8601 text names, epoch ms; `undefined` when it names none.
 *
 * Takes every form in which Placetopay's pages and SDKs write a seed: offsets with and without a colon, `Z`, up to nine digits
 * of a second, and no seconds at all (Java). What is hashed is the text, so reading it leniently weakens nothing.
 */
export function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, date, time, seconds = '00', fraction = '', sign, hours = '0', minutes = '0'] = match;
  const local = `${date}T${time}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const epochMs = Date.parse(local);
  // `Date.parse` takes 30 February for a day in March.
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString() !== local) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? epochMs + offsetMs : epochMs - offsetMs;
}

/** A day (`2027-01-01`, from 00:00 UTC) or an instant. Epoch ms; `undefined` when it is neither. */
export function parseInstantOrDay(text: string): number | undefined {
  return parseInstant(text.includes('T') ? text : `${text}T00:00:00Z`);
}
