import { SECRETS } from './canaries';
import { type Haul } from './haul';

const API = '/console/api';
const JSON_BODY = { 'Content-Type': 'application/json', 'X-Console': '1' };

/** By the variable that a scheme names. */
const SECRET_OF_SCHEME: Readonly<Record<string, string>> = {
  PLACETOPAY_SECRET_KEY: SECRETS.placetopay,
  PLACETOPAY_ONBOARDING_SECRETS: SECRETS.onboarding,
  PLACETOPAY_SCUDO_SECRET_KEY: SECRETS.scudo,
  PLACETOPAY_MSV_SECRET_TOKEN: SECRETS.msv,
  PLACETOPAY_MICROSITE_SECRET_KEY: SECRETS.microsite,
  PLACETOPAY_AUTOPAY_CONTRACT_PASSWORD: SECRETS.contract,
  NETZME_CLIENT_SECRET: SECRETS.netzme,
};

interface Field {
  readonly name: string;
  readonly example: string;
}

interface Listed {
  readonly id: string;
  readonly fields: readonly Field[];
}

/**
 * The console's API, every answer kept: signed in with a wrong token and the right one, every call run, exported and inspected,
 * what it lists, and the run as evidence. Returns what was answered otherwise than it should.
 */
export async function driveConsole({ haul, url }: { readonly haul: Haul; readonly url: string }): Promise<string[]> {
  const wrong: string[] = [];
  const post = (path: string, body: unknown, more: Readonly<Record<string, string>> = {}): Promise<number> =>
    haul.ask(url, 'POST', API + path, { body: JSON.stringify(body), headers: { ...JSON_BODY, ...more } });
  const expectStatus = (what: string, status: number, expected: number): void => {
    if (status !== expected) wrong.push(`${what}: ${status}`);
  };

  expectStatus('no session', await haul.ask(url, 'GET', `${API}/overview`), 401);
  expectStatus('wrong token', await post('/session', { token: SECRETS.placetopay }), 401);
  const signIn = await fetch(`${url}${API}/session`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ token: SECRETS.consoleAccess }),
  });
  expectStatus('sign-in', signIn.status, signIn.ok ? signIn.status : 200);
  haul.add(`POST ${API}/session`, await signIn.text());
  const cookie = { Cookie: (signIn.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '' };
  const list = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${url}${API}${path}`, { headers: cookie });
    return (await answer.json()) as T;
  };
  const inputOf = ({ fields }: Listed): Record<string, string> =>
    Object.fromEntries(fields.map(({ name, example }) => [name, example]));

  const { calls } = await list<{ calls: readonly Listed[] }>('/calls');
  for (const call of calls) {
    const input = inputOf(call);
    const ran = await fetch(`${url}${API}/calls/${call.id}`, {
      method: 'POST',
      headers: { ...JSON_BODY, ...cookie },
      body: JSON.stringify({ input }),
    });
    expectStatus(call.id, ran.status, 200);
    haul.add(`POST ${API}/calls/${call.id}`, withoutNonce(call.id, await ran.text()));
    for (const format of ['curl', 'postman', 'bruno']) {
      expectStatus(`${call.id} as ${format}`, await post(`/calls/${call.id}/export`, { input, format }, cookie), 200);
    }
  }
  const { schemes } = await list<{ schemes: readonly (Listed & { readonly secretName: string })[] }>('/inspector');
  for (const scheme of schemes) {
    const path = `/inspector/${scheme.id}`;
    const inputs = inputOf(scheme);
    expectStatus(scheme.id, await post(path, { inputs }, cookie), 200);
    // Somebody pastes the secret where it does not belong.
    const secret = SECRET_OF_SCHEME[scheme.secretName];
    if (secret === undefined) continue;
    for (const { name } of scheme.fields) await post(path, { inputs: { ...inputs, [name]: secret } }, cookie);
    await post(path, { inputs, expected: secret }, cookie);
  }
  for (const path of ['/session', '/overview', '/calls/records', '/webhooks', '/replicas', '/simulator/state']) {
    expectStatus(path, await haul.ask(url, 'GET', API + path, { headers: cookie }), 200);
  }
  for (const format of ['html', 'json']) {
    expectStatus(`evidence, ${format}`, await post('/evidence', { format, language: 'en' }, cookie), 200);
  }
  return wrong;
}

/** The answer to whoever ran it has the nonce that starts Flex, as the demo's own route has; what is kept of it has not. */
function withoutNonce(call: string, answer: string): string {
  return call.startsWith('alignet-') ? answer.replace(/"nonce":"[^"…]+"/, '"nonce":""') : answer;
}
