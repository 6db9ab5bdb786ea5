import { Injectable } from '@nestjs/common';
import { type InternalAxiosRequestConfig } from 'axios';
import { type Request } from 'express';
import { ConsoleRefusal, invalid } from '../access/console-problem';
import { checkInput, findCall } from '../calls/call-input';
import { CallRunner } from '../calls/call-runner';
import { type CallInput, type ExportedFile, type ExportFormat, type Gateway } from '../contract';
import { ResolvedMerchantsReader } from '../overview/resolved-merchants';
import { brunoExport } from './bruno-export';
import { type ExportPlan } from './export-plan';
import { alignetPlan, netzmePlan, placetopayPlan } from './plan-builder';
import { postmanExport } from './postman-export';
import { shellExport } from './shell-export';

interface Format {
  readonly extension: string;
  readonly mediaType: string;
  readonly write: (plan: ExportPlan) => string;
}

const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  curl: { extension: 'sh', mediaType: 'application/x-sh', write: shellExport },
  postman: { extension: 'postman_collection.json', mediaType: 'application/json', write: postmanExport },
  bruno: { extension: 'bru', mediaType: 'text/plain', write: brunoExport },
};

/** @throws {ConsoleRefusal} 400 */
export function readFormat(value: unknown): ExportFormat {
  if (typeof value === 'string' && Object.hasOwn(FORMATS, value)) return value as ExportFormat;
  throw invalid('format', `must be one of ${Object.keys(FORMATS).join(', ')}`);
}

/** Writes a call down for other tools, signing for itself there. Credentials are variables in all of them. */
@Injectable()
export class CallExporter {
  constructor(
    private readonly runner: CallRunner,
    private readonly merchants: ResolvedMerchantsReader,
  ) {}

  /** @throws {ConsoleRefusal} for an unknown call, wrong input, or a gateway that is not configured */
  async export(id: string, input: CallInput, format: ExportFormat, request: Request): Promise<ExportedFile> {
    const { extension, mediaType, write } = FORMATS[format];
    const plan = await this.plan(id, input, request);
    return { fileName: `${id}.${extension}`, mediaType, content: write(plan) };
  }

  private async plan(id: string, input: CallInput, request: Request): Promise<ExportPlan> {
    const call = findCall(id);
    switch (call.definition.gateway) {
      case 'alignet':
        await checkInput(call, input);
        return alignetPlan(id, input, configured('alignet', this.merchants.alignet()));
      case 'placetopay': {
        const merchant = configured('placetopay', this.merchants.placetopay());
        return placetopayPlan(id, await this.firstRequest(id, input, request), merchant);
      }
      case 'netzme': {
        const merchant = configured('netzme', this.merchants.netzme());
        return netzmePlan(id, await this.firstRequest(id, input, request), merchant);
      }
    }
  }

  private async firstRequest(id: string, input: CallInput, request: Request): Promise<InternalAxiosRequestConfig> {
    const first = await this.runner.firstRequest(id, input, request);
    if (first === undefined) throw new ConsoleRefusal(500, 'nothing-sent', `The call ${id} sends no request.`);
    return first;
  }
}

function configured<M>(gateway: Gateway, merchant: M | undefined): M {
  if (merchant !== undefined) return merchant;
  throw new ConsoleRefusal(
    409,
    'not-configured',
    `${gateway} is not configured: set its credentials, see .env.example.`,
  );
}
