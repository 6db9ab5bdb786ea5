import { Body, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { type Request } from 'express';
import { ConsoleController, NotStored } from '../access/console-controller';
import { type CallDefinition, type CallRecord, type ExportedFile } from '../contract';
import { CallExporter, readFormat } from '../exports/call-exporter';
import { CALLS } from './call-definitions';
import { readInput } from './call-input';
import { CallRecords } from './call-records';
import { CallRunner } from './call-runner';

interface Asked {
  readonly input?: unknown;
  readonly format?: unknown;
}

@ConsoleController('calls')
export class CallsController {
  constructor(
    private readonly runner: CallRunner,
    private readonly records: CallRecords,
    private readonly exporter: CallExporter,
  ) {}

  @Get()
  definitions(): { calls: CallDefinition[] } {
    return { calls: CALLS.map(({ definition }) => definition) };
  }

  @Get('records')
  @NotStored()
  list(): { records: readonly CallRecord[] } {
    return { records: this.records.all() };
  }

  @Post(':id')
  @HttpCode(200)
  @NotStored()
  run(@Param('id') id: string, @Body() asked: Asked | undefined, @Req() request: Request): Promise<CallRecord> {
    return this.runner.run(id, readInput(asked?.input), request);
  }

  @Post(':id/export')
  @HttpCode(200)
  @NotStored()
  export(@Param('id') id: string, @Body() asked: Asked | undefined, @Req() request: Request): Promise<ExportedFile> {
    return this.exporter.export(id, readInput(asked?.input), readFormat(asked?.format), request);
  }
}
