import { createStore } from '../lib/store';
import { parseRoute, type Route, type View } from './route';

export { type View, VIEWS } from './route';

export function linkTo(view: View, item?: string): string {
  return item === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(item)}`;
}

export const route = createStore<Route>(parseRoute(''));

/** What was chosen last in each view, since the page was opened. */
const lastItems = new Map<View, string>();

/** Back to where one was in a view. */
export const linkBackTo = (view: View): string => linkTo(view, lastItems.get(view));

export function followAddress(): void {
  const read = () => {
    const current = parseRoute(location.hash);
    if (current.item !== undefined) lastItems.set(current.view, current.item);
    route.set(current);
  };
  addEventListener('hashchange', read);
  read();
}
