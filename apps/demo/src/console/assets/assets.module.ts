import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { ResolvedMerchantsReader } from '../overview/resolved-merchants';
import { PAGE_FOLDER, PageController } from './page.controller';
import { REPOSITORY_ROOT } from './repository-root';

@Module({
  controllers: [PageController],
  providers: [
    ResolvedMerchantsReader,
    {
      provide: PAGE_FOLDER,
      useValue: REPOSITORY_ROOT === undefined ? undefined : join(REPOSITORY_ROOT, 'dist/console'),
    },
  ],
  exports: [ResolvedMerchantsReader],
})
export class AssetsModule {}
