import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Socket } from 'node:net';
import { type WireRecording } from './wire-recording';

interface Target {
  readonly host?: string | null | undefined;
  readonly port?: number | string | null | undefined;
}

/** Keeps every connection of a call on record. None is used twice, or an answer could be somebody else's. */
export class WireTapHttpAgent extends HttpAgent {
  constructor(private readonly recording: WireRecording) {
    // The header `Connection` says what it says without a tap.
    super({ keepAlive: true });
  }

  override createConnection(...given: Parameters<HttpAgent['createConnection']>) {
    return tapped(this.recording, super.createConnection(...given), 'http', given[0]);
  }

  override keepSocketAlive(): boolean {
    return false;
  }
}

/** The same behind TLS, 1.2 at least as without it. */
export class WireTapHttpsAgent extends HttpsAgent {
  /** @param replaced the agent that would have been used: whom it trusts is trusted here */
  constructor(
    private readonly recording: WireRecording,
    replaced: unknown,
  ) {
    super({ minVersion: 'TLSv1.2', ...(replaced instanceof HttpsAgent && replaced.options), keepAlive: true });
  }

  override createConnection(...given: Parameters<HttpsAgent['createConnection']>) {
    return tapped(this.recording, super.createConnection(...given), 'https', given[0]);
  }

  override keepSocketAlive(): boolean {
    return false;
  }
}

function tapped<S>(recording: WireRecording, socket: S, scheme: string, { host, port }: Target): S {
  const name = host ?? 'localhost';
  const { origin } = new URL(`${scheme}://${name.includes(':') ? `[${name}]` : name}:${port ?? ''}`);
  if (socket instanceof Socket) recording.record(socket, origin);
  return socket;
}
