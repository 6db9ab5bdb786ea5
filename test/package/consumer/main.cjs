/** The application as most are: CommonJS. Says what it saw as one line of JSON. */
const { exercise } = require('./exercise.cjs');

exercise(
  {
    core: require('@nestjs/core'),
    common: require('@nestjs/common'),
    axios: require('@nestjs/axios'),
    library: require('nestjs-payment-auth'),
  },
  process.argv[2],
).then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
