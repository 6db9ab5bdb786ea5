import { Body, HttpCode, Post } from '@nestjs/common';
import { ConsoleController, NotStored } from '../access/console-controller';
import { type ExportedFile } from '../contract';
import { readEvidenceOrder } from './evidence-order';
import { EvidenceWriter } from './evidence-writer';

@ConsoleController('evidence')
export class EvidenceController {
  constructor(private readonly writer: EvidenceWriter) {}

  @Post()
  @HttpCode(200)
  @NotStored()
  write(@Body() order: unknown): ExportedFile {
    return this.writer.write(readEvidenceOrder(order));
  }
}
