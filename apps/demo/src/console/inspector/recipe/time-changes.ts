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
/** Two readings of one clock, two clocks that differ a little, or a value that was kept for some minutes. */
const NEAR_SECONDS = 900;
const NEAR_MILLISECONDS = 2_000;
/** What has its own request behind it is further away. */
const NEAR_EPOCH_MILLISECONDS = 5_500;
const NEAR_MICROSECONDS = 5_000;
/** Half hours: no two zones are further apart. */
const ZONES_APART = 28;

/** A date in text: another spelling of the instant, another zone, another reading of the clock. */
export function isoTimeChanges(name: string, text: string): Change[] {
  const form = readIso(text);
  if (form === undefined) return [];
  const { local, zone } = form;
  return [
    ...(zone === undefined
      ? []
      : [...new Set([local, local.replace('T', ' '), text.slice(0, -zone.length)])].map((bare) =>
          respelled(name, 'time-without-zone', `with ${name} without its zone`, bare),
        )),
    ...respellings(name, text, form),
    ...zoneChanges(name, text, form),
    ...(form.fraction === '' ? milliseconds(name, form) : []),
    ...otherReadings(name, form),
  ];
}

interface IsoForm {
  readonly text: string;
  /** Epoch milliseconds; what is finer is left out. */
  readonly instant: number;
  /** Date and time to the second, as written, with a T between. */
  readonly local: string;
  /** Digits behind the point. */
  readonly fraction: string;
  readonly hasSeconds: boolean;
  readonly zone: string | undefined;
}

function readIso(text: string): IsoForm | undefined {
  const [, day = '', time = '', seconds, fraction = '', zone] = ISO.exec(text) ?? [];
  const local = `${day}T${time}:${seconds ?? '00'}`;
  const instant = Date.parse(`${local}${fraction && `.${fraction.slice(0, 3)}`}${offsetOf(zone)}`);
  // A second day of the year 10000 has no date in these forms.
  const isDate = !Number.isNaN(instant) && Math.abs(instant) < LAST_INSTANT - ZONES_APART * HOUR;
  return isDate ? { text, instant, local, fraction, hasSeconds: seconds !== undefined, zone } : undefined;
}

/** One instant written otherwise; and what is lost when its last digits are. */
function respellings(name: string, text: string, { instant, local, fraction, zone }: IsoForm): Change[] {
  const isWhole = /^0*$/.test(fraction);
  const respell = (spelling: string, isAlone = false): Change =>
    respelled(name, 'time-respelled', `with ${name} written otherwise, though it is the same instant`, spelling, {
      isAlone,
    });
  const cut = (spelling: string, isAlone = false): Change =>
    respelled(
      name,
      'time-rounded',
      `with ${name} without what is less than a second, however it was written`,
      spelling,
      { isAlone },
    );
  const whole = isWhole ? respell : cut;
  const utc = new Date(instant).toISOString();
  const fractions = [...new Set([fraction, fraction.slice(0, 3), ...[3, 6].map((most) => fraction.padEnd(most, '0'))])];
  const zones = [...new Set([...(zone === undefined ? [] : [zone, offsetOf(zone)]), ...OFFSETS])];
  const written = zones.flatMap((label) =>
    spelledZones(label).flatMap((spelled) =>
      ['T', ' '].map((between) => ({ clock: clockAt(instant, label).replace('T', between), spelled })),
    ),
  );
  const minutes = written.map(({ clock, spelled }) => clock.slice(0, 16) + spelled);
  return [
    ...distinct([...(isWhole ? [`${local}${zone ?? ''}`] : []), utc, ...spellings(text), String(instant)], text).map(
      (each) => respell(each),
    ),
    ...distinct(
      [
        ...(isWhole ? [] : [`${local}${zone ?? ''}`]),
        `${utc.slice(0, 19)}Z`,
        ...OFFSETS.map((offset) => clockAt(instant, offset) + offset),
        String(Math.floor(instant / SECOND)),
        new Date(instant).toUTCString(),
      ],
      text,
    ).map((each) => whole(each)),
    ...distinct(
      fractions
        .filter((digits) => digits !== '')
        .flatMap((digits) => written.map(({ clock, spelled }) => `${clock}.${digits}${spelled}`)),
      text,
    ).map((each) => respell(each, true)),
    ...distinct(
      written.map(({ clock, spelled }) => clock + spelled),
      text,
    ).map((each) => whole(each, true)),
    ...distinct(minutes, text).map((each) =>
      isWhole && utc.slice(17, 19) === '00'
        ? respell(each, true)
        : respelled(name, 'time-without-seconds', `with ${name} without its seconds`, each, { isAlone: true }),
    ),
  ];
}

/** Small things that change no digit. */
const spellings = (text: string): string[] => [
  text.replace(/t/i, ' '),
  text.replace(' ', 'T'),
  text.replace(/([+-]\d\d):(\d\d)$/, '$1$2'),
  text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
];

const spelledZones = (label: string): string[] => [
  ...new Set([label, label.replace(':', ''), ...(offsetMs(label) === 0 ? ['Z', '+00:00', '+0000', '-00:00'] : [])]),
];

