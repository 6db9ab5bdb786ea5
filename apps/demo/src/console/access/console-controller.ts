import { applyDecorators, Controller, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ConsoleGuard } from './console.guard';

export const CONSOLE_API = 'console/api';

/** A guarded controller below `/console/api`, kept out of the OpenAPI document, which is of the demo's own routes. */
export const ConsoleController = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller(path === '' ? CONSOLE_API : `${CONSOLE_API}/${path}`),
    UseGuards(ConsoleGuard),
    ApiExcludeController(),
  );

/** What is told once is old the next moment. */
export const NotStored = (): MethodDecorator => Header('Cache-Control', 'no-store');
