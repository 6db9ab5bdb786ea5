import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OpenToAll } from '../access/console.guard';
import { isConsoleOn } from '../access/console-settings';
import { EnvironmentVariables } from '../../config/environment';

/** Where the built page lies; `undefined` when this runs outside the repository. For injection. */
export const PAGE_FOLDER = Symbol('PAGE_FOLDER');

const NOT_BUILT =
  'The console is not built: run `npm run build:console` in the repository, then load this page again.\n';
const OFF =
  'payment-auth demo. The console is off in production: set CONSOLE_ACCESS_TOKEN to have it. The API is at /docs.\n';

const YEAR_MS = 365 * 24 * 3_600_000;

/** The console's page, as its build left it. It holds nothing that is anybody's: what it shows it asks the API for. */
@ApiExcludeController()
@OpenToAll()
@Controller()
export class PageController {
  constructor(
    private readonly environment: EnvironmentVariables,
    @Inject(PAGE_FOLDER) private readonly folder: string | undefined,
  ) {}

  @Get()
  page(@Res() response: Response): void {
    if (!isConsoleOn(this.environment)) {
      response.type('text/plain').send(OFF);
    } else if (this.folder === undefined || !existsSync(join(this.folder, 'index.html'))) {
      response.status(503).type('text/plain').send(NOT_BUILT);
    } else {
      // It names the files of its build, so it must be that of now.
      response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: this.folder, cacheControl: false });
    }
  }

  /** Names of the build's files change with what is in them. */
  @Get('assets/:file')
  asset(@Param('file') file: string, @Res() response: Response): void {
    if (!isConsoleOn(this.environment) || this.folder === undefined) {
      notFound(response);
      return;
    }
    const root = join(this.folder, 'assets');
    response.sendFile(file, { root, dotfiles: 'deny', immutable: true, maxAge: YEAR_MS }, (error?: Error) => {
      // Headers that are out: the browser went away.
      if (error !== undefined && !response.headersSent) notFound(response);
    });
  }
}

function notFound(response: Response): void {
  response.status(404).set('Cache-Control', 'no-store').json({ statusCode: 404, message: 'Not Found' });
}
