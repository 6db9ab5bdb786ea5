import { type ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useMessages } from '../i18n/messages';

interface LimitedProps<T> {
  readonly items: readonly T[];
  readonly children: (shown: readonly T[]) => ComponentChildren;
}

const SHOWN_AT_FIRST = 20;

/** The first of a long list, and all of it when asked. */
export function Limited<T>({ items, children }: LimitedProps<T>) {
  const t = useMessages();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      {children(shown)}
      {shown.length < items.length && (
        <p class="actions">
          <button type="button" class="small" onClick={() => setWhole(true)}>
            {t.showAll(items.length)}
          </button>
        </p>
      )}
    </>
  );
}
