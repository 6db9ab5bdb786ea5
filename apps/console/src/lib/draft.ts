import { useMemo } from 'preact/hooks';
import { createStore, type Store, useStore } from './store';

/** In memory alone: some of what QA pastes is nobody else's business. */
const drafts = new Map<string, unknown>();

/**
 * What is typed into a form whose view comes and goes: from its first change on it is there again when the view is, until the
 * page is left.
 */
export function useDraft<T>(key: string, initial: () => T): readonly [value: T, draft: Store<T>] {
  // A key belongs to one form, so that what is kept by it has the type it is asked for with.
  const draft = useMemo(() => (drafts.get(key) as Store<T> | undefined) ?? newDraft(key, initial()), [key]);
  return [useStore(draft), draft];
}

function newDraft<T>(key: string, value: T): Store<T> {
  const draft = createStore(value);
  draft.subscribe(() => drafts.set(key, draft));
  return draft;
}

export function forgetDrafts(): void {
  drafts.clear();
}
