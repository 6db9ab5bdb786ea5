import { type ExportPlan } from './export-plan';
import { noteOn } from './postman-export';
import { indented, keptToken, literal, type ScriptDialect, signingScript } from './signing-script';
import { type Template } from './template';

const DIALECT: ScriptDialect = {
  get: (name) => `valueOf(${literal(name)})`,
  set: (name, expression) => `bru.setVar(${literal(name)}, ${expression});`,
  keep: (name, expression) => `bru.setVar(${literal(name)}, ${expression});`,
  url: 'filledIn(req.getUrl())',
  method: 'req.getMethod()',
  body: 'sentBody()',
  requestToken: (request, then) => [
    `const asked = ${request};`,
    "const { data: answer } = await require('axios').post(asked.url, asked.body, { headers: asked.headers });",
    ...then,
  ],
};

/** Of a runtime variable, the request, the environment or the collection's `.env`, in the order in which Bruno fills in. */
const VALUE_OF = [
  'function valueOf(name) {',
  '  return bru.getVar(name) || bru.getRequestVar(name) || bru.getEnvVar(name) || bru.getProcessEnv(name);',
  '}',
];

/** What is signed has to be what is sent, so both are made here. */
const SENT = [
  'function filledIn(text) {',
  '  return text.replace(/\\{\\{(\\w+)\\}\\}/g, (place, name) => valueOf(name) || place);',
  '}',
  'function sentBody() {',
  // Bruno from before it knew `raw` hands out what the text means.
  '  const given = req.getBody({ raw: true });',
  "  if (!given) return '';",
  "  const body = filledIn(typeof given === 'string' ? given : JSON.stringify(given));",
  '  req.setBody(body);',
  '  return body;',
  '}',
];

/**
 * Holds whose credentials are used, for headers and bodies, which know no variables of the `.env` by their bare names. Not under
 * the name that the environment has for it: a runtime variable outlives the request, and goes before a corrected environment.
 */
const ID_IN_USE = 'idInUse';

/** A request in Bruno's own language; its script runs in the safe mode too. */
export function brunoExport(plan: ExportPlan): string {
  const [id, secret] = plan.credentials;
  const withIdInUse = (template: Template): Template => template.replaceAll(`{{${id}}}`, `{{${ID_IN_USE}}}`);
  const method = plan.method.toLowerCase();
  const script = [
    ...VALUE_OF,
    ...(plan.gateway === 'netzme' ? SENT : []),
    DIALECT.set(ID_IN_USE, DIALECT.get(id)),
    ...signingScript(plan, DIALECT),
  ];
  return [
    block('meta', [`name: ${plan.call}`, 'type: http', 'seq: 1']),
    block(method, [`url: {{baseUrl}}${plan.path}`, `body: ${plan.body === '' ? 'none' : 'json'}`, 'auth: none']),
    ...queryBlock(plan.path),
    block(
      'headers',
      plan.headers.map(([name, value]) => `${name}: ${withIdInUse(value)}`),
    ),
    ...(plan.body === '' ? [] : [block('body:json', [withIdInUse(plan.body)])]),
    block('vars:pre-request', [`baseUrl: ${plan.baseUrl}`]),
    block('script:pre-request', script),
    ...(plan.token === undefined
      ? []
      : [block('script:post-response', [`if (res.getStatus() === 401) bru.setVar(${literal(keptToken(plan))}, '');`])]),
    block('docs', [
      `Set ${id} and ${secret} in the environment or the collection's .env. ${noteOn(plan)}What the request needs is computed anew every time.`,
    ]),
  ].join('\n');
}

function queryBlock(path: string): string[] {
  const query = path.split('?')[1];
  return query === undefined
    ? []
    : [
        block(
          'params:query',
          query.split('&').map((pair) => pair.replace('=', ': ')),
        ),
      ];
}

const block = (name: string, lines: readonly string[]): string => `${name} {\n${indented(lines).join('\n')}\n}\n`;
