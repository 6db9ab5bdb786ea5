import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { GatewayTransportError } from './errors';
import { type GatewayAnswer, postToGateway } from './gateway-http';

const MOST_BYTES = 256 * 1024;

describe('postToGateway', () => {
  let server: Server;
  let respond: (response: ServerResponse) => void;
  let closed: Promise<unknown>;

  beforeEach(async () => {
    server = createServer((_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      respond(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const post = (signal?: AbortSignal): Promise<GatewayAnswer> =>
    postToGateway(new HttpService(axios.create()), {
      gateway: 'netzme',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?x=1`,
      headers: { Authorization: 'Basic c2VjcmV0' },
      body: { client_secret: 's3cr3t' },
      timeoutMs: 60_000,
      isProduction: false,
      signal,
    });

  it('cuts an endless answer off, with a typed error, however patient the deadline', async () => {
    respond = (response) => {
      const chunk = Buffer.alloc(16 * 1024, 'x');
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.on('drain', pour);
      pour();
    };
    const error: unknown = await post().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatewayTransportError);
    expect(error).toMatchObject({
      code: 'ERR_GATEWAY_RESPONSE_TOO_LARGE',
      gateway: 'netzme',
      retryable: false,
      message: expect.stringContaining(`answered with more than ${MOST_BYTES} bytes: POST`) as string,
      exchange: { method: 'POST', path: '/token' },
    });
    expect(JSON.stringify(error)).not.toMatch(/s3cr3t|c2VjcmV0/);
    // The connection is given up too, and not read to an end that never comes.
    await expect(closed).resolves.toBeUndefined();
  });

  it.each([
    ['an answer of the most bytes there may be', MOST_BYTES, MOST_BYTES - 2],
    ['none of one byte more', MOST_BYTES + 1, 'ERR_GATEWAY_RESPONSE_TOO_LARGE'],
  ])('reads %s', async (_what, length, expected) => {
    respond = (response) => response.end(JSON.stringify('x'.repeat(length - 2)));
    const read = await post().then(
      ({ json }) => String(json).length,
      ({ code }: GatewayTransportError) => code,
    );
    expect(read).toBe(expected);
  });

  it('says so when the answer is no JSON, by leaving it out', async () => {
    respond = (response) => response.end('<html>');
    expect(await post()).toMatchObject({ status: 200, json: undefined, path: '/token' });
  });

  it.each([
    ['20', 20],
    [' 0 ', 0],
    ['Tue, 01 Dec 2026 10:00:30 GMT', 30],
    ['Tue, 01 Dec 2026 09:59:00 GMT', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    [undefined, undefined],
  ])("reads a Retry-After of %p, by the gateway's own clock", async (header, seconds) => {
    respond = (response) => {
      response.setHeader('Date', 'Tue, 01 Dec 2026 10:00:00 GMT');
      if (header !== undefined) response.setHeader('Retry-After', header);
      response.writeHead(429).end();
    };
    expect((await post()).retryAfterSeconds).toBe(seconds);
  });

  it("ends with the caller's reason, before the request and during it", async () => {
    const leaving = new AbortController();
    respond = () => leaving.abort(new Error('the caller left'));
    await expect(post(leaving.signal)).rejects.toThrow('the caller left');
    await expect(post(leaving.signal)).rejects.toThrow('the caller left');
  });
});
