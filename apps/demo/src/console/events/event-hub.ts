import { Inject, Injectable, Logger, type OnModuleDestroy, Optional } from '@nestjs/common';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type Subscription } from 'rxjs';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { CallRecords } from '../calls/call-records';
import { type ConsoleEvents, type Overview, type Replicas } from '../contract';
import { OverviewService } from '../overview/overview.service';
import { ReplicasService } from '../replicas/replicas.service';
import { WebhookVerdicts } from '../webhooks/webhook-verdicts';
import { ChangeOf, essenceOf, NewJournalEntries, NewVerdicts } from './changes';
import { type EventStream } from './event-stream';

const LOOK_MS = 1_000;
const BEAT_MS = 15_000;
/** Each costs a connection and what has not been taken of it. */
const MOST_STREAMS = 50;

/** What was told last, while somebody listens. */
interface Watch {
  readonly overview: ChangeOf<Overview>;
  readonly replicas: ChangeOf<Replicas>;
  readonly verdicts: NewVerdicts;
  readonly journal: NewJournalEntries | undefined;
  readonly timers: readonly NodeJS.Timeout[];
}

/**
 * Tells whoever listens what has changed: calls at once, all else once a second. Looks at nothing while nobody listens, and
 * ends every stream before the server closes, which would wait for them.
 */
@Injectable()
export class EventHub implements OnModuleDestroy {
  private readonly logger = new Logger('Console');
  private readonly streams = new Set<EventStream>();
  private readonly calls: Subscription;
  private watch: Watch | undefined;
  private isLooking = false;
  private isOver = false;

  constructor(
    private readonly overviews: OverviewService,
    private readonly replicas: ReplicasService,
    private readonly verdicts: WebhookVerdicts,
    records: CallRecords,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {
    this.calls = records.ended.subscribe((record) => this.tell('call', record));
  }

  get isFull(): boolean {
    return this.streams.size >= MOST_STREAMS;
  }

  /** What is now comes first, then what changes. */
  async join(stream: EventStream): Promise<void> {
    this.streams.add(stream);
    const watch = (this.watch ??= this.begin());
    const overview = await this.overviews.overview();
    if (this.streams.size === 1) watch.overview.isNew(overview);
    stream.send('overview', overview);
    if (this.isOver) stream.end();
  }

  leave(stream: EventStream): void {
    this.streams.delete(stream);
    if (this.streams.size === 0) this.end();
  }

  onModuleDestroy(): void {
    this.isOver = true;
    this.calls.unsubscribe();
    for (const stream of this.streams) stream.end();
    this.streams.clear();
    this.end();
  }

  private begin(): Watch {
    return {
      overview: new ChangeOf(essenceOf),
      replicas: new ChangeOf(toldOf),
      verdicts: new NewVerdicts(() => this.verdicts.all()),
      journal: this.simulator && new NewJournalEntries(this.simulator),
      timers: [setInterval(() => void this.look(), LOOK_MS), setInterval(() => this.beat(), BEAT_MS)],
    };
  }

  private end(): void {
    this.watch?.timers.forEach((timer) => clearInterval(timer));
    this.watch = undefined;
  }

  /** One look at a time: Redis may take longer than the time between two of them. */
  private async look(): Promise<void> {
    const { watch } = this;
    if (watch === undefined) return;
    for (const stream of this.streams) stream.check();
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const entries = watch.journal?.take() ?? [];
      if (entries.length > 0) this.tell('journal', { entries });
      const verdicts = watch.verdicts.take();
      if (verdicts.length > 0) this.tell('webhooks', { verdicts });
      const overview = await this.overviews.overview();
      if (watch.overview.isNew(overview)) this.tell('overview', overview);
      const replicas = await this.replicas.replicas();
      if (watch.replicas.isNew(replicas)) this.tell('replicas', replicas);
    } catch (error) {
      this.logger.warn(`The console could not look: ${error instanceof Error ? error.message : 'unknown error'}`);
    } finally {
      this.isLooking = false;
    }
  }

  private tell<K extends keyof ConsoleEvents>(name: K, data: ConsoleEvents[K]): void {
    for (const stream of this.streams) stream.send(name, data);
  }

  private beat(): void {
    for (const stream of this.streams) stream.beat();
  }
}

/** Without Redis there is only this process, and that it is here still is no news. */
function toldOf({ isShared, self, replicas }: Replicas): unknown {
  return isShared ? replicas : [self, replicas.map(({ tokens }) => tokens)];
}
