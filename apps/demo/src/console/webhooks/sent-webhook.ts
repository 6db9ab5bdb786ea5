import { type BuiltWebhook, type SentWebhook as Sent } from '@payment-auth/gateway-simulator';
import { type SentWebhook, type WireMessage } from '../contract';

/** What the simulator tells of a webhook that went out, as the page has it. */
export function toSentWebhook(id: number, sent: Sent, whole: BuiltWebhook): SentWebhook {
  const last = sent.answers.at(-1);
  return {
    id,
    at: new Date(sent.at).toISOString(),
    gateway: sent.gateway,
    scheme: sent.scheme,
    ...(sent.break !== undefined && { break: sent.break }),
    url: sent.request.url,
    request: toWireMessage(sent.request, whole),
    status: last?.status ?? null,
    ...(last !== undefined && { answer: last.body === '' ? (last.problem ?? '') : last.body }),
  };
}

/** @param shown with its proofs masked. @param whole the same as it went over the wire */
function toWireMessage(shown: BuiltWebhook, whole: BuiltWebhook): WireMessage {
  const { pathname, search } = new URL(shown.url);
  const masked = Object.keys(whole.headers).filter((name) => shown.headers[name] !== whole.headers[name]);
  return {
    startLine: `${shown.method} ${pathname}${search} HTTP/1.1`,
    headers: Object.entries(shown.headers),
    body: shown.body,
    bodyEncoding: 'utf8',
    bodyBytes: Buffer.byteLength(whole.body),
    masked: [...masked, ...maskedMembers(shown, whole)],
  };
}

function maskedMembers(shown: BuiltWebhook, whole: BuiltWebhook): string[] {
  if (shown.body === whole.body) return [];
  const [of, as] = [parse(whole.body), parse(shown.body)];
  return of === undefined || as === undefined ? ['body'] : differences(of, as);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Paths of the values that are not the same. */
function differences(one: unknown, other: unknown, path = ''): string[] {
  if (!isContainer(one) || !isContainer(other)) return one === other ? [] : [path];
  return Object.keys(one).flatMap((name) =>
    differences(one[name], other[name], path === '' ? name : `${path}.${name}`),
  );
}

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
