import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/assets.module';
import { CallExporter } from '../exports/call-exporter';
import { CallRecords } from './call-records';
import { CallRunner } from './call-runner';
import { CallsController } from './calls.controller';
import { GatewayFacts } from './gateway-facts';
import { WireTaps } from './wire-taps';

/** Calls run from the console, on record to the byte, and what they can be exported as. */
@Module({
  imports: [AssetsModule],
  controllers: [CallsController],
  providers: [GatewayFacts, WireTaps, CallRecords, CallRunner, CallExporter],
  exports: [CallRecords],
})
export class CallsModule {}
