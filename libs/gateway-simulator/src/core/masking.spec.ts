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
    const body =
      '{"token_type":"bearer","expiry_token":1624856796708,"authorization_code":"055552","authorization":{"meta":{"code":"00"}}}';

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

  it.each([
    ['SHA-1 in hex', 'ab01'.repeat(10)],
    ['SHA-1 in base64', Buffer.alloc(20, 7).toString('base64')],
    ['SHA-256 in base64', Buffer.alloc(32, 0xfb).toString('base64')],
    ['RSA in base64', Buffer.alloc(256, 0xfb).toString('base64')],
  ])('masks a signature of the form %s', (_, signature) => {
    expect(masker.text(`v1=${signature}, "sha256:${signature}"`)).toMatch(
      /^v1=masked:[0-9a-f]{4}, "sha256:masked:[0-9a-f]{4}"$/,
    );
  });

  it('masks the fields of a form by name', () => {
    expect(masker.form('authorization_result=eyJ&signature=ab%2Bc')).toMatch(
      /^authorization_result=eyJ&signature=masked:[0-9a-f]{4}$/,
    );
  });

  it('shows an answer that is not JSON, masked and cut', () => {
    expect(masker.answer(Buffer.from(`<h1>No ${SECRET}</h1>`))).toMatch(/^<h1>No masked:[0-9a-f]{4}<\/h1>$/);
    expect(masker.answer(Buffer.from('{"token":"x"}'))).toMatch(/^\{"token":"masked:[0-9a-f]{4}"\}$/);
    expect(masker.answer(Buffer.from('x '.repeat(5000))).length).toBeLessThan(4200);
    expect(masker.answer(Buffer.alloc(0))).toBe('');
  });
});
