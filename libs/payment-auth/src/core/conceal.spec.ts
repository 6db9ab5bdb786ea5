import { AxiosError } from 'axios';
import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { conceal, concealAgent, concealStream } from './conceal';

const TOKEN = 'Bearer the-token';
const shown = (value: unknown): string[] => [
  inspect({ value }, { depth: Infinity, showHidden: true }),
  JSON.stringify({ value }),
];

describe('conceal', () => {
  it('shows the label in place of what is inside', () => {
    const holder = { header: TOKEN };
    conceal(holder, '[Holder]');
    expect(shown(holder)).toEqual(['{ value: [Holder] }', '{"value":"[Holder]"}']);
    expect(holder.header).toBe(TOKEN);
    expect(Object.keys(holder)).toEqual(['header']);
  });

  it('leaves what shows itself in a way of its own', () => {
    const own = { [inspect.custom]: () => 'mine', toJSON: () => 'mine' };
    conceal(own, '[Holder]');
    expect(shown(own)).toEqual(['{ value: mine }', '{"value":"mine"}']);
  });

  it("leaves the object's owner free to show it otherwise", () => {
    const holder = {};
    conceal(holder, '[Holder]');
    Object.defineProperty(holder, 'toJSON', { value: () => 'mine' });
    expect(JSON.stringify(holder)).toBe('"mine"');
  });

  it('fails no request for an object that is frozen', () => {
    expect(() => conceal(Object.freeze({}), '[Holder]')).not.toThrow();
  });
});

describe('concealAgent', () => {
  it.each([
    ['Agent', new Agent()],
    ['Agent', new HttpsAgent()],
  ])('shows an %s by the name of its class', (name, agent) => {
    Object.assign(agent.sockets, { host: [{ header: TOKEN }] });
    concealAgent(agent);
    expect(shown(agent)).toEqual([`{ value: [${name}] }`, `{"value":"[${name}]"}`]);
  });

  it.each([undefined, null, 'agent', { sockets: {} }])('leaves %p, which is none', (value) => {
    const before = shown(value);
    expect(() => concealAgent(value)).not.toThrow();
    expect(shown(value)).toEqual(before);
  });
});

describe('concealStream', () => {
  const axiosError = (): AxiosError =>
    new AxiosError('maxContentLength', 'ERR_BAD_RESPONSE', undefined, { header: TOKEN });

  const failWith = async (error: Error): Promise<unknown> => {
    const stream = new Readable({ read: () => undefined });
    concealStream(stream);
    const failing = stream.toArray().catch((thrown: unknown) => thrown);
    stream.destroy(error);
    return failing;
  };

  it('shows what a streamed answer is, and not the request behind it', async () => {
    const stream = Object.assign(Readable.from(['body']), { req: { header: TOKEN } });
    concealStream(stream);
    const label = '[Readable of an authenticated request]';
    expect(shown(stream)).toEqual([`{ value: ${label} }`, `{"value":"${label}"}`]);
    expect(await stream.toArray()).toEqual(['body']);
  });

  it("takes the request out of axios's error that comes while it is read", async () => {
    const error = axiosError();
    expect(await failWith(error)).toBe(error);
    expect(shown(error).join()).not.toContain(TOKEN);
  });

  it('leaves any other error as it is', async () => {
    const error = Object.assign(new Error('cut'), { request: 'mine' });
    expect(await failWith(error)).toMatchObject({ message: 'cut', request: 'mine' });
  });

  it.each([undefined, 'body', { once: 'no stream' }])('leaves %p, which is no stream', (value) => {
    const before = shown(value);
    expect(() => concealStream(value)).not.toThrow();
    expect(shown(value)).toEqual(before);
  });
});
