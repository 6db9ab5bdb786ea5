/** The application as most are: CommonJS. Says what it saw as one line of JSON. */
const { exercise } = require('./exercise.cjs');

const [, , baseUrl, platform] = process.argv;
const { ExpressAdapter, FastifyAdapter } = require(`@nestjs/platform-${platform}`);

exercise(
  {
    core: require('@nestjs/core'),
    common: require('@nestjs/common'),
    axios: require('@nestjs/axios'),
    library: require('nestjs-payment-auth'),
    testing: require('nestjs-payment-auth/testing'),
    adapter: new (ExpressAdapter ?? FastifyAdapter)(),
  },
  baseUrl,
).then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
