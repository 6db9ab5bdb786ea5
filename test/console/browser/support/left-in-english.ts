import { type Page } from 'playwright-core';
import { en, type Messages } from '../../../../apps/console/src/i18n/en';

/** Stands for whatever a text is about. */
const ANYTHING = 7777;

type Text = (...parts: readonly unknown[]) => string;

/** Texts that are shown on the page as the English one has them, though this language has its own. */
export async function leftInEnglish(page: Page, messages: Messages): Promise<string[]> {
  const patterns = englishPatterns(messages);
  return (await shownTexts(page)).filter((text) => patterns.some((pattern) => pattern.test(text)));
}

function englishPatterns(messages: Messages): RegExp[] {
  // A word may be the same in both, and what it stands for elsewhere have a word of its own.
  const translated = new Set(entriesOf(messages).map(([, text]) => text));
  return entriesOf(en)
    .filter(([, text]) => !translated.has(text))
    .map(
      ([, text]) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`.replaceAll(String(ANYTHING), '.+')),
    );
}

function entriesOf(value: unknown, path = ''): (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, (value as Text)(ANYTHING, ANYTHING)]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => entriesOf(inner, `${path}.${name}`));
}

/** All texts of the page, seen or read aloud, but those that say they are English, and what was sent and received. */
function shownTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const notOurs = [
      'body [lang="en"], code, pre, textarea, script, [data-testid="flex-form"]',
      // Names of the wire, which happen to be English words.
      'a[data-testid^="scheme-"], [data-testid="view-inspector"] option',
    ].join();
    const elements = [...document.querySelectorAll('body, body *')].filter(
      (element) => element.closest(notOurs) === null,
    );
    const attributes = ['aria-label', 'title', 'placeholder'];
    return elements
      .flatMap((element) => [
        ...[...element.childNodes].flatMap((node) =>
          node.nodeType === Node.TEXT_NODE ? [(node.textContent ?? '').trim()] : [],
        ),
        ...attributes.map((name) => element.getAttribute(name) ?? ''),
        // What stands in pieces in it.
        ...(element.children.length === 0 ? [(element.textContent ?? '').trim()] : []),
      ])
      .filter((text) => text !== '');
  });
}
