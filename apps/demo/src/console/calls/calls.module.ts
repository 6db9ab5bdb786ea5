import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/assets.module';
import { EvidenceController } from '../evidence/evidence.controller';
import { EvidenceWriter } from '../evidence/evidence-writer';
import { CallExporter } from '../exports/call-exporter';
import { CallRecords } from './call-records';
import { CallRunner } from './call-runner';
import { CallsController } from './calls.controller';
import { GatewayFacts } from './gateway-facts';
import { WireTaps } from './wire-taps';

/** Calls run from the console, on record to the byte; what they can be exported as; evidence of them. */
@Module({
  imports: [AssetsModule],
  controllers: [CallsController, EvidenceController],
  providers: [GatewayFacts, WireTaps, CallRecords, CallRunner, CallExporter, EvidenceWriter],
  exports: [CallRecords],
})
export class CallsModule {}
