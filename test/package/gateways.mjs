/**
 * The three gateways as far as the check needs them, verifying with code of their own: a few lines written from the wire
 * facts, not from the library.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

export async function startGateways() {
  const seen = { tokenCalls: [] };
  let netzmeToken;
  const routes = {
    'POST /token': ({ json }) => {
      seen.tokenCalls.push('alignet');
      const isRight = json.client_id === 'alignet-client' && json.client_secret === 'alignet-secret';
      return isRight ? { success: true, access_token: 'alignet-token', expires_in: '86400' } : { success: false };
    },
    'POST /nonce': ({ headers, json }) => {
      const isRight = headers.authorization === 'Bearer alignet-token' && json.action === 'create.nonce';
      return isRight ? { success: true, nonce: randomBytes(8).toString('hex'), expires_in: 30 } : { success: false };
    },
    'POST /oauth/merchant/accesstoken': ({ headers }) => {
      seen.tokenCalls.push('netzme');
      const expected = `Basic ${Buffer.from('netzme-client:netzme-secret').toString('base64')}`;
      if (headers.authorization !== expected) return { status: 'UNAUTHORIZED' };
      netzmeToken = randomBytes(32).toString('hex');
      const expiry = Date.now() + 36_000_000;
      return { status: 'SUCCEES', access_token: netzmeToken, token_type: 'bearer', expiry_token: expiry };
    },
    'POST /api/session': ({ json }) => {
      const { login, tranKey, nonce, seed } = json.auth;
      const message = Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(`${seed}placetopay-secret`, 'utf8')]);
      const digest = createHash('sha256').update(message).digest('base64');
      const isFresh = Math.abs(Date.now() - Date.parse(seed)) < 300_000;
      return { verified: login === 'placetopay-login' && tranKey === digest && isFresh && json.locale === 'es_CO' };
    },
  };
  const netzmeCall = ({ target, method, headers, bytes }) => {
    const time = headers['request-time'];
    const text = `path=${target}&method=${method}&token=${headers.authorization}&timestamp=${time}&body=`;
    const expected = createHmac('sha256', `netzme-secret-${time}-${headers.authorization}`)
      .update(Buffer.concat([Buffer.from(text, 'utf8'), bytes]))
      .digest('hex');
    const isRight =
      headers.authorization === `Bearer ${netzmeToken}` &&
      headers['client-id'] === 'netzme-client' &&
      headers['content-type'].startsWith('application/json') &&
      headers.signature === expected;
    return { verified: isRight };
  };

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const { method, url: target, headers } = request;
    const route = routes[`${method} ${target}`];
    const answer = route
      ? route({ headers, json: JSON.parse(bytes.toString()) })
      : netzmeCall({ target, method, headers, bytes });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
