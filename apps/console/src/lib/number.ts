/** What was typed; NaN, which no backend takes, for blanks, which `Number` reads as 0. */
export const typedNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
