import {
  clockAt,
  HOUR,
  LAST_INSTANT,
  near,
  NEAR_MILLISECONDS,
  NEAR_SECONDS,
  OFFSETS,
  offsetMs,
  offsetOf,
  SECOND,
  spokenShift,
  ZONES_APART,
} from './clock-readings';
import { type Change, type Changes, respelled, series, type Series } from './change';

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d))?(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i;
const NEAR_MICROSECONDS = 5_000;

/** A date in text: another spelling of the instant, another zone, another reading of the clock. */
export function isoTimeChanges(name: string, text: string): Changes {
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
    ...(form.fraction === '' ? [milliseconds(name, form)] : []),
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

function otherReadings(name: string, form: IsoForm): Series[] {
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
    series(length < 3 ? [] : near(NEAR_MILLISECONDS), (shift) => reading(shift, 'ms', shifted(form, shift))),
    series(length < 6 ? [] : near(NEAR_MICROSECONDS), (shift) => reading(shift, '\u00b5s', shifted(form, 0, shift))),
    series(near(NEAR_SECONDS), (shift) => reading(shift, 's', shifted(form, shift * SECOND))),
  ];
}

/** The clock's milliseconds signed, and cut off in what was sent: in its own zone or in UTC. */
function milliseconds(name: string, { local, instant, zone = '' }: IsoForm): Series {
  const utc = new Date(instant).toISOString().slice(0, 19);
  const fractions = Array.from({ length: SECOND }, (_, rest) => `.${String(rest).padStart(3, '0')}`);
  return series(
    fractions.flatMap((fraction) => [`${local}${fraction}${zone}`, `${utc}${fraction}Z`]),
    (text) =>
      respelled(name, 'time-in-milliseconds', `with ${name} in milliseconds; it is in seconds`, text, {
        isAlone: true,
      }),
  );
}

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

const distinct = (texts: readonly string[], own: string): string[] =>
  [...new Set(texts)].filter((text) => text !== own);
