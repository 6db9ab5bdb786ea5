export const LANGUAGES = ['en', 'es', 'id'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  es: 'Español',
  id: 'Bahasa Indonesia',
};
