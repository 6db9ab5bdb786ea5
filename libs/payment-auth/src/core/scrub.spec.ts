import { boundGatewayMessage, removeSecrets, scrubGatewayMessage } from './scrub';

/** All that is written in more than one way: quotes, a slash, what PHP escapes, and what takes two of its escapes. */
const SECRET = 'k"e\\y/ñ€\u{1f511}';

/** As PHP's `json_encode` writes it, within quotes. */
const OF_PHP = 'k\\"e\\\\y\\/\\u00f1\\u20ac\\ud83d\\udd11';

describe('removeSecrets', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
    ["in PHP's JSON", OF_PHP],
  ])('removes a secret written %s', (_how, written) => {
    expect(removeSecrets(`key <${written}>, again <${written}>`, [SECRET])).toBe(
      'key <[redacted]>, again <[redacted]>',
    );
  });

  it.each([
    ['a/b', 'a\\/b'],
    ['a//b', 'a\\/\\/b'],
    ['\u007f', '\u007f'],
    ['\u0080', '\\u0080'],
    ['\uffff', '\\uffff'],
    ['tab\there', 'tab\\there'],
  ])('knows %j when PHP writes it as %s', (secret, written) => {
    expect(removeSecrets(`<${written}>`, [secret])).toBe('<[redacted]>');
  });

  it('leaves all of a message that holds no secret', () => {
    expect(removeSecrets('Unknown key\\/site ñ', ['another'])).toBe('Unknown key\\/site ñ');
  });

  it('takes no secret for nothing to remove: an empty one stands between any two letters', () => {
    expect(removeSecrets('abc', ['', 'b'])).toBe('a[redacted]c');
    expect(removeSecrets('abc', [])).toBe('abc');
  });

  it('leaves nothing over of a secret that holds another one, in whatever order they are given', () => {
    for (const secrets of [
      ['key', 'key-of-the-shop'],
      ['key-of-the-shop', 'key'],
    ]) {
      expect(removeSecrets('<key-of-the-shop> <key>', secrets)).toBe('<[redacted]> <[redacted]>');
    }
  });
});

describe('boundGatewayMessage', () => {
  it('cuts what is longer than 300 characters, and says that it did', () => {
    expect(boundGatewayMessage('x'.repeat(300))).toBe('x'.repeat(300));
    expect(boundGatewayMessage('x'.repeat(301))).toBe(`${'x'.repeat(300)}...`);
  });
});

describe('scrubGatewayMessage', () => {
  it('removes a secret also where the message is cut: half of it would be too much', () => {
    const shown = scrubGatewayMessage(`${'x'.repeat(295)}secret-key`, ['secret-key']);
    expect(shown).toBe(`${'x'.repeat(295)}[reda...`);
  });
});
