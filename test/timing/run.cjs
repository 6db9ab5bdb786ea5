'use strict';
// npm run timing [-- --samples=100000] [-- --seed=1] [-- --only=checkout,token] [-- --json]
require('../support/ts-hook.cjs');
require('./run.ts');
