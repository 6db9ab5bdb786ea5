'use strict';
// npm run bench:replicas [-- --json]
require('../support/ts-hook.cjs');
require('./bench.ts');
