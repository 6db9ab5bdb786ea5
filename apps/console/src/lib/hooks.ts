import { type Inputs, useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ShownProblem, shownProblem } from '../api/problem';

/** `Date.now()`, read again every so often while the component is shown. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

interface Loaded<T> {
  readonly value?: T;
  readonly problem?: ShownProblem;
  readonly reload: () => void;
}

/** Something fetched when the component is shown, and again when `inputs` change. */
export function useLoaded<T>(load: () => Promise<T>, inputs: Inputs = []): Loaded<T> {
  const [state, setState] = useState<{ readonly value?: T; readonly problem?: ShownProblem }>({});
  const turn = useRef(0);
  const reload = useCallback(() => {
    const mine = (turn.current += 1);
    load().then(
      (value) => {
        if (turn.current === mine) setState({ value });
      },
      (error: unknown) => {
        if (turn.current === mine) setState((before) => ({ ...before, problem: shownProblem(error) }));
      },
    );
  }, inputs);
  useEffect(() => {
    reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);
  return { ...state, reload };
}

interface Action<A extends readonly unknown[]> {
  readonly run: (...args: A) => Promise<void>;
  readonly stop: () => void;
  readonly isRunning: boolean;
  /** `performance.now()` when it began. */
  readonly startedAt: number;
  readonly problem?: ShownProblem;
}

/** Something the reader sets off: one at a time, what went wrong is kept to be shown, and leaving the view ends it. */
export function useAction<A extends readonly unknown[]>(
  perform: (signal: AbortSignal, ...args: A) => Promise<void>,
): Action<A> {
  const [state, setState] = useState<{ isRunning: boolean; startedAt: number; problem?: ShownProblem }>({
    isRunning: false,
    startedAt: 0,
  });
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const stop = () => running.current?.abort();
  const run = async (...args: A) => {
    if (running.current !== undefined) return;
    const controller = new AbortController();
    running.current = controller;
    const startedAt = performance.now();
    setState({ isRunning: true, startedAt });
    let problem: ShownProblem | undefined;
    try {
      await perform(controller.signal, ...args);
    } catch (error) {
      problem = shownProblem(error);
    } finally {
      running.current = undefined;
    }
    setState({ isRunning: false, startedAt, ...(problem !== undefined && { problem }) });
  };
  return { ...state, run, stop };
}
