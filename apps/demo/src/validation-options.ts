import { type ValidationPipeOptions } from '@nestjs/common';

/** How every route takes its input: what it does not know it refuses. */
export const VALIDATION_OPTIONS = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
} as const satisfies ValidationPipeOptions;
