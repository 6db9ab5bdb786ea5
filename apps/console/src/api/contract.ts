/** Types only: nothing of the backend is bundled into the page. */
export type * from '../../../demo/src/console/contract';