/** The clock of one zone with the name of another. */
function zoneChanges(name: string, text: string, form: IsoForm): Change[] {
  const { local, fraction, zone } = form;
  const own = offsetMs(zone);
  const bare = text.slice(0, text.length - (zone?.length ?? 0));
  const other = (spelling: string, isAlone: boolean): Change =>
    respelled(name, 'time-zone', `with another zone in ${name}: another instant`, spelling, { isAlone });
  const mixedUp = (spelling: string): Change =>
    respelled(
      name,
      'time-local-as-utc',
      `with the clock of UTC for the local one in ${name}, or the other way round, behind it the zone of ${name}`,
      spelling,
    );
  const labels = OFFSETS.filter((offset) => offsetMs(offset) !== own);
  const fractions = ['', '000', ...(fraction === '' ? [] : [fraction])];
  return [
    ...labels.map((label) => other(`${bare}${label}`, false)),
    ...(own === 0 ? [] : [-own, own].map((shift) => mixedUp(shifted(form, shift)))),
    ...labels.flatMap((label) =>
      spelledZones(label).flatMap((spelled) =>
        fractions.map((digits) => other(`${local}${digits && `.${digits}`}${spelled}`, true)),
      ),
    ),
    ...near(ZONES_APART).map((halves) => other(shifted(form, (halves * HOUR) / 2), true)),
  ];
}

function otherReadings(name: string, form: IsoForm): Change[] {
  const reading = (shift: number, unit: string, text: string): Change =>
    respelled(
      name,
      'time-other-reading',
      `with ${name} of another moment, ${spokenShift(shift, unit)}; read the clock once`,
      text,
      { isAlone: true },
    );
  const { length } = form.fraction;
  return [
    ...(length < 3 ? [] : near(NEAR_MILLISECONDS)).map((shift) => reading(shift, 'ms', shifted(form, shift))),
    ...(length < 6 ? [] : near(NEAR_MICROSECONDS)).map((shift) => reading(shift, '\u00b5s', shifted(form, 0, shift))),
    ...near(NEAR_SECONDS).map((shift) => reading(shift, 's', shifted(form, shift * SECOND))),
  ];
}

/** The clock's milliseconds signed, and cut off in what was sent: in its own zone or in UTC. */
function milliseconds(name: string, { local, instant, zone = '' }: IsoForm): Change[] {
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
    ...(unit === 'ms' ? expiries(name, given) : []),
    ...near(ZONES_APART).map((halves) =>
      change(
        'time-zone',
        `with ${name} of a local time taken for UTC, ${spokenShift(halves / 2, 'h')}`,
        String(given + (halves * (HOUR / 2)) / scale),
      ),
    ),
    ...near(unit === 'ms' ? NEAR_EPOCH_MILLISECONDS : NEAR_SECONDS).map((shift) =>
      change(
        'time-other-reading',
        `with ${name} of another moment, ${spokenShift(shift, unit)}; read the clock once`,
        String(given + shift),
        true,
      ),
    ),
    ...(unit === 'ms' ? near(NEAR_SECONDS) : []).map((shift) =>
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
function expiries(name: string, given: number): Change[] {
  return [0, ...near(NEAR_EXPIRY_MILLISECONDS)].flatMap((shift) =>
    TOKEN_LIVES.map((hours) =>
      respelled(
        name,
        'time-of-expiry',
        `with the time at which the token expires for ${name}, ${hours} h ahead; it is the time of the request`,
        String(given + hours * HOUR + shift),
        { isAlone: true },
      ),
    ),
  );
}

/** The clock read twice for one request: text and key of one HMAC hold two readings, of which `digits` is the one or the other. */
export function twoReadings(name: string, digits: string): Change[] {
  if (!/^\d{1,15}$/.test(digits)) return [];
  const given = Number(digits);
  return (['key', 'text'] as const).flatMap((where) => {
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
      ...near(NEAR_MILLISECONDS / 2).map((shift) =>
        only('time-other-reading', moment(shift, 'ms'), String(given + shift)),
      ),
      ...near(NEAR_SECONDS / 3).map((shift) =>
        only('time-other-reading', moment(shift, 's'), String(given + shift * SECOND)),
      ),
    ];
  });
}

function sameInstant(instant: number): string[] {
  const utc = new Date(instant).toISOString();
  const elsewhere = OFFSETS.filter((offset) => offset !== 'Z').map((offset) => isoAt(instant, offset));
  return [utc, `${utc.slice(0, 19)}Z`, ...elsewhere, String(instant), String(Math.floor(instant / SECOND))];
}

const isoAt = (instant: number, offset: string): string => clockAt(instant, offset) + offset;

/** Date and time to the second, as a clock there shows it. */
const clockAt = (instant: number, offset: string): string =>
  new Date(instant + offsetMs(offset)).toISOString().slice(0, 19);

/** Another moment in the form of the text that was given, with as many digits. */
function shifted({ text, instant, fraction, hasSeconds, zone }: IsoForm, byMs: number, byMicroseconds = 0): string {
  const finer = Number(fraction.slice(3, 6).padEnd(3, '0')) + byMicroseconds;
  const at = new Date(instant + byMs + Math.floor(finer / SECOND) + offsetMs(zone)).toISOString();
  const micro = String(((finer % SECOND) + SECOND) % SECOND).padStart(3, '0');
  const digits = (at.slice(20, 23) + micro + fraction.slice(6)).slice(0, fraction.length);
  const point = fraction === '' ? '' : text.charAt(text.search(/[.,]\d/));
  const clock = `${at.slice(0, 10)}${text.charAt(10)}${at.slice(11, hasSeconds ? 19 : 16)}`;
  return `${clock}${point}${digits}${zone ?? ''}`;
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
