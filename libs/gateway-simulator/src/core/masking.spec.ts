import { Masker } from './masking';

const SECRET = 'top secret/+"value"';
const JWT = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(43)}`;
const HEX = 'ab01'.repeat(16);

describe('Masker', () => {
  const masker = new Masker([SECRET, 'short']);

  it('masks values by name, and keeps every other byte of the JSON', () => {
    const body = '{ "client_id" : "c1",\n "client_secret":"x", "n": 1.0, "u":"\\u00C9", "nested":{"tranKey": "t"} }';
    const masked = masker.body(Buffer.from(body));

    expect(masked).toMatch(
      /^\{ "client_id" : "c1",\n "client_secret":"masked:[0-9a-f]{4}", "n": 1\.0, "u":"\\u00C9", "nested":\{"tranKey": "masked:[0-9a-f]{4}"\} \}$/,
    );
  });

  it('masks everything below a sensitive name, numbers included', () => {
    const masked = masker.body(Buffer.from('{"token":{"value":"v1","list":["v2",33]},"pin":1234,"after":"seen"}'));

    expect(masked).not.toMatch(/v1|v2|33|1234/);
    expect(masked).toContain('"after":"seen"');
  });

  it('keeps what only sounds sensitive', () => {
    const body = '{"token_type":"bearer","expiry_token":1624856796708,"authorization":{"meta":{"code":"00"}}}';

    expect(masker.body(Buffer.from(body))).toBe(body);
  });

  it.each([SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1), JWT, HEX, HEX.toUpperCase()])(
    'masks %s wherever it stands',
    (value) => {
      expect(masker.text(`before ${value} after`)).toMatch(/^before masked:[0-9a-f]{4} after$/);
      expect(masker.target(`/a?note=${value}&b=1`)).toMatch(/^\/a\?note=masked:[0-9a-f]{4}&b=1$/);
    },
  );

  it('masks query values by name', () => {
    expect(masker.target('/a?access_token=abc&userId=M1&empty')).toMatch(
      /^\/a\?access_token=masked:[0-9a-f]{4}&userId=M1&empty$/,
    );
  });

  it('masks headers by name and keeps the scheme', () => {
    const masked = masker.headers({
      authorization: 'Basic YTpi',
      signature: 'abc',
      cookie: ['a=b'],
      accept: 'short',
      host: 'h',
      gone: undefined,
    });

    expect(masked).toEqual({
      authorization: expect.stringMatching(/^Basic masked:/) as unknown,
      signature: expect.stringMatching(/^masked:/) as unknown,
      cookie: expect.stringMatching(/^masked:/) as unknown,
      accept: expect.stringMatching(/^masked:/) as unknown,
      host: 'h',
    });
  });

  it('tells two values apart and gives one value one mask', () => {
    const [one, same, other] = ['a', 'a', 'b'].map((token) => masker.body(Buffer.from(JSON.stringify({ token }))));

    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it('does not show a body that is not JSON, and cuts a long one', () => {
    expect(masker.body(Buffer.from('grant_type=x&client_secret=y'))).toMatch(
      /^\[28 bytes, not shown, masked:[0-9a-f]{4}\]$/,
    );
    expect(masker.body(Buffer.from(JSON.stringify('x '.repeat(5000)))).length).toBeLessThan(4200);
    expect(masker.body(Buffer.alloc(0))).toBe('');
  });
});
