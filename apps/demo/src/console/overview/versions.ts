import { VERSION as axiosVersion } from 'axios';
import { dirname, join } from 'node:path';
import { packageAt, REPOSITORY_ROOT } from '../assets/repository-root';
import { type Overview } from '../contract';

const UNKNOWN = 'unknown';

const ownVersion = (...folder: readonly string[]): string =>
  (REPOSITORY_ROOT === undefined ? undefined : packageAt(join(REPOSITORY_ROOT, ...folder))?.version) ?? UNKNOWN;

/** Of what a call goes through, for a bug report or a certification. */
export const VERSIONS: Overview['versions'] = {
  demo: ownVersion(),
  library: ownVersion('libs', 'payment-auth'),
  node: process.versions.node,
  nest: packageAt(dirname(require.resolve('@nestjs/core')))?.version ?? UNKNOWN,
  axios: axiosVersion,
};
