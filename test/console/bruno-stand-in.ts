import axios from 'axios';
import { CryptoJS } from './crypto-js-stand-in';
import { dateAt, send } from './postman-stand-in';

/** The blocks of a file in Bruno's language: `name {`, lines two spaces in, `}`. */
function blocksOf(text: string): Map<string, string> {
  const blocks = [...text.matchAll(/^([\w:-]+) \{\n(.*?)^\}$/gms)];
  return new Map(blocks.map(([, name = '', lines = '']) => [name, lines.replace(/^ {2}/gm, '').trimEnd()]));
}

const pairsOf = (block = ''): [string, string][] =>
  block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);

interface Surroundings {
  /** Of a collection's `.env`. */
  readonly processEnv?: Readonly<Record<string, string>>;
  /** The chosen environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Set by scripts, kept until Bruno ends: what this one sets is added. */
  readonly runtime?: Record<string, string>;
  /** The time by the machine's clock. */
  readonly now?: number;
}

/** Runs a request as Bruno does: pre-request script first, then variables filled in, and after the answer the other script. */
export async function runBruno(
  text: string,
  { processEnv = {}, environment = {}, runtime = {}, now = Date.now() }: Surroundings,
): Promise<{ status: number }> {
  const blocks = blocksOf(text);
  const method = ['get', 'post'].find((name) => blocks.has(name)) ?? '';
  const { url = '' } = Object.fromEntries(pairsOf(blocks.get(method)));
  const requestVars = Object.fromEntries(pairsOf(blocks.get('vars:pre-request')));
  let body = blocks.get('body:json') ?? '';
  const bru = {
    getVar: (name: string) => runtime[name],
    setVar: (name: string, value: string) => void (runtime[name] = value),
    getEnvVar: (name: string) => environment[name],
    getProcessEnv: (name: string) => processEnv[name],
    getRequestVar: (name: string) => requestVars[name],
  };
  const req = {
    getUrl: () => url,
    getMethod: () => method.toUpperCase(),
    // A script that does not ask for the text is handed what it means.
    getBody: ({ raw = false } = {}): unknown => (raw || body === '' ? body : JSON.parse(body)),
    setBody: (value: string) => void (body = value),
  };
  const modules: Readonly<Record<string, unknown>> = { axios, 'crypto-js': CryptoJS };
  const run = async (name: string, res?: object): Promise<void> => {
    const script = blocks.get(name) ?? '';
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what Bruno does with it
    const made = new Function('bru', 'req', 'res', 'require', 'Date', `return (async () => {${script}\n})()`) as (
      ...given: unknown[]
    ) => Promise<void>;
    await made(bru, req, res, (module: string) => modules[module], dateAt(now));
  };
  await run('script:pre-request');
  const filledIn = (template: string): string =>
    template.replace(
      /\{\{(\w+)\}\}/g,
      (place, name: string) => runtime[name] ?? requestVars[name] ?? environment[name] ?? place,
    );
  const headers = Object.fromEntries(pairsOf(blocks.get('headers')).map(([name, value]) => [name, filledIn(value)]));
  const { status } = await send(method, filledIn(url), headers, filledIn(body));
  await run('script:post-response', { getStatus: () => status });
  return { status };
}
