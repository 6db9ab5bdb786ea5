import { bytesOf, hexLines } from './bytes';
import { diffRuns, visible } from './diff';
import { prettyJson } from './json';
import { keyed } from './keyed';
import { maskedRuns, runsOf } from './masked';
import { translatedMistake } from './mistake';
import { newOperationNumber } from './operation-number';
import { refusalReason, sentState } from './webhook-verdict';

describe('diffRuns', () => {
  it('marks what differs between what is alike', () => {
    expect(diffRuns('{"a":1}', '{"a": 1}')).toEqual([
      [
        { text: '{"a":', differs: false },
        { text: '1}', differs: false },
      ],
      [
        { text: '{"a":', differs: false },
        { text: ' ', differs: true },
        { text: '1}', differs: false },
      ],
    ]);
  });

  it('finds nothing in equal texts, and does not cut a character in two', () => {
    expect(diffRuns('same', 'same')[0]).toEqual([{ text: 'same', differs: false }]);
    expect(diffRuns('\u{1f600}', '\u{1f601}')[0]).toEqual([{ text: '\u{1f600}', differs: true }]);
  });

  it('makes whitespace visible', () => {
    expect(visible('a b\n')).toBe('a\u2423b\u21b5');
  });
});

describe('prettyJson', () => {
  it('leaves every token as it was sent: number forms, escapes, repeated members', () => {
    const sent = String.raw`{"total":1.00,"name":"\u00f1, [x]","a":{},"a":[1,{"b":null}]}`;
    const pretty = prettyJson(sent);
    expect(pretty.split('\n')).toHaveLength(11);
    expect(pretty.replace(/\n\s*|(?<=":) /g, '')).toBe(sent);
  });

  it('leaves alone what is no JSON', () => {
    expect(prettyJson('{"status": {')).toBe('{"status": {');
  });
});

describe('masked values', () => {
  const maskedIn = (text: string) =>
    maskedRuns(text)
      .filter(({ isMasked }) => isMasked)
      .map((run) => run.text);

  it.each([
    ['Bearer sha2\u20269f3c (71)', ['sha2\u20269f3c (71)']],
    ['{"tranKey":"masked:6ceb","nonce":"NTNh\u2026YWdh (24)"}', ['masked:6ceb', 'NTNh\u2026YWdh (24)']],
    ['nothing (71) here\u2026', []],
  ])('are found in %s', (text, masks) => {
    expect(maskedIn(text)).toEqual(masks);
    expect(
      maskedRuns(text)
        .map((run) => run.text)
        .join(''),
    ).toBe(text);
  });

  it('are taken from ranges in any order, overlapping ones too', () => {
    expect(
      runsOf('abcdef', [
        [4, 5],
        [0, 2],
        [1, 3],
      ]),
    ).toEqual([
      { text: 'ab', isMasked: true },
      { text: 'c', isMasked: true },
      { text: 'd', isMasked: false },
      { text: 'e', isMasked: true },
      { text: 'f', isMasked: false },
    ]);
  });
});

describe('the hex view', () => {
  it('shows sixteen bytes a line, of text or of hex', () => {
    const lines = hexLines(bytesOf('0123456789abcdefñ', 'utf8'));
    expect(lines).toEqual([
      { offset: '000000', hex: '30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66', text: '0123456789abcdef' },
      { offset: '000010', hex: 'c3 b1', text: '\u00b7\u00b7' },
    ]);
    expect([...bytesOf('00ff', 'hex')]).toEqual([0, 255]);
  });
});

describe('operation numbers', () => {
  it('have ten digits at either end of chance', () => {
    expect([0, 1 - 2 ** -32].map((chance) => newOperationNumber(() => chance))).toEqual(['1000000000', '9999999997']);
  });
});

describe('translatedMistake', () => {
  const known = { 'order-swapped': 'Orden.', 'encoding-hex': 'Hex.', 'body-spaced': 'Espacios.' };

  it('joins what is known, and takes data for a body', () => {
    expect(translatedMistake('order-swapped+encoding-hex', known)).toBe('Orden. Hex.');
    expect(translatedMistake('data-spaced', known)).toBe('Espacios.');
  });

  it('tells nothing rather than half of it', () => {
    expect(translatedMistake('order-swapped+new-code', known)).toBeUndefined();
  });
});

describe('what became of a webhook', () => {
  it('is read from its status and answer', () => {
    expect([null, 200, 401, 0].map((status) => sentState({ status }))).toEqual([
      'pending',
      'accepted',
      'refused',
      'refused',
    ]);
    expect(refusalReason({ answer: '{"statusCode":401,"reason":"mismatch"}' })).toBe('mismatch');
    expect(
      [undefined, 'ECONNREFUSED', 'null', '{}'].map((answer) => refusalReason({ ...(answer && { answer }) })),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('keyed', () => {
  it('keeps the key of each when others come in front, those that look the same too', () => {
    const keysOf = (items: readonly string[]) => keyed(items, (item) => item).map(([key]) => key);
    expect(keysOf(['a', 'b', 'a'])).toEqual(['a 2', 'b 1', 'a 1']);
    expect(keysOf(['a', 'b', 'a', 'b', 'a']).slice(2)).toEqual(['a 2', 'b 1', 'a 1']);
  });
});
