'use strict';
// npm run bench:replicas [-- --json]
require('./ts-hook.cjs');
require('./bench.ts');
