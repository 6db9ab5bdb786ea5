import { type Page, type Request, type Response } from 'playwright-core';

/** What came out of the console, by where: what is shown, asked, answered, told by the stream of events, saved and kept. */
export class Haul {
  readonly outputs: { readonly from: string; readonly text: string }[] = [];
  private readonly pending = new Set<Promise<unknown>>();

  add(from: string, text: string): void {
    this.outputs.push({ from, text });
  }

  /** From now on. */
  async watch(page: Page): Promise<void> {
    page.on('request', (request) => this.add(`request ${nameOf(request)}`, asked(request)));
    page.on('response', (response) => this.keep(this.answered(response)));
    page.on('console', (message) => this.add('the log', message.text()));
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.eventSourceMessageReceived', ({ eventName, data }) => this.add(`event ${eventName}`, data));
  }

  /** What is on the page now, shown or not, typed in, or kept by it. */
  async look(page: Page, view: string): Promise<void> {
    const parts = await page.evaluate(() => [
      document.documentElement.outerHTML,
      document.body.innerText,
      ...[...document.querySelectorAll('input, textarea, select')].map(
        (field) => (field as unknown as { readonly value: string }).value,
      ),
      JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie, address: location.href }),
    ]);
    this.add(`page ${view}`, parts.join('\n'));
  }

  /** Until every answer is here that has begun. */
  async settle(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  private keep(reading: Promise<void>): void {
    const kept: Promise<unknown> = reading.finally(() => this.pending.delete(kept));
    this.pending.add(kept);
  }

  private async answered(response: Response): Promise<void> {
    const headers = JSON.stringify(await response.allHeaders().catch(() => ({})));
    // The stream does not end; its events are heard one by one. What was left before it came has no body any more.
    const isStream = headers.includes('text/event-stream');
    const body = isStream ? '' : await response.text().catch(() => '');
    this.add(`answer ${nameOf(response.request())}`, `${headers}\n${body}`);
  }
}

const nameOf = (request: Request): string => `${request.method()} ${new URL(request.url()).pathname}`;

const asked = (request: Request): string =>
  [request.url(), JSON.stringify(request.headers()), request.postData() ?? ''].join('\n');
