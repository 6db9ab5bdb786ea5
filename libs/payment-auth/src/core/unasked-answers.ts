import { ClientRequest } from 'node:http';
import { type Socket } from 'node:net';

const guarded = new WeakSet<Socket>();

/**
 * Has the connection of a request closed as soon as anything comes in on it that no request asked for. Node keeps such bytes
 * and takes them for the answer to the next request on that connection, somebody else's perhaps, and every answer after that
 * for the one to the request before.
 *
 * @see RFC 9112, 9.2: unasked data is no response, and the connection should be closed
 */
export function refuseUnaskedAnswers(request: unknown): void {
  const socket = request instanceof ClientRequest ? request.socket : null;
  if (socket === null || guarded.has(socket)) return;
  guarded.add(socket);
  socket.on('data', () => {
    // Node's agents put the request a connection serves there, and null while it waits for one.
    if ((socket as { _httpMessage?: unknown })._httpMessage === null) socket.destroy();
  });
}
