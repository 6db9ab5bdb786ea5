import { type Download, type Locator, type Page } from 'playwright-core';
import { type View } from '../../../../apps/console/src/state/route';
import { TEST_IDS } from '../../../../apps/console/src/test-ids';
import { type WatchedPage } from '../../../support/browser';

export { TEST_IDS };

type Place = Page | Locator;

/** The console as QA works with it: by what is written on it, and by its hooks where that differs by language. */
export class ConsolePage {
  readonly page: Page;
  private readonly provoked: RegExp[] = [];

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
      await shown.locator(`[data-testid="${item}"][aria-current="true"]`).waitFor();
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
    return place.locator(`xpath=.//dt[normalize-space()="${name}"]/following-sibling::dd[1]`);
  }

  async text(id: string, place: Place = this.page): Promise<string> {
    return visibleText(this.hook(id, place));
  }

  /** What a click saves: the file's name and what is in it. */
  async saved(click: () => Promise<unknown>): Promise<{ readonly name: string; readonly content: string }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), click()]);
    return { name: download.suggestedFilename(), content: await contentOf(download) };
  }

  /** Announces a problem that the test provokes: it must come by the end of the test, and is no problem then. */
  provokes(pattern: RegExp): void {
    this.provoked.push(pattern);
  }

  /** What went wrong in the page so far and was not provoked. */
  problems(): string[] {
    return this.watched.problems.filter((problem) => !this.provoked.some((pattern) => pattern.test(problem)));
  }

  /** What was to be provoked and did not come so far. */
  missing(): string[] {
    const { problems } = this.watched;
    return this.provoked
      .filter((pattern) => !problems.some((problem) => pattern.test(problem)))
      .map((pattern) => `no ${pattern}`);
  }
}

/** As it is shown, its white space as it stands. */
export const visibleText = (locator: Locator): Promise<string> => locator.innerText();

async function contentOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
