import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Session } from '../api/contract';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/languages';
import { useMessages } from '../i18n/messages';
import { useStore } from '../lib/store';
import { connection } from '../state/live';
import { isMenuOpen } from '../state/menu';
import { language, theme, THEMES } from '../state/preferences';
import { linkTo } from '../state/router';
import { signOut } from '../state/session';
import { TEST_IDS } from '../test-ids';
import { Icon } from './icons';

export function Header({ session }: { readonly session: Session }) {
  const t = useMessages();
  const isOpen = useStore(isMenuOpen);
  const menuButton = useRef<HTMLButtonElement>(null);
  // Before it is painted: whoever sees the menu may press Escape at once.
  useLayoutEffect(() => (isOpen ? closeMenuOnEscape(() => menuButton.current?.focus()) : undefined), [isOpen]);
  return (
    <header class="top">
      <a class="brand" href={linkTo('overview')}>
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <rect width="32" height="32" rx="8" />
          <path d="M9 17l5 5 9-12" />
        </svg>
        payment-auth
      </a>
      <span class={`environment ${session.environment}`} data-testid={TEST_IDS.environment}>
        <span class="visually-hidden">{t.environmentLabel}: </span>
        {t.environments[session.environment]}
      </span>
      {session.isOpen && <Connection />}
      <div class="preferences">
        <label>
          <span class="visually-hidden">{t.language}</span>
          <select
            data-testid={TEST_IDS.languageSwitch}
            value={useStore(language)}
            onChange={({ currentTarget }) => language.set(currentTarget.value as (typeof LANGUAGES)[number])}
          >
            {LANGUAGES.map((tag) => (
              <option key={tag} value={tag} lang={tag}>
                {LANGUAGE_NAMES[tag]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="visually-hidden">{t.theme}</span>
          <select
            data-testid={TEST_IDS.themeSwitch}
            value={useStore(theme)}
            onChange={({ currentTarget }) => theme.set(currentTarget.value as (typeof THEMES)[number])}
          >
            {THEMES.map((name) => (
              <option key={name} value={name}>
                {t.themes[name]}
              </option>
            ))}
          </select>
        </label>
        {session.needsToken && session.isOpen && (
          <button
            type="button"
            data-testid={TEST_IDS.signOutButton}
            onClick={() => void signOut().catch(() => undefined)}
          >
            {t.signIn.signOut}
          </button>
        )}
      </div>
      {session.isOpen && (
        <button
          ref={menuButton}
          type="button"
          class="menu-button"
          data-testid={TEST_IDS.menuButton}
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => isMenuOpen.update((open) => !open)}
        >
          <Icon name={isOpen ? 'cross' : 'menu'} />
          {t.menu}
        </button>
      )}
    </header>
  );
}

/** Wherever the focus is: it goes back to the button, for it may have been in what closes. */
function closeMenuOnEscape(focusButton: () => void): () => void {
  const close = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape') return;
    isMenuOpen.set(false);
    focusButton();
  };
  document.addEventListener('keydown', close);
  return () => document.removeEventListener('keydown', close);
}

function Connection() {
  const t = useMessages();
  const state = useStore(connection);
  return (
    <span class={`connection ${state}`} role="status" data-testid={TEST_IDS.connection} data-state={state}>
      <span class="dot" aria-hidden="true" />
      <span class="connection-text">{t.connection[state]}</span>
    </span>
  );
}
