import { useStore } from '../lib/store';
import { language } from '../state/preferences';
import { en, type Messages } from './en';
import { es } from './es';
import { id } from './id';
import { type Language } from './languages';

export const MESSAGES: Readonly<Record<Language, Messages>> = { en, es, id };

/** The page's texts in the language that is chosen. */
export function useMessages(): Messages {
  return MESSAGES[useStore(language)];
}
