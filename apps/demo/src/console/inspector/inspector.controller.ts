import { Body, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ConsoleController, NotStored } from '../access/console-controller';
import { type InspectionResult, type InspectorScheme } from '../contract';
import { InspectorService } from './inspector.service';

@ConsoleController('inspector')
export class InspectorController {
  constructor(private readonly inspector: InspectorService) {}

  @Get()
  @NotStored()
  async schemes(): Promise<{ schemes: InspectorScheme[] }> {
    return { schemes: await this.inspector.schemes() };
  }

  @Post(':scheme')
  @HttpCode(HttpStatus.OK)
  @NotStored()
  inspect(@Param('scheme') scheme: string, @Body() inspection: unknown): Promise<InspectionResult> {
    return this.inspector.inspect(scheme, inspection);
  }
}
