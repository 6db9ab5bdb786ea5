import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OpenToAll } from '../console/access/console.guard';

/** Of the pages that buyers see. */
export const PAGE_STYLE_PATH = '/page.css';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; margin: 0; }
`;

@ApiExcludeController()
@OpenToAll()
@Controller()
export class PageStyleController {
  @Get(PAGE_STYLE_PATH)
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }
}
