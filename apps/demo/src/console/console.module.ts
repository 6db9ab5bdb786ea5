import { type DynamicModule, Module } from '@nestjs/common';
import { type EnvironmentVariables } from '../config/environment';
import { SandboxModule } from '../sandbox/sandbox.module';
import { isConsoleOn } from './access/console-settings';
import { SessionController } from './access/session.controller';
import { AssetsModule } from './assets/assets.module';
import { CallsModule } from './calls/calls.module';
import { EventHub } from './events/event-hub';
import { EventsController } from './events/events.controller';
import { EvidenceController } from './evidence/evidence.controller';
import { EvidenceWriter } from './evidence/evidence-writer';
import { InspectorModule } from './inspector/inspector.module';
import { OverviewController } from './overview/overview.controller';
import { OverviewService } from './overview/overview.service';
import { ReplicaTokens } from './replicas/replica-tokens';
import { ReplicasController } from './replicas/replicas.controller';
import { ReplicasService } from './replicas/replicas.service';
import { SimulatorController } from './simulator/simulator.controller';
import { WebhookDesk } from './webhooks/webhook-desk';
import { WebhookDeskController } from './webhooks/webhook-desk.controller';
import { WebhookVerdicts } from './webhooks/webhook-verdicts';

/** The QA console: its page at `/`, its API below `/console/api`. Where it is off, nothing of it is there but a word at `/`. */
@Module({})
export class ConsoleModule {
  /** @param webhooks the module of the demo's own webhooks, whose routes and log the desk shows */
  static register(environment: EnvironmentVariables, webhooks: DynamicModule): DynamicModule {
    if (!isConsoleOn(environment)) return { module: ConsoleModule, imports: [AssetsModule] };
    return {
      module: ConsoleModule,
      imports: [AssetsModule, CallsModule, InspectorModule, SandboxModule, webhooks],
      controllers: [
        SessionController,
        OverviewController,
        EventsController,
        SimulatorController,
        WebhookDeskController,
        ReplicasController,
        EvidenceController,
      ],
      providers: [
        OverviewService,
        EventHub,
        WebhookDesk,
        WebhookVerdicts,
        ReplicaTokens,
        ReplicasService,
        EvidenceWriter,
      ],
    };
  }
}
