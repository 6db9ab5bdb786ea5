import axios from 'axios';
import { CryptoJS } from './crypto-js-stand-in';
import { send } from './postman-stand-in';

/** The blocks of a file in Bruno's language: `name {`, lines two spaces in, `}`. */
function blocksOf(text: string): Map<string, string> {
  const blocks = [...text.matchAll(/^([\w:-]+) \{\n(.*?)^\}$/gms)];
  return new Map(blocks.map(([, name = '', lines = '']) => [name, lines.replace(/^ {2}/gm, '').trimEnd()]));
}

const pairsOf = (block = ''): [string, string][] =>
  block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);

/** Runs a request as Bruno does: pre-request script first, then variables filled in; credentials are in its `.env`. */
export async function runBruno(text: string, env: Readonly<Record<string, string>>): Promise<{ status: number }> {
  const blocks = blocksOf(text);
  const method = ['get', 'post'].find((name) => blocks.has(name)) ?? '';
  const { url = '' } = Object.fromEntries(pairsOf(blocks.get(method)));
  const requestVars = Object.fromEntries(pairsOf(blocks.get('vars:pre-request')));
  const vars: Record<string, string> = {};
  // Bruno hands a script the parsed body.
  const json = blocks.get('body:json');
  let body: unknown = json === undefined ? undefined : JSON.parse(json);
  const bru = {
    getVar: (name: string) => vars[name],
    setVar: (name: string, value: string) => void (vars[name] = value),
    getEnvVar: () => undefined,
    getProcessEnv: (name: string) => env[name],
    getRequestVar: (name: string) => requestVars[name],
  };
  const req = {
    getUrl: () => url,
    getMethod: () => method.toUpperCase(),
    getBody: () => body,
    setBody: (value: unknown) => void (body = value),
  };
  const modules: Readonly<Record<string, unknown>> = { axios, 'crypto-js': CryptoJS };
  const script = blocks.get('script:pre-request') ?? '';
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what Bruno does with it
  const run = new Function('bru', 'req', 'require', `return (async () => {${script}\n})()`) as (
    ...given: unknown[]
  ) => Promise<void>;
  await run(bru, req, (name: string) => modules[name]);
  const filledIn = (template: string): string =>
    template.replace(/\{\{(\w+)\}\}/g, (place, name: string) => vars[name] ?? requestVars[name] ?? place);
  const headers = Object.fromEntries(pairsOf(blocks.get('headers')).map(([name, value]) => [name, filledIn(value)]));
  const sent = body === undefined ? '' : filledIn(typeof body === 'string' ? body : JSON.stringify(body));
  return send(method, filledIn(url), headers, sent);
}
