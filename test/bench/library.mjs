import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LIBRARY } from '../package/build-library.mjs';

/** Everything as an application would get it: the compiled library and one copy of Nest and axios for all. */
const require = createRequire(join(LIBRARY, 'package.json'));

export const loadLibrary = () => require('./dist/index.js');
export const loadAxios = () => require('axios');

/** A real Nest application context with the library in it. */
export async function createApp(options) {
  const { NestFactory } = require('@nestjs/core');
  const { PaymentAuthModule } = loadLibrary();
  class BenchModule {}
  const module = { module: BenchModule, imports: [PaymentAuthModule.forRoot(options)] };
  return NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
}
