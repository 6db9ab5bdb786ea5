import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Clock } from './clock';
import { PaymentAuthConfigError } from './errors';
import { type AnswerCheck, reloadSecrets } from './reload-secrets';
import { type SourcedSecret } from './secret-sources';
import { PAYMENT_AUTH_CLOCK, PAYMENT_AUTH_RESOLVED_OPTIONS } from './tokens';

/** Refusals come in floods; the sources are asked once for one. */
const BETWEEN_REFUSALS_MS = 10_000;

/** What of the resolved options is needed here. */
export interface SecretOptions {
  readonly secrets: {
    readonly sourced: readonly SourcedSecret[];
    readonly reloadEverySeconds: number;
    readonly check: AnswerCheck;
  };
}

/**
 * Keeps secrets that come from functions up to date: every few minutes (`secrets.reloadEverySeconds`), when a gateway refuses
 * one, and whenever {@link PaymentAuthSecrets.reload} is called, e.g. on SIGHUP. What is signed next is signed with what came.
 */
@Injectable()
export class PaymentAuthSecrets implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('PaymentAuth');
  private readonly sourced: readonly SourcedSecret[];
  private readonly everyMs: number;
  private readonly check: AnswerCheck;
  private timer: NodeJS.Timeout | undefined;
  private quietUntil = -Infinity;

  constructor(
    @Inject(PAYMENT_AUTH_RESOLVED_OPTIONS) { secrets }: SecretOptions,
    @Inject(PAYMENT_AUTH_CLOCK) private readonly clock: Clock,
  ) {
    this.sourced = secrets.sourced;
    this.check = secrets.check;
    this.everyMs = secrets.reloadEverySeconds * 1_000;
  }

  /**
   * Asks every function again. A secret that cannot be had, or would not pass the checks made at start, stays what it was.
   * Where reloads overlap, what was asked for last is kept.
   *
   * @returns the options whose secret changed
   * @throws {PaymentAuthConfigError} naming the options whose function failed or gave something unfit, after the others were taken
   */
  async reload(): Promise<readonly string[]> {
    const { changed, problems } = await reloadSecrets(this.sourced, this.check);
    if (changed.length > 0) this.logger.log(`New secrets: ${changed.join(', ')}`);
    if (problems.length > 0) throw new PaymentAuthConfigError(problems);
    return changed;
  }

  /** @internal A gateway refused a credential: it may have been replaced. */
  refused(): void {
    const now = this.clock.monotonic();
    if (this.sourced.length === 0 || now < this.quietUntil) return;
    this.quietUntil = now + BETWEEN_REFUSALS_MS;
    this.reloadQuietly();
  }

  onApplicationBootstrap(): void {
    if (this.sourced.length === 0 || this.everyMs === 0) return;
    this.timer = setInterval(() => this.reloadQuietly(), this.everyMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private reloadQuietly(): void {
    this.reload().catch((error: unknown) => {
      this.logger.warn(`Secrets stay as they are: ${error instanceof Error ? error.message : 'unknown error'}`);
    });
  }
}
