import { connect, createServer, type Server, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';

/** What stands before it proves who one is, in a header, a form or JSON; in requests and in answers. */
const PROOFS = [
  /^(?:authorization|proxy-authorization): *(?:basic|bearer) +(\S+)/gim,
  /^[\w-]*signature: *(\S+)/gim,
  /"(?:tranKey|access_?token|client_?secret|signature)" *: *"((?:[^"\\]|\\.)+)"/gi,
];

/** A relay in front of a gateway, that reads along unmasked. */
export class WireTap {
  private readonly heard: Buffer[][] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.server = createServer((client) => {
      const gateway = connect(Number(port), hostname);
      for (const [from, to] of [
        [client, gateway],
        [gateway, client],
      ] as const) {
        const said: Buffer[] = [];
        this.heard.push(said);
        this.sockets.add(from);
        from.on('data', (bytes: Buffer) => said.push(bytes));
        from.on('error', () => to.destroy());
        from.on('close', () => this.sockets.delete(from));
        from.pipe(to);
      }
    });
  }

  static async before(target: string): Promise<WireTap> {
    const tap = new WireTap(target);
    await new Promise<void>((resolve) => tap.server.listen(0, '127.0.0.1', resolve));
    return tap;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  proofs(): string[] {
    return this.texts().flatMap(proofsIn);
  }

  /** That a gateway handed out; of each its signature. */
  nonces(): string[] {
    const answers = this.texts().filter((text) => text.startsWith('HTTP/'));
    return answers.flatMap((text) =>
      [...text.matchAll(/"nonce" *: *"([^"]+)"/g)].map(([, nonce = '']) => ownPart(nonce)),
    );
  }

  private texts(): string[] {
    return this.heard.map((said) => Buffer.concat(said).toString('utf8'));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Tokens, digests and signatures of messages as they went over the wire. */
export function proofsIn(text: string): string[] {
  return PROOFS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, proof = '']) => ownPart(proof)));
}

/**
 * What is secret of it and its own: of a JWT the signature, of a signature with its time the signature. What stands before
 * that, other tokens and other texts have too.
 */
function ownPart(proof: string): string {
  return /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/.exec(proof)?.[1] ?? /,v1=([0-9a-f]+)$/.exec(proof)?.[1] ?? proof;
}
