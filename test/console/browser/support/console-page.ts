import { type Download, type Locator, type Page } from 'playwright-core';
import { type View } from '../../../../apps/console/src/state/route';
import { TEST_IDS } from '../../../../apps/console/src/test-ids';
import { type WatchedPage } from '../../../support/browser';
import { eventually } from './eventually';

export { TEST_IDS };

type Place = Page | Locator;

/** The console as QA works with it: by what is written on it, and by its hooks where that differs by language. */
export class ConsolePage {
  readonly page: Page;

  constructor(readonly watched: WatchedPage) {
    this.page = watched.page;
  }

  hook(id: string, place: Place = this.page): Locator {
    return place.getByTestId(id);
  }

  /** Follows the navigation to a view, and in it to one of its items (`call-netzme-balance`). */
  async goTo(view: View, item?: string): Promise<Locator> {
    const menu = this.hook(TEST_IDS.menuButton);
    if (await menu.isVisible()) await menu.click();
    await this.hook(`nav-${view}`).click();
    const shown = this.hook(`view-${view}`);
    await shown.waitFor();
    if (item !== undefined) {
      await this.hook(item, shown).click();
      await eventually(async () => expect(await this.hook(item, shown).getAttribute('aria-current')).toBe('true'));
    }
    return shown;
  }

  field(name: string, place: Place = this.page): Locator {
    return this.hook(`field-${name}`, place);
  }

  /** Types or chooses, whichever the fields take. */
  async fillIn(values: Readonly<Record<string, string>>, place: Place = this.page): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      const field = this.field(name, place);
      const isChoice = await field.evaluate((element) => element.tagName === 'SELECT');
      await (isChoice ? field.selectOption(value) : field.fill(value));
    }
  }

  click(id: string, place: Place = this.page): Promise<void> {
    return this.hook(id, place).click();
  }

  /** The value beside a name in a list of facts. */
  fact(name: string, place: Place = this.page): Locator {
    return place.locator(`dt:text-is(${JSON.stringify(name)}) + dd`);
  }

  async text(id: string, place: Place = this.page): Promise<string> {
    return visibleText(this.hook(id, place));
  }

  /** What a click saves: the file's name and what is in it. */
  async saved(click: () => Promise<unknown>): Promise<{ readonly name: string; readonly content: string }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), click()]);
    return { name: download.suggestedFilename(), content: await contentOf(download) };
  }

  /** Problems that the test provoked: every other one is left for the end of the test. */
  takeProvoked(pattern: RegExp): string[] {
    const all = this.watched.takeProblems();
    const others = all.filter((problem) => !pattern.test(problem));
    if (others.length > 0) throw new Error(`The page had other problems:\n${others.join('\n')}`);
    return all;
  }
}

/** As it is shown, its white space as it stands. */
export const visibleText = (locator: Locator): Promise<string> => locator.innerText();

async function contentOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
