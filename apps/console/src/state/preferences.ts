import { createStore } from '../lib/store';
import { type Language, LANGUAGES } from '../i18n/languages';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE_KEY = 'console.language';
const THEME_KEY = 'console.theme';

export const language = createStore<Language>(firstLanguage());
export const theme = createStore<Theme>(oneOf(THEMES, recall(THEME_KEY)) ?? 'auto');

/** Puts both on the document, now and whenever they change, and remembers them. */
export function applyPreferences(): void {
  const root = document.documentElement;
  const apply = () => {
    root.lang = language.get();
    root.dataset['theme'] = theme.get();
  };
  apply();
  // The address may have asked for it, and a payment page leads back without.
  if (new URLSearchParams(location.search).has('lang')) remember(LANGUAGE_KEY, language.get());
  language.subscribe(() => {
    apply();
    remember(LANGUAGE_KEY, language.get());
  });
  theme.subscribe(() => {
    apply();
    remember(THEME_KEY, theme.get());
  });
}

/** Of the address (`?lang=es`), else the one chosen before, else the browser's first that we speak. */
function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2));
  return [asked, recall(LANGUAGE_KEY), ...spoken].map((tag) => oneOf(LANGUAGES, tag)).find(Boolean) ?? 'en';
}

function oneOf<T extends string>(allowed: readonly T[], value: string | null): T | undefined {
  return allowed.find((each) => each === value);
}

/** Storage may be switched off; then nothing is remembered. */
function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not remembered, and used all the same.
  }
}
