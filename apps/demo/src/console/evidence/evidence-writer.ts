import { Injectable } from '@nestjs/common';
import { invalid } from '../access/console-problem';
import { ConsoleSettings } from '../access/console-settings';
import { CallRecords } from '../calls/call-records';
import { type CallRecord, type EvidenceOrder, type ExportedFile } from '../contract';
import { VERSIONS } from '../overview/versions';
import { WebhookVerdicts } from '../webhooks/webhook-verdicts';
import { type Evidence } from './evidence';
import { evidencePage } from './evidence-page';

/** Saves a run as one file: what was sent and answered, credentials masked, and what became of the webhooks that came. */
@Injectable()
export class EvidenceWriter {
  constructor(
    private readonly records: CallRecords,
    private readonly settings: ConsoleSettings,
    private readonly verdicts: WebhookVerdicts,
  ) {}

  /** @throws {ConsoleRefusal} 400 for a record that is not kept (any more) */
  write({ format, language, title, records: ids }: EvidenceOrder): ExportedFile {
    const at = new Date().toISOString();
    const evidence: Evidence = {
      ...(title !== undefined && { title }),
      at,
      environment: this.settings.environment,
      versions: VERSIONS,
      records: this.chosen(ids).toReversed(),
      webhooks: this.verdicts.all(),
    };
    const fileName = `evidence-${at.slice(0, 19).replaceAll(':', '-')}.${format}`;
    return format === 'html'
      ? { fileName, mediaType: 'text/html', content: evidencePage(evidence, language) }
      : { fileName, mediaType: 'application/json', content: `${JSON.stringify(evidence, null, 2)}\n` };
  }

  private chosen(ids: readonly number[] | undefined): readonly CallRecord[] {
    const all = this.records.all();
    if (ids === undefined) return all;
    const missing = ids.find((id) => !all.some((record) => record.id === id));
    if (missing !== undefined)
      throw invalid('records', `has ${missing}, which is not on record (any more): leave it out`);
    return all.filter(({ id }) => ids.includes(id));
  }
}
