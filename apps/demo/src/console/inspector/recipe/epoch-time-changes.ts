import { type Change, type Changes, respelled, series, type Series } from './change';
import {
  clockAt,
  HOUR,
  LAST_INSTANT,
  near,
  NEAR_MILLISECONDS,
  NEAR_SECONDS,
  OFFSETS,
  SECOND,
  spokenShift,
  ZONES_APART,
} from './clock-readings';
import { type Part } from './recipe';

/** What has its own request behind it is further away. */
const NEAR_EPOCH_MILLISECONDS = 5_500;
/** Milliseconds of a second, without the first. */
const RESTS = Array.from({ length: SECOND - 1 }, (_, index) => index + 1);

/** Epoch time in digits: another unit, a local time taken for UTC, another reading of the clock. */
export function epochTimeChanges(name: string, digits: string, unit: 'ms' | 's'): Changes {
  if (!/^\d{1,15}$/.test(digits)) return [];
  const given = Number(digits);
  const scale = unit === 'ms' ? 1 : SECOND;
  const instant = given * scale;
  if (instant > LAST_INSTANT) return [];
  const change = (code: string, what: string, text: string, isAlone = false): Change =>
    respelled(name, code, what, text, { isAlone });
  const inMilliseconds = (rest: number) =>
    ['time-in-milliseconds', `with ${name} in milliseconds; it is in seconds`, String(instant + rest)] as const;
  const units: Changes =
    unit === 'ms'
      ? [
          change(
            'time-in-seconds',
            `with ${name} in seconds; it is in milliseconds`,
            String(Math.floor(given / SECOND)),
          ),
        ]
      : [change(...inMilliseconds(0)), series(RESTS, (rest) => change(...inMilliseconds(rest), true))];
  const rounded = Math.floor(given / SECOND) * SECOND;
  return [
    ...units,
    change('time-in-microseconds', `with ${name} in microseconds`, String(instant * SECOND)),
    ...(unit === 'ms' && rounded !== given
      ? [change('time-rounded', `with ${name} rounded down to whole seconds`, String(rounded))]
      : []),
    ...datesOf(instant).map((text) => change('time-as-text', `with ${name} as a date in text; it is digits`, text)),
    change('value-left-out', `without ${name}`, ''),
    ...(unit === 'ms' ? [expiries(name, given)] : []),
    ...near(ZONES_APART).map((halves) =>
      change(
        'time-zone',
        `with ${name} of a local time taken for UTC, ${spokenShift(halves / 2, 'h')}`,
        String(given + (halves * (HOUR / 2)) / scale),
      ),
    ),
    series(near(unit === 'ms' ? NEAR_EPOCH_MILLISECONDS : NEAR_SECONDS), (shift) =>
      change(
        'time-other-reading',
        `with ${name} of another moment, ${spokenShift(shift, unit)}; read the clock once`,
        String(given + shift),
        true,
      ),
    ),
    series(unit === 'ms' ? near(NEAR_SECONDS) : [], (shift) =>
      change(
        'time-other-reading',
        `with ${name} of another moment, ${spokenShift(shift, 's')}; read the clock once`,
        String(given + shift * SECOND),
        true,
      ),
    ),
  ];
}

/** How long tokens live, whose end somebody may have taken for the time of the request. */
const TOKEN_LIVES = [10, 24];
const NEAR_EXPIRY_MILLISECONDS = 500;

/** The end of a token that was asked for a moment ago. */
function expiries(name: string, given: number): Series {
  return series(
    [0, ...near(NEAR_EXPIRY_MILLISECONDS)].flatMap((shift) => TOKEN_LIVES.map((hours) => ({ shift, hours }))),
    ({ shift, hours }) =>
      respelled(
        name,
        'time-of-expiry',
        `with the time at which the token expires for ${name}, ${hours} h ahead; it is the time of the request`,
        String(given + hours * HOUR + shift),
        { isAlone: true },
      ),
  );
}

/** The clock read twice for one request: text and key of one HMAC hold two readings, of which `digits` is the one or the other. */
export function twoReadings(name: string, digits: string): Changes {
  if (!/^\d{1,15}$/.test(digits)) return [];
  const given = Number(digits);
  return (['key', 'text'] as const).flatMap((where): Changes => {
    const only = (code: string, what: string, text: string): Change => {
      const bytes = Buffer.from(text);
      const reading = (parts: readonly Part[]): Part[] =>
        parts.map((part) => (part.name === name ? { ...part, bytes } : part));
      return {
        code,
        inputs: [name],
        what,
        isAlone: true,
        apply: (recipe) => ({
          ...recipe,
          ...(where === 'text' && { text: reading(recipe.text) }),
          ...(where === 'key' && { key: reading(recipe.key ?? []) }),
        }),
      };
    };
    const moment = (shift: number, unit: string): string =>
      `with ${name} of another moment in the ${where} only, ${spokenShift(shift, unit)}; read the clock once`;
    return [
      only(
        'time-in-seconds',
        `with ${name} in seconds in the ${where} only; it is in milliseconds`,
        String(Math.floor(given / SECOND)),
      ),
      series(near(NEAR_MILLISECONDS / 2), (shift) =>
        only('time-other-reading', moment(shift, 'ms'), String(given + shift)),
      ),
      series(near(NEAR_SECONDS / 3), (shift) =>
        only('time-other-reading', moment(shift, 's'), String(given + shift * SECOND)),
      ),
    ];
  });
}

/** The instant in text: in UTC to the millisecond, and as clocks show it here and elsewhere. */
const datesOf = (instant: number): string[] => [
  new Date(instant).toISOString(),
  ...OFFSETS.map((offset) => clockAt(instant, offset) + offset),
];
