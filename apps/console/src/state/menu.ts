import { createStore } from '../lib/store';

/** Of a narrow page; on a wide one the navigation is always there. */
export const isMenuOpen = createStore(false);
