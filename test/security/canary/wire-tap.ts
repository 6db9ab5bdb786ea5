import { connect, createServer, type Server, type Socket } from 'node:net';
import { type RawRequest, readRequests } from '../../support/raw-server';

interface Conversation {
  readonly asked: Buffer[];
  readonly answered: Buffer[];
}

/** A relay before a server. It changes nothing and keeps every byte of both directions, unmasked. */
export class WireTap {
  private readonly conversations: Conversation[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param target may be told later, before somebody comes */
  private constructor(public target: string) {
    this.server = createServer((client) => {
      const { port, hostname } = new URL(this.target);
      this.relay(client, connect(Number(port), hostname));
    });
  }

  static async start(target = ''): Promise<WireTap> {
    const tap = new WireTap(target);
    await new Promise<void>((resolve) => tap.server.listen(0, '127.0.0.1', resolve));
    return tap;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  requests(): RawRequest[] {
    return this.conversations.flatMap(({ asked }) => readRequests(Buffer.concat(asked)));
  }

  answers(): string[] {
    return this.conversations.map(({ answered }) => Buffer.concat(answered).toString('utf8'));
  }

  /** What each side said, a text for each. */
  texts(): string[] {
    return this.conversations.flatMap(({ asked, answered }) =>
      [asked, answered].map((said) => Buffer.concat(said).toString('utf8')),
    );
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(client: Socket, upstream: Socket): void {
    const conversation: Conversation = { asked: [], answered: [] };
    this.conversations.push(conversation);
    client.on('data', (bytes) => conversation.asked.push(bytes));
    upstream.on('data', (bytes) => conversation.answered.push(bytes));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    // What it has said is still on its way.
    upstream.on('close', () => client.end());
  }
}

/** Something that proves who one is, as it was on the wire. */
export interface Credential {
  readonly kind: string;
  readonly text: string;
}

/** Names of headers and members that hold credentials, whoever sends them. */
const CREDENTIAL_NAME =
  /^(?:authorization|[\w-]*signature|x-callback-token|access_?token|nonce|tran_?key|client_?secret)$/i;
const SCHEME = /^(?:basic|bearer) /i;

export function credentialsIn({ headers, body }: Pick<RawRequest, 'headers' | 'body'>): Credential[] {
  const text = body.toString('utf8');
  const isForm = headers.get('content-type')?.includes('x-www-form-urlencoded') === true;
  const named = [...headers, ...(isForm ? new URLSearchParams(text) : [])];
  return [
    ...named
      .filter(([name]) => CREDENTIAL_NAME.test(name))
      .map(([kind, value]) => ({ kind, text: value.replace(SCHEME, '') })),
    ...credentialsInText(text),
  ];
}

/** By name, in JSON wherever it stands in the text. */
export function credentialsInText(text: string): Credential[] {
  return [...text.matchAll(/"([\w-]+)"\s*:\s*("(?:[^"\\]|\\.)*")/g)].flatMap(([, name = '', value = '']) =>
    CREDENTIAL_NAME.test(name) ? [{ kind: name, text: String(JSON.parse(value)) }] : [],
  );
}
