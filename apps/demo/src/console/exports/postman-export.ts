import { type ExportPlan } from './export-plan';
import { indented, keptToken, literal, type ScriptDialect, signingScript } from './signing-script';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

const DIALECT: ScriptDialect = {
  get: (name) => `pm.variables.get(${literal(name)})`,
  set: (name, expression) => `pm.variables.set(${literal(name)}, ${expression});`,
  keep: (name, expression) => `pm.collectionVariables.set(${literal(name)}, ${expression});`,
  url: 'pm.variables.replaceIn(pm.request.url.toString())',
  method: 'pm.request.method',
  body: "(pm.request.body && pm.request.body.raw ? pm.variables.replaceIn(pm.request.body.raw) : '')",
  requestToken: (request, then) => [
    `const asked = ${request};`,
    "pm.sendRequest({ url: asked.url, method: 'POST', header: asked.headers, body: { mode: 'raw', raw: asked.body } }, (error, response) => {",
    ...indented(['if (error) throw error;', 'const answer = response.json();', ...then]),
    '});',
  ],
};

/** A token that the gateway no longer takes is asked for anew by the next request. */
const forgetToken = (plan: ExportPlan): string[] => [
  `if (pm.response.code === 401) pm.collectionVariables.unset(${literal(keptToken(plan))});`,
];

/** A collection, version 2.1, of one request whose pre-request script signs it. */
export function postmanExport(plan: ExportPlan): string {
  const [id, secret] = plan.credentials;
  const collection = {
    info: {
      name: plan.call,
      description: `Fill in the variables ${id} and ${secret}. ${noteOn(plan)}What the request needs is computed anew every time.`,
      schema: SCHEMA,
    },
    item: [
      {
        name: plan.call,
        event: [
          event('prerequest', signingScript(plan, DIALECT)),
          ...(plan.token === undefined ? [] : [event('test', forgetToken(plan))]),
        ],
        request: {
          auth: { type: 'noauth' },
          method: plan.method,
          header: plan.headers.map(([key, value]) => ({ key, value })),
          url: urlOf(plan.path),
          ...(plan.body !== '' && { body: { mode: 'raw', raw: plan.body, options: { raw: { language: 'json' } } } }),
        },
        response: [],
      },
    ],
    variable: [
      { key: 'baseUrl', value: plan.baseUrl },
      { key: id, value: '' },
      { key: secret, value: '', type: 'secret' },
    ],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

export const noteOn = ({ gateway }: ExportPlan): string =>
  gateway === 'netzme' ? 'Netzme keeps one token a client: the one requested here ends the one in use elsewhere. ' : '';

const event = (listen: string, exec: readonly string[]) => ({
  listen,
  script: { type: 'text/javascript', exec: exec.flatMap((text) => text.split('\n')) },
});

function urlOf(path: string) {
  const [pathname = '', query] = path.split('?');
  return {
    raw: `{{baseUrl}}${path}`,
    host: ['{{baseUrl}}'],
    path: pathname.split('/').slice(1),
    ...(query !== undefined && {
      query: query.split('&').map((pair) => {
        const [key = '', value = ''] = pair.split('=');
        return { key, value };
      }),
    }),
  };
}
