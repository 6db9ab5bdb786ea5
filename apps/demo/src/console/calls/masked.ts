import { type Masked } from '../contract';

const SHOWN = 4;
/** Of anything shorter, first and last characters would be too much of it. */
const SHORTEST_SHOWN = 32;

/** First and last characters of a value that lives for minutes, enough to tell two of them apart. */
export function masked(value: string): Masked {
  if (value.length < SHORTEST_SHOWN) return hidden(value);
  return `${value.slice(0, SHOWN)}…${value.slice(-SHOWN)} (${value.length})`;
}

/** Nothing but the length, for what people have chosen and keep for years. */
export const hidden = (value: string): Masked => `… (${value.length})`;
