const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Whether a text can stand in a header as it is: no space that could be trimmed, no control character that Node refuses, and
 * nothing beyond ASCII, which no two servers read alike.
 */
export const isVisibleAscii = (text: string): boolean => VISIBLE_ASCII.test(text);
