import { get, type IncomingMessage } from 'node:http';
import { type ConsoleEvents } from '../../apps/demo/src/console/contract';
import { type Demo } from '../e2e/demo-app';
import { API, type Headers } from './console-client';

type Name = keyof ConsoleEvents;

/** Listens to the console's events as a browser does. */
export class EventClient {
  private readonly events: { readonly name: string; readonly data: unknown }[] = [];
  private readonly waiting = new Set<() => void>();
  private text = '';
  isOver = false;

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (chunk: string) => this.read(chunk));
    response.once('close', () => {
      this.isOver = true;
      this.wake();
    });
    // A server that cuts the connection is what some tests are about.
    response.on('error', () => undefined);
  }

  static open({ url }: Pick<Demo, 'url'>, headers: Headers = {}): Promise<EventClient> {
    return new Promise((resolve, reject) => {
      get(`${url}${API}/events`, { agent: false, headers }, (response) => resolve(new EventClient(response))).once(
        'error',
        reject,
      );
    });
  }

  /** All of that name so far. */
  all<K extends Name>(name: K): ConsoleEvents[K][] {
    return this.events.filter((event) => event.name === name).map(({ data }) => data as ConsoleEvents[K]);
  }

  /** The first of that name that passes, come already or not yet. */
  async next<K extends Name>(
    name: K,
    passes: (data: ConsoleEvents[K]) => boolean = () => true,
  ): Promise<ConsoleEvents[K]> {
    for (;;) {
      const found = this.all(name).find(passes);
      if (found !== undefined) return found;
      if (this.isOver) throw new Error(`The stream ended before such an event: ${name}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.isOver) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  close(): void {
    this.response.destroy();
  }

  private read(chunk: string): void {
    this.text += chunk;
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, name] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      if (name !== undefined && data !== undefined) this.events.push({ name, data: JSON.parse(data) as unknown });
    }
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
