import axios from 'axios';
import { runInNewContext } from 'node:vm';
import { CryptoJS } from './crypto-js-stand-in';

interface Collection {
  readonly item: readonly [
    {
      readonly event: readonly { readonly listen: string; readonly script: { readonly exec: readonly string[] } }[];
      readonly request: {
        readonly method: string;
        readonly header: readonly { readonly key: string; readonly value: string }[];
        readonly url: { readonly raw: string };
        readonly body?: { readonly raw: string };
      };
    },
  ];
  readonly variable: readonly { readonly key: string; readonly value: string }[];
}

interface AskedFor {
  readonly url: string;
  readonly method: string;
  readonly header: Readonly<Record<string, string>>;
  readonly body: { readonly raw: string };
}

type Callback = (error: unknown, response: { json: () => unknown }) => void;

/**
 * Runs the request of a collection as Postman does: pre-request script first, then every variable filled in, then the request,
 * and after its answer the script of its tests.
 *
 * @param values of the variables, kept ones included: what a script sets for the collection is added to it
 * @param now the time by the machine's clock
 */
export async function runCollection(
  text: string,
  values: Record<string, string>,
  now = Date.now(),
): Promise<{ status: number }> {
  const { item, variable } = JSON.parse(text) as Collection;
  const [{ request, event }] = item;
  for (const { key, value } of variable) values[key] ||= value;
  const local: Record<string, string> = {};
  const filledIn = (template: string): string =>
    template.replace(/\{\{(\w+)\}\}/g, (place, name: string) => local[name] ?? values[name] ?? place);
  const pending: Promise<void>[] = [];
  const pm = {
    request: { method: request.method, url: { toString: () => request.url.raw }, body: request.body },
    variables: {
      get: (name: string) => local[name] ?? values[name],
      set: (name: string, value: string) => void (local[name] = value),
      replaceIn: filledIn,
    },
    collectionVariables: {
      set: (name: string, value: string) => void (values[name] = value),
      unset: (name: string) => void delete values[name],
    },
    sendRequest: (asked: AskedFor, callback: Callback) => {
      const answer = send(asked.method, asked.url, asked.header, asked.body.raw);
      pending.push(answer.then(({ data }) => callback(null, { json: () => JSON.parse(data) as unknown })));
    },
  };
  const run = (listen: string, more: object = {}): void => {
    const script = event.find((each) => each.listen === listen)?.script.exec.join('\n') ?? '';
    runInNewContext(script, { pm: { ...pm, ...more }, require: requireOf(), Date: dateAt(now) });
  };
  run('prerequest');
  await Promise.all(pending);
  const headers = Object.fromEntries(request.header.map(({ key, value }) => [key, filledIn(value)]));
  const sent = filledIn(request.body?.raw ?? '');
  const { status } = await send(request.method, filledIn(request.url.raw), headers, sent);
  run('test', { response: { code: status } });
  return { status };
}

/** `Date` for a script, on a machine whose clock stands still. */
export function dateAt(now: number): DateConstructor {
  return class extends Date {
    constructor(ms = now) {
      super(ms);
    }
    static override now = (): number => now;
  } as DateConstructor;
}

const requireOf = () => (name: string) => {
  if (name === 'crypto-js') return CryptoJS;
  throw new Error(`Postman's sandbox has no ${name}`);
};

export const send = (method: string, url: string, headers: Readonly<Record<string, string>>, body: string) =>
  axios.request<string>({
    method,
    url,
    headers,
    ...(body !== '' && { data: Buffer.from(body) }),
    responseType: 'text',
    transformResponse: [],
    validateStatus: () => true,
  });
