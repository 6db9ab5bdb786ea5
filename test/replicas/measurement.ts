/** `shared`: this library with `tokenSharing`. `per-process`: without it, one cache and single flight a process. */
export type Strategy = 'shared' | 'per-process';

/** One scenario, played. The members that `--json` prints. */
export interface Measurement {
  readonly scenario: string;
  readonly strategy: Strategy;
  readonly replicas: number;
  readonly calls: number;
  readonly failedCalls: number;
  /** Answers 401, those that were replayed included. */
  readonly unauthorized: number;
  readonly replays: number;
  readonly tokenRequests: number;
  readonly longestWaitMs: number;
}

/** What the table and the assertions want to know besides. */
export interface Outcome extends Measurement {
  /** Token requests that one for each token life comes to, what the scenario itself costs included. */
  readonly wantedTokenRequests: number;
  /**
   * From the end of the fault until no replica fails a call, every one has succeeded, and (if shared) all have one token;
   * `undefined` where nothing was faulty.
   */
  readonly recoveryMs: number | undefined;
  readonly isContested: boolean;
  /** How often each error code came. */
  readonly failures: Readonly<Record<string, number>>;
}

export function toMeasurement(outcome: Outcome): Measurement {
  const { scenario, strategy, replicas, calls, failedCalls, unauthorized, replays, tokenRequests } = outcome;
  const longestWaitMs = Math.round(outcome.longestWaitMs);
  return { scenario, strategy, replicas, calls, failedCalls, unauthorized, replays, tokenRequests, longestWaitMs };
}

const HEAD = [
  'scenario',
  'strategy',
  'R',
  'calls',
  'failed',
  '401s',
  'replays',
  'tokens',
  'wanted',
  'longest wait',
  'recovery',
  'failed with',
];

export function toTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => [
    outcome.scenario,
    outcome.strategy,
    String(outcome.replicas),
    String(outcome.calls),
    String(outcome.failedCalls),
    String(outcome.unauthorized),
    String(outcome.replays),
    String(outcome.tokenRequests),
    String(outcome.wantedTokenRequests),
    inMs(outcome.longestWaitMs),
    inMs(outcome.recoveryMs),
    Object.entries(outcome.failures)
      .map(([code, count]) => `${count} x ${code}`)
      .join(', '),
  ]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ''].join('\n');
}

function inMs(value: number | undefined): string {
  return value === undefined ? '' : value === Infinity ? 'never' : `${Math.round(value)} ms`;
}
