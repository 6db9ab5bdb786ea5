import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { type Request } from 'express';
import { type InternalAxiosRequestConfig } from 'axios';
import { AlignetController } from '../../alignet/alignet.controller';
import { NetzmeController } from '../../netzme/netzme.controller';
import { PlacetopayController } from '../../placetopay/placetopay.controller';
import { type CallInput, type CallRecord } from '../contract';
import { type DemoControllers } from './call-definitions';
import { checkInput, findCall } from './call-input';
import { outcomeOf } from './call-outcome';
import { CallRecords } from './call-records';
import { GatewayFacts } from './gateway-facts';
import { headerOf } from './raw-message';
import { WireRecording } from './wire-recording';
import { WireTaps } from './wire-taps';

/** Runs the demo's own routes for the console, and writes down what went over the wire. */
@Injectable()
export class CallRunner {
  constructor(
    private readonly modules: ModuleRef,
    private readonly taps: WireTaps,
    private readonly records: CallRecords,
    private readonly facts: GatewayFacts,
  ) {}

  /** @throws {ConsoleRefusal} for a call that is unknown, or input its route does not take */
  async run(id: string, input: CallInput, request: Request): Promise<CallRecord> {
    const call = findCall(id);
    const checked = await checkInput(call, input);
    const at = new Date().toISOString();
    const started = performance.now();
    const recording = new WireRecording(id);
    const outcome = await this.taps.record(recording, () => outcomeOf(() => call.run(this.demo, checked, request)));
    const durationMs = Math.round(performance.now() - started);
    const { exchanges, headers, secrets } = recording.finish();
    const lastDate = headers.map((ofAnswer) => headerOf(ofAnswer, 'date')).findLast((date) => date !== undefined);
    const { gateway } = call.definition;
    this.facts.dated(gateway, lastDate);
    return this.records.add({ call: id, gateway, input, at, durationMs, outcome, exchanges }, secrets);
  }

  /** What the route would send first; it is not sent. @throws {ConsoleRefusal} as {@link run} */
  async firstRequest(id: string, input: CallInput, request: Request): Promise<InternalAxiosRequestConfig | undefined> {
    const call = findCall(id);
    const checked = await checkInput(call, input);
    return this.taps.firstRequest(() => call.run(this.demo, checked, request));
  }

  /** The very instances that serve the routes. */
  private get demo(): DemoControllers {
    const find = { strict: false };
    return {
      alignet: this.modules.get(AlignetController, find),
      placetopay: this.modules.get(PlacetopayController, find),
      netzme: this.modules.get(NetzmeController, find),
    };
  }
}
