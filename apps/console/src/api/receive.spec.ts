import { receive } from './receive';

/** An answer whose connection is lost after its first bytes. */
function cutAnswer(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"half":'));
      controller.error(new TypeError('terminated'));
    },
  });
  return new Response(body, { status: 200 });
}

describe('receive', () => {
  afterEach(() => jest.restoreAllMocks());
  const answerWith = (answer: () => Promise<Response>) => jest.spyOn(globalThis, 'fetch').mockImplementation(answer);

  it('takes the answer whole', async () => {
    answerWith(() => Promise.resolve(new Response('{"a":1}', { status: 404 })));
    expect(await receive('/health', {})).toEqual({ ok: false, status: 404, text: '{"a":1}' });
  });

  it.each([
    ['nobody answers', () => Promise.reject(new TypeError('fetch failed'))],
    ['the connection is lost in the body', () => Promise.resolve(cutAnswer())],
  ])('has nothing when %s', async (_, answer) => {
    answerWith(answer);
    expect(await receive('/health', {})).toBeUndefined();
  });

  it('throws when it was called off, in the body too', async () => {
    const calledOff = new AbortController();
    answerWith(() => {
      calledOff.abort();
      return Promise.resolve(cutAnswer());
    });
    await expect(receive('/health', { signal: calledOff.signal })).rejects.toThrow('terminated');
  });
});
