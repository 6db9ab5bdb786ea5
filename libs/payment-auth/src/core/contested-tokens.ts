import { type Clock } from './clock';

/** So many of our tokens refused within the window mean that somebody else asks for tokens of the same client. */
const REJECTIONS_THAT_CONTEST = 4;
const WINDOW_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Notices when somebody outside kills our tokens again and again: a forgotten cron job, a colleague's Postman. Fighting
 * back would kill theirs in turn, so renewals pause, longer each time, until it has been quiet for a minute.
 */
export class ContestedTokens {
  private readonly rejectedAt: number[] = [];
  private pausedUntil = 0;
  private isAnnounced = false;

  constructor(
    private readonly clock: Clock,
    private readonly onContested: () => void,
  ) {}

  /** A token was refused that should have been good. */
  rejected(): void {
    const now = this.clock.monotonic();
    this.forgetBefore(now - WINDOW_MS);
    if (this.rejectedAt.length === 0) this.isAnnounced = false;
    this.rejectedAt.push(now);
    const excess = this.rejectedAt.length - REJECTIONS_THAT_CONTEST;
    if (excess < 0) return;
    this.pausedUntil = now + Math.min(FIRST_PAUSE_MS * 2 ** excess, LONGEST_PAUSE_MS);
    if (this.isAnnounced) return;
    this.isAnnounced = true;
    this.onContested();
  }

  /** The latest refusal was not the token's fault after all. */
  excuse(): void {
    this.rejectedAt.pop();
    if (this.rejectedAt.length < REJECTIONS_THAT_CONTEST) this.pausedUntil = 0;
  }

  isContested(): boolean {
    this.forgetBefore(this.clock.monotonic() - WINDOW_MS);
    return this.rejectedAt.length >= REJECTIONS_THAT_CONTEST;
  }

  forget(): void {
    this.rejectedAt.length = 0;
    this.pausedUntil = 0;
  }

  /** Whether a renewal would be a move in a fight. */
  isPaused(): boolean {
    return this.clock.monotonic() < this.pausedUntil;
  }

  private forgetBefore(time: number): void {
    while (this.rejectedAt[0] !== undefined && this.rejectedAt[0] < time) this.rejectedAt.shift();
  }
}
