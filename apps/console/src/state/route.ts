export const VIEWS = [
  'overview',
  'calls',
  'inspector',
  'checkout',
  'simulator',
  'webhooks',
  'replicas',
  'evidence',
] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** What is chosen in it: `#/calls/netzme-balance`. */
  readonly item?: string;
  readonly query: URLSearchParams;
}

/** `#/checkout?placetopay=ORDER-1`; whatever is no view is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', item] = path.split('/').map(decode);
  const view = VIEWS.find((name) => name === first) ?? 'overview';
  return { view, query: new URLSearchParams(query), ...(item !== undefined && item !== '' && { item }) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
