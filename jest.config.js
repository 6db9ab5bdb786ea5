// What a developer's machine has set is none of the tests' business: those of proxies and TLS set their own.
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
  delete process.env[name];
  delete process.env[name.toLowerCase()];
}
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // For what hangs. No test limits how long the machine may take.
  testTimeout: 300_000,
  maxWorkers: '100%',
  // Every suite leaves some memory behind; a worker that holds this much is replaced, well before Node's own limit.
  workerIdleMemoryLimit: '1GB',
  coverageProvider: 'v8',
  globalSetup: '<rootDir>/test/support/start-one-redis.ts',
  globalTeardown: '<rootDir>/test/support/stop-one-redis.ts',
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.cjs'],
  collectCoverageFrom: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts', '!**/*.spec.ts'],
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
  testRegex: '\\.(spec|e2e-spec)\\.ts$',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/[^/]+/dist/'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  moduleNameMapper: {
    '^nestjs-payment-auth$': '<rootDir>/libs/payment-auth/src/index.ts',
    '^nestjs-payment-auth/testing$': '<rootDir>/libs/payment-auth/src/testing/index.ts',
    '^@payment-auth/gateway-simulator$': '<rootDir>/libs/gateway-simulator/src/index.ts',
  },
};
