import { remainingShare, secondsLeft } from '../lib/format';
import { useNow } from '../lib/hooks';

interface CountdownProps {
  /** Both by this browser's clock, epoch milliseconds. */
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly label: string;
  readonly left: (seconds: number) => string;
  readonly over: string;
  readonly 'data-testid'?: string;
}

const TICK_MS = 250;
const URGENT_SECONDS = 10;

/** A life that runs out, as a bar and in seconds. Not announced second by second: that would drown everything else. */
export function Countdown({ startedAt, expiresAt, label, left, over, ...rest }: CountdownProps) {
  const now = useNow(TICK_MS);
  // Never more than there were at first: how far two clocks are apart is known no better than a request takes.
  const seconds = Math.min(secondsLeft(expiresAt, now), secondsLeft(expiresAt, startedAt));
  const mood = seconds === 0 ? 'over' : seconds <= URGENT_SECONDS ? 'urgent' : '';
  return (
    <div class={`countdown ${mood}`} {...rest} data-seconds={seconds}>
      <progress max={1} value={remainingShare(expiresAt - now, now - startedAt)} aria-label={label} />
      <p class="number small">{seconds === 0 ? over : left(seconds)}</p>
    </div>
  );
}
