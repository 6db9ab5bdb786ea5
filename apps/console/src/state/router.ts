import { createStore } from '../lib/store';
import { parseRoute, type Route, type View } from './route';

export { type View, VIEWS } from './route';

export function linkTo(view: View, item?: string): string {
  return item === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(item)}`;
}

export const route = createStore<Route>(parseRoute(''));

export function followAddress(): void {
  const read = () => route.set(parseRoute(location.hash));
  addEventListener('hashchange', read);
  read();
}
