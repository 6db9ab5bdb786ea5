import { api, simulator } from '../api/client';
import {
  type CallRecord,
  type ConsoleEvents,
  type Overview,
  type Replicas,
  type WebhookVerdict,
} from '../api/contract';
import { type JournalEntry } from '../api/simulator';
import { createStore } from '../lib/store';
import { mergeJournal } from './journal';
import { loadSession } from './session';

export type ConnectionState = 'connecting' | 'open' | 'lost';

/** As many as the backend keeps. */
const VERDICTS_KEPT = 200;
const RECORDS_KEPT = 200;
const RECONNECT_MS = 2_000;

export interface LiveOverview {
  readonly overview: Overview;
  /** What the server's clock is ahead of this browser's. */
  readonly clockAheadMs: number;
  /** `performance.now()` at its arrival: ages go on from there. */
  readonly receivedAt: number;
}

export const connection = createStore<ConnectionState>('connecting');
export const liveOverview = createStore<LiveOverview | undefined>(undefined);
/** Newest first. */
export const journal = createStore<readonly JournalEntry[]>([]);
/** Newest first; those that came while the page was open. */
export const newVerdicts = createStore<readonly WebhookVerdict[]>([]);
/** Newest first. */
export const callRecords = createStore<readonly CallRecord[]>([]);
export const replicas = createStore<Replicas | undefined>(undefined);

export const hasSimulator = (live: LiveOverview | undefined): boolean => live?.overview.hasSimulator ?? false;

/** Opens the stream of events, and opens it anew whenever it ends. */
export function watchEvents(): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const open = () => {
    source = new EventSource('/console/api/events');
    source.addEventListener('open', () => connection.set('open'));
    source.addEventListener('error', () => {
      connection.set('lost');
      // Without an answer of 200 the browser does not try again by itself.
      if (source?.readyState !== EventSource.CLOSED || isStopped) return;
      retry = setTimeout(
        () =>
          void loadSession()
            .catch(() => undefined)
            .then(() => isStopped || open()),
        RECONNECT_MS,
      );
    });
    listen(source, 'overview', receiveOverview);
    listen(source, 'journal', ({ entries }) => receiveJournal(entries as readonly JournalEntry[]));
    listen(source, 'webhooks', ({ verdicts }) => receiveVerdicts(verdicts));
    listen(source, 'call', receiveCall);
    listen(source, 'replicas', (event) => replicas.set(event));
  };
  open();
  return () => {
    isStopped = true;
    clearTimeout(retry);
    source?.close();
  };
}

function listen<K extends keyof ConsoleEvents>(
  source: EventSource,
  name: K,
  receive: (event: ConsoleEvents[K]) => void,
): void {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => receive(JSON.parse(data) as ConsoleEvents[K]));
}

function receiveOverview(overview: Overview): void {
  const clockAheadMs = Date.parse(overview.at) - Date.now();
  liveOverview.set({ overview, clockAheadMs, receivedAt: performance.now() });
}

function receiveJournal(entries: readonly JournalEntry[]): void {
  journal.update((known) => mergeJournal(known, entries));
}

function receiveVerdicts(verdicts: readonly WebhookVerdict[]): void {
  newVerdicts.update((known) => [...[...verdicts].reverse(), ...known].slice(0, VERDICTS_KEPT));
}

/** A call that ended, of this page or of another. */
export function receiveCall(record: CallRecord): void {
  callRecords.update((known) =>
    [record, ...known.filter(({ id }) => id !== record.id)]
      .sort((one, other) => other.id - one.id)
      .slice(0, RECORDS_KEPT),
  );
}

export async function loadJournal(): Promise<void> {
  const { entries } = await simulator<{ readonly entries: readonly JournalEntry[] }>('GET', '/journal');
  journal.set([...entries].reverse());
}

export async function loadCallRecords(): Promise<void> {
  const { records } = await api<{ readonly records: readonly CallRecord[] }>('GET', '/calls/records');
  callRecords.set(records);
}

export async function loadOverview(): Promise<void> {
  receiveOverview(await api<Overview>('GET', '/overview'));
}

export async function loadReplicas(): Promise<void> {
  replicas.set(await api<Replicas>('GET', '/replicas'));
}
