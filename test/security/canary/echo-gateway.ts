import { RawServer, type RawRequest } from '../../support/raw-server';
import { type Credential, credentialsIn } from './wire-tap';

const HONEST: Readonly<Record<string, object>> = {
  '/token': { success: true, access_token: 'echo-token-of-alignet-3f9c1d7b5e', expires_in: 8_600 },
  '/oauth/merchant/accesstoken': { access_token: 'c'.repeat(8) + 'echo-token-of-netzme-8a2e6b40f1' },
};

const CURT = JSON.stringify({ success: false, status: { status: 'FAILED', reason: 'XX' } });

/** Where an answer repeats what was asked. */
const PLACES = ['body', 'headers', 'reason phrase', 'page', 'no answer at all'] as const;

/** How a gateway that repeats everything it was sent may put it. */
export interface Echo {
  readonly status: number;
  readonly place: (typeof PLACES)[number];
  /** Whether tokens are refused as well. */
  readonly refusesTokens: boolean;
}

export const ECHOES: readonly Echo[] = PLACES.flatMap((place) => [
  ...[200, 400, 401, 500].map((status) => ({ status, place, refusesTokens: false })),
  { status: 401, place, refusesTokens: true },
]);

/** All three gateways on one port, repeating in their answers what they were sent: such gateways have been seen. */
export class EchoGateway {
  echo: Echo = { status: 400, place: 'body', refusesTokens: false };
  readonly received: Credential[] = [];
  private readonly server = new RawServer((request, socket) => {
    this.received.push(...credentialsIn(request));
    socket.write(this.answer(request));
  });

  static async start(): Promise<EchoGateway> {
    const gateway = new EchoGateway();
    await gateway.server.listen();
    return gateway;
  }

  get url(): string {
    return this.server.url;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private answer(request: RawRequest): string {
    const honest = HONEST[request.target];
    if (honest !== undefined && !this.echo.refusesTokens) return whole(200, 'OK', {}, JSON.stringify(honest));
    const { status, place } = this.echo;
    const proofs = credentialsIn(request).map(({ text }) => text);
    const line = `refused: ${proofs.join(' ')}`;
    switch (place) {
      case 'body':
        return whole(status, 'No', {}, JSON.stringify(refusal(request)));
      case 'headers':
        return whole(status, 'No', { 'WWW-Authenticate': line, 'X-Request': line }, CURT);
      case 'reason phrase':
        return whole(status, line, {}, CURT);
      case 'page':
        return whole(status, 'No', { 'Content-Type': 'text/html' }, `<html><pre>${asText(request)}</pre></html>`);
      case 'no answer at all':
        return asText(request);
    }
  }
}

function whole(status: number, reason: string, headers: Readonly<Record<string, string>>, body: string): string {
  const fields = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reason}\r\n${head.join('')}\r\n${body}`;
}

function asText({ method, target, headers, body }: RawRequest): string {
  const head = [...headers].map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target}`, ...head, '', body.toString('utf8')].join('\n');
}

/** A refusal in the words of each of them, and of none. */
function refusal(request: RawRequest): object {
  const text = asText(request);
  const meta = { status: { code: text, message_ilgn: [{ locale: 'es_PE', value: text }] } };
  return {
    success: false,
    authorization: { meta },
    nonce_creation: { meta },
    status: request.headers.has('signature') ? 401 : { status: 'FAILED', reason: text, message: text, date: text },
    statusMessage: text,
    message: text,
    errors: [text],
    access_token: '',
    [text]: text,
  };
}
