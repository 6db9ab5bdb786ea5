/**
 * A gateway that costs as little as it can, in a process of its own: issues a token, answers every other call with the
 * same small JSON, judges nothing. Started by `netzme-app.mjs` with fork(); says its port to the parent.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';

const TEN_HOURS_MS = 10 * 60 * 60 * 1_000;
const TOKEN_PATH = '/oauth/merchant/accesstoken';
const BALANCE = { requestId: 'b1946ac9', statusMessage: 'SUCCESS', result: { userId: 'M_pXAFWzCg', balance: 1250000 } };

const answer = (json) => {
  const body = JSON.stringify(json);
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Date: ${new Date().toUTCString()}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: keep-alive',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
};
const signed = answer({ ...BALANCE, signed: true });
const unsigned = answer({ ...BALANCE, signed: false });

const server = createServer((socket) => {
  let received = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received += chunk;
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = received.slice(0, headEnd);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < headEnd + 4 + length) return;
      received = received.slice(headEnd + 4 + length);
      socket.write(reply(head), 'latin1');
    }
  });
});

function reply(head) {
  if (head.startsWith(`POST ${TOKEN_PATH} `)) {
    return answer({
      status: 'SUCCEES',
      access_token: randomBytes(32).toString('hex'),
      token_type: 'bearer',
      expiry_token: Date.now() + TEN_HOURS_MS,
    });
  }
  return /\r\nsignature: [0-9a-f]{64}(\r\n|$)/i.test(head) ? signed : unsigned;
}

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
// Never outlives the benchmark, however that ends.
process.on('disconnect', () => process.exit(0));
