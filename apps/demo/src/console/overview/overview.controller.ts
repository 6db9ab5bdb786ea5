import { Get } from '@nestjs/common';
import { ConsoleController, NotStored } from '../access/console-controller';
import { type Overview } from '../contract';
import { OverviewService } from './overview.service';

@ConsoleController('overview')
export class OverviewController {
  constructor(private readonly overviews: OverviewService) {}

  @Get()
  @NotStored()
  overview(): Promise<Overview> {
    return this.overviews.overview();
  }
}
