export const SECOND = 1_000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** Where the gateways and their merchants are, and UTC. */
export const OFFSETS = [
  '+00:00',
  'Z',
  '-05:00',
  '-04:00',
  '-03:00',
  '-06:00',
  '+01:00',
  '+02:00',
  '+07:00',
  '+08:00',
  '+09:00',
];
/** The end of the year 9999: what is later has no date in these forms. */
export const LAST_INSTANT = 253_402_300_799_999;
/** Two readings of one clock, two clocks that differ a little, or a value that was kept for some minutes. */
export const NEAR_SECONDS = 900;
export const NEAR_MILLISECONDS = 2_000;
/** Half hours: no two zones are further apart. */
export const ZONES_APART = 28;

/** Date and time to the second, as a clock there shows it. */
export const clockAt = (instant: number, offset: string): string =>
  new Date(instant + offsetMs(offset)).toISOString().slice(0, 19);

export function offsetOf(zone: string | undefined): string {
  return zone === undefined || zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2');
}

export function offsetMs(zone: string | undefined): number {
  const offset = offsetOf(zone);
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE;
}

/** 1, -1, 2, -2, ... */
export const near = (most: number): number[] =>
  Array.from({ length: 2 * most }, (_, index) => (index % 2 === 0 ? 1 : -1) * (1 + Math.floor(index / 2)));

export const spokenShift = (shift: number, unit: string): string =>
  `${Math.abs(shift)} ${unit} ${shift < 0 ? 'earlier' : 'later'}`;
