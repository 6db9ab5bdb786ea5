import { type Change, respelled } from './change';
import { type Part } from './recipe';

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d))?(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Where the gateways and their merchants are, and UTC. */
const OFFSETS = [
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
const LAST_INSTANT = 253_402_300_799_999;
/** Two readings of one clock, or two clocks that differ a little. */
const NEAR_SECONDS = 300;
const NEAR_MILLISECONDS = 2_000;

/** A date in text: another spelling of the instant, another zone, another reading of the clock. */
export function isoTimeChanges(name: string, text: string): Change[] {
  const [, day = '', time = '', seconds = '00', fraction = '', zone] = ISO.exec(text) ?? [];
  const instant = Date.parse(`${day}T${time}:${seconds}${fraction && `.${fraction.slice(0, 3)}`}${offsetOf(zone)}`);
  if (Number.isNaN(instant)) return [];
  const local = `${day}T${time}:${seconds}`;
  const respell = (spelling: string): Change =>
    respelled(name, 'time-respelled', `with ${name} written otherwise, though it is the same instant`, spelling);
  const others = [
    ...sameInstant(instant),
    `${local}${zone ?? ''}`,
    text.replace(/t/i, ' '),
    text.replace(' ', 'T'),
    text.replace(/([+-]\d\d):(\d\d)$/, '$1$2'),
    text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
  ];
  return [
    ...(zone === undefined
      ? []
      : [...new Set([`${local}`, local.replace('T', ' '), text.slice(0, -zone.length)])].map((bare) =>
          respelled(name, 'time-without-zone', `with ${name} without its zone`, bare),
        )),
    ...distinct(others, text).map(respell),
    ...distinct(
      OFFSETS.map((offset) => `${text.slice(0, text.length - (zone?.length ?? 0))}${offset}`),
      text,
    ).map((other) => respelled(name, 'time-zone', `with another zone in ${name}: another instant`, other)),
    ...(fraction === '' ? milliseconds(name, local, instant, zone) : []),
    ...near(NEAR_SECONDS).map((shift) =>
      respelled(
        name,
        'time-other-reading',
        `with ${name} of another moment, ${spokenShift(shift, 's')}; read the clock once`,
        shiftedIso(instant, shift * SECOND, zone, text),
        { isAlone: true },
      ),
    ),
  ];
}

/** The clock's milliseconds signed, and cut off in what was sent: in its own zone or in UTC. */
function milliseconds(name: string, local: string, instant: number, zone = ''): Change[] {
  const utc = new Date(instant).toISOString().slice(0, 19);
  const fractions = Array.from({ length: SECOND }, (_, rest) => `.${String(rest).padStart(3, '0')}`);
  return fractions
    .flatMap((fraction) => [`${local}${fraction}${zone}`, `${utc}${fraction}Z`])
    .map((text) =>
      respelled(name, 'time-in-milliseconds', `with ${name} in milliseconds; it is in seconds`, text, {
        isAlone: true,
      }),
    );
}

/** Epoch time in digits: another unit, a local time taken for UTC, another reading of the clock. */
export function epochTimeChanges(name: string, digits: string, unit: 'ms' | 's'): Change[] {
  if (!/^\d{1,15}$/.test(digits)) return [];
  const given = Number(digits);
  const scale = unit === 'ms' ? 1 : SECOND;
  const instant = given * scale;
  if (instant > LAST_INSTANT) return [];
  const change = (code: string, what: string, text: string, isAlone = false): Change =>
    respelled(name, code, what, text, { isAlone });
  const units =
    unit === 'ms'
      ? [
          change(
            'time-in-seconds',
            `with ${name} in seconds; it is in milliseconds`,
            String(Math.floor(given / SECOND)),
          ),
        ]
      : [
          change('time-in-milliseconds', `with ${name} in milliseconds; it is in seconds`, String(instant)),
          ...near(SECOND - 1)
            .filter((rest) => rest > 0)
            .map((rest) =>
              change(
                'time-in-milliseconds',
                `with ${name} in milliseconds; it is in seconds`,
                String(instant + rest),
                true,
              ),
            ),
        ];
  const rounded = Math.floor(given / SECOND) * SECOND;
  return [
    ...units,
    change('time-in-microseconds', `with ${name} in microseconds`, String(instant * SECOND)),
    ...(unit === 'ms' && rounded !== given
      ? [change('time-rounded', `with ${name} rounded down to whole seconds`, String(rounded))]
      : []),
    ...sameInstant(instant)
      .filter((text) => !/^\d+$/.test(text))
      .map((text) => change('time-as-text', `with ${name} as a date in text; it is digits`, text)),
    change('value-left-out', `without ${name}`, ''),
    ...near(28).map((halves) =>
      change(
        'time-zone',
        `with ${name} of a local time taken for UTC, ${spokenShift(halves / 2, 'h')}`,
        String(given + (halves * (HOUR / 2)) / scale),
      ),
    ),
    ...near(unit === 'ms' ? NEAR_MILLISECONDS : NEAR_SECONDS).map((shift) =>
      change(
        'time-other-reading',
        `with ${name} of another moment, ${spokenShift(shift, unit)}; read the clock once`,
        String(given + shift),
        true,
      ),
    ),
  ];
}

/** The clock read twice for one request: text and key of one HMAC hold two readings, of which `digits` is the one or the other. */
export function twoReadings(name: string, digits: string): Change[] {
  if (!/^\d{1,15}$/.test(digits)) return [];
  return (['key', 'text'] as const).flatMap((where) =>
    near(NEAR_MILLISECONDS).map((shift): Change => {
      const bytes = Buffer.from(String(Number(digits) + shift));
      const reading = (parts: readonly Part[]): Part[] =>
        parts.map((part) => (part.name === name ? { ...part, bytes } : part));
      return {
        code: 'time-other-reading',
        inputs: [name],
        what: `with ${name} of another moment in the ${where} only, ${spokenShift(shift, 'ms')}; read the clock once`,
        isAlone: true,
        apply: (recipe) => ({
          ...recipe,
          ...(where === 'text' && { text: reading(recipe.text) }),
          ...(where === 'key' && { key: reading(recipe.key ?? []) }),
        }),
      };
    }),
  );
}

function sameInstant(instant: number): string[] {
  const utc = new Date(instant).toISOString();
  const elsewhere = OFFSETS.filter((offset) => offset !== 'Z').map((offset) => isoAt(instant, offset));
  return [utc, `${utc.slice(0, 19)}Z`, ...elsewhere, String(instant), String(Math.floor(instant / SECOND))];
}

const isoAt = (instant: number, offset: string): string =>
  `${new Date(instant + offsetMs(offset)).toISOString().slice(0, 19)}${offset}`;

/** In the form of the text that was given. */
function shiftedIso(instant: number, shift: number, zone: string | undefined, form: string): string {
  const local = new Date(instant + shift + offsetMs(zone)).toISOString();
  const fractionAt = form.search(/[.,]\d+/);
  const fraction = fractionAt === -1 ? '' : (/[.,]\d+/.exec(form)?.[0] ?? '');
  const separator = form.charAt(10);
  return `${local.slice(0, 10)}${separator}${local.slice(11, 19)}${fraction}${zone ?? ''}`;
}

function offsetOf(zone: string | undefined): string {
  return zone === undefined || zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2');
}

function offsetMs(zone: string | undefined): number {
  const offset = offsetOf(zone);
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE;
}

/** 1, -1, 2, -2, ... */
const near = (most: number): number[] => Array.from({ length: most }, (_, index) => [index + 1, -index - 1]).flat();

const distinct = (texts: readonly string[], own: string): string[] =>
  [...new Set(texts)].filter((text) => text !== own);

const spokenShift = (shift: number, unit: string): string =>
  `${Math.abs(shift)} ${unit} ${shift < 0 ? 'earlier' : 'later'}`;
