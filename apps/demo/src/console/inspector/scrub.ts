import { type InspectionResult, type InspectionStage } from '../contract';

const SHORTEST = 6;

/**
 * Dots in place of a secret wherever it turns up in what is shown, as it is, in hex or in base64: inputs are shown as they were
 * given, and somebody may have pasted it. The second line behind parts that are hidden by name.
 */
export function scrubbed(result: InspectionResult, secrets: readonly string[]): InspectionResult {
  const needles = secrets.filter(({ length }) => length >= SHORTEST).flatMap(spellingsOf);
  const { stages, verdict } = result;
  const text = (value: string): string => hide(value, needles).value;
  return {
    stages: stages.map((stage) => scrubbedStage(stage, needles)),
    ...(verdict && {
      verdict: {
        ...verdict,
        ...(verdict.at && { at: { ...verdict.at, ours: text(verdict.at.ours), theirs: text(verdict.at.theirs) } }),
      },
    }),
  };
}

function scrubbedStage(stage: InspectionStage, needles: readonly string[]): InspectionStage {
  const { value, ranges } = hide(stage.value, needles);
  return ranges.length === 0 ? stage : { ...stage, value, masked: [...(stage.masked ?? []), ...ranges] };
}

/** Of the same length, so that other ranges stay where they are. */
function hide(text: string, needles: readonly string[]): { value: string; ranges: (readonly [number, number])[] } {
  const ranges: (readonly [number, number])[] = [];
  let value = text;
  for (const needle of needles) {
    for (let at = value.indexOf(needle); at !== -1; at = value.indexOf(needle, at + needle.length)) {
      value = value.slice(0, at) + '•'.repeat(needle.length) + value.slice(at + needle.length);
      ranges.push([at, at + needle.length]);
    }
  }
  return { value, ranges };
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const json = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, json, encodeURIComponent(secret), hex, hex.toUpperCase(), ...base64Of(bytes)])];
}

/** What of it stands in any base64, wherever in the encoded text it begins. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((lead) => {
    const encoded = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const ownFrom = Math.ceil((lead * 4) / 3);
    const own = encoded.slice(ownFrom, Math.floor(((lead + bytes.length) * 4) / 3));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
