import { api, simulator } from '../api/client';
import {
  type CallRecord,
  type ConsoleEvents,
  type Overview,
  type Replicas,
  type WebhookDesk,
  type WebhookVerdict,
} from '../api/contract';
import { type JournalEntry } from '../api/simulator';
import { lead } from '../lib/election';
import { createStore } from '../lib/store';
import { mergeJournal } from './journal';
import { loadSession } from './session';

type ConnectionState = 'connecting' | 'open' | 'lost';

/** As many as the backend keeps. */
const VERDICTS_KEPT = 200;
const RECORDS_KEPT = 200;
const RECONNECT_MS = 2_000;
/** Verdicts are told a second late at most. */
const TOLD_WITHIN_MS = 2_000;

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

/** What the tabs of one browser tell each other. */
interface Told extends ConsoleEvents {
  readonly connection: ConnectionState;
}

const RECEIVERS: { readonly [K in keyof Told]: (event: Told[K]) => void } = {
  overview: receiveOverview,
  journal: ({ entries }) => receiveJournal(entries as readonly JournalEntry[]),
  webhooks: ({ verdicts }) => receiveVerdicts(verdicts),
  call: receiveCall,
  replicas: (event) => replicas.set(event),
  connection: receiveConnection,
};
const STREAMED = ['overview', 'journal', 'webhooks', 'call', 'replicas'] as const satisfies (keyof ConsoleEvents)[];

/** Also the name of the lock. */
const TABS = 'payment-auth-console-events';
/** Sent by a tab that has just come; the leader answers how the connection is. */
const GREETING = 'greeting';

type TabMessage =
  { readonly name: keyof Told; readonly data: string } | { readonly name: typeof GREETING; readonly data?: undefined };

/** Whether this tab has the stream, which begins with an overview: it need not ask for one. */
let isLeading = false;

/**
 * Follows what happens. A browser has six connections to a host, and a stream takes one for good: so one tab has the stream and
 * tells the others, and a tab that nobody looks at leaves it to them.
 */
export function watchEvents(): () => void {
  const tabs = new BroadcastChannel(TABS);
  const send = (message: TabMessage) => {
    // Without locks every tab has a stream of its own, and would hear everything twice.
    if ('locks' in navigator) tabs.postMessage(message);
  };
  let giveUp: (() => void) | undefined;
  tabs.addEventListener('message', ({ data: { name, data } }: MessageEvent<TabMessage>) => {
    if (name !== GREETING) take(name, data);
    else if (isLeading) send({ name: 'connection', data: JSON.stringify(connection.get()) });
  });
  const stream = () => {
    isLeading = true;
    const close = openStream((name, data) => {
      take(name, data);
      send({ name, data });
    });
    return () => {
      isLeading = false;
      close();
    };
  };
  const look = () => {
    giveUp?.();
    giveUp = undefined;
    if (document.visibilityState === 'hidden') return;
    connection.set('connecting');
    giveUp = lead(TABS, stream);
    send({ name: GREETING });
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    giveUp?.();
    tabs.close();
  };
}

/** Opens the stream of events, and opens it anew whenever it ends. */
function openStream(tell: (name: keyof Told, data: string) => void): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const tellConnection = (state: ConnectionState) => tell('connection', JSON.stringify(state));
  const open = () => {
    source = new EventSource('/console/api/events');
    source.addEventListener('open', () => tellConnection('open'));
    source.addEventListener('error', () => {
      tellConnection('lost');
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
    for (const name of STREAMED) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => tell(name, data));
    }
  };
  // Another tab may have had it before: whoever followed that one looks for what came in between.
  tellConnection('connecting');
  open();
  return () => {
    isStopped = true;
    clearTimeout(retry);
    source?.close();
  };
}

let wasOpen = false;
/** `Date.now()` when anything came last: what is older is known. */
let heardAt = 0;

function take<K extends keyof Told>(name: K, data: string): void {
  RECEIVERS[name](JSON.parse(data) as Told[K]);
  if (name !== 'connection') heardAt = Date.now();
}

function receiveConnection(state: ConnectionState): void {
  const before = connection.get();
  connection.set(state);
  if (state === before || state === 'connecting') return;
  const isOpen = state === 'open';
  if (isOpen && wasOpen) void catchUp().catch(() => undefined);
  // The stream begins with an overview for the leader. The others ask, and everybody does while there is no stream.
  else if (liveOverview.get() === undefined && !(isOpen && isLeading)) void loadOverview().catch(() => undefined);
  if (!isOpen) return;
  if (!wasOpen) heardAt = Date.now();
  wasOpen = true;
}

/** What came while nobody told; the stream does not repeat it. */
async function catchUp(): Promise<void> {
  const since = heardAt;
  if (!isLeading) await loadOverview();
  await Promise.all([
    loadCallRecords(),
    loadReplicas(),
    loadVerdictsSince(since),
    ...(hasSimulator(liveOverview.get()) ? [loadJournal()] : []),
  ]);
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

async function loadVerdictsSince(heard: number): Promise<void> {
  const { verdicts } = await api<WebhookDesk>('GET', '/webhooks');
  const since = heard + (liveOverview.get()?.clockAheadMs ?? 0) - TOLD_WITHIN_MS;
  const known = new Set(newVerdicts.get().map((verdict) => JSON.stringify(verdict)));
  const missed = verdicts.filter((verdict) => Date.parse(verdict.at) >= since && !known.has(JSON.stringify(verdict)));
  if (missed.length > 0) receiveVerdicts([...missed].reverse());
}
