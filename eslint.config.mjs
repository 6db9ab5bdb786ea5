import eslint from '@eslint/js';
import jest from 'eslint-plugin-jest';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/**
 * The house rules on imports (README, "How the repository is laid out"):
 * the library knows neither simulator nor demo, the simulator knows nothing of the library (a verifier that
 * shares the signer's code proves nothing), one gateway's folder never imports another's, and the console's page knows its
 * backend by their contract alone.
 */
const LIBRARY = ['nestjs-payment-auth', 'nestjs-payment-auth/*', '**/payment-auth/**'];
const SIMULATOR = ['@payment-auth/gateway-simulator', '**/gateway-simulator/**'];
const APPS = ['**/apps/**', '**/demo/**'];

const forbid = (...groups) => ({
  'no-restricted-imports': ['error', { patterns: groups }],
});

const LIBRARY_RULE = {
  group: [...SIMULATOR, ...APPS],
  message: 'The published library must not import the simulator or an app.',
};
const gatewayFolder = (own, others) => ({
  files: [`libs/payment-auth/src/${own}/**/*.ts`],
  rules: forbid(LIBRARY_RULE, {
    group: others.map((other) => `**/${other}/**`),
    message: "A gateway's folder imports core/, never another gateway's folder.",
  }),
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'coverage/**'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        setImmediate: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  {
    // What a stranger sends is matched in linear time: test/inbound/linear-work.spec.ts cannot see into one expression.
    files: ['libs/*/src/**/*.ts', 'apps/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.ts'],
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }] },
  },
  {
    files: [
      'libs/payment-auth/src/{core/inbound,notifications,*/notifications}/**/*.ts',
      'libs/payment-auth/src/{core/scrub,placetopay/placetopay-secrets}.ts',
    ],
    plugins: { regexp },
    rules: { 'regexp/no-super-linear-move': ['error', { report: 'potential' }] },
  },
  {
    files: ['libs/payment-auth/src/**/*.ts'],
    ignores: ['libs/payment-auth/src/{alignet,placetopay,netzme}/**'],
    rules: forbid(LIBRARY_RULE),
  },
  {
    files: ['libs/payment-auth/src/core/**/*.ts'],
    rules: forbid(LIBRARY_RULE, {
      group: ['**/alignet/**', '**/placetopay/**', '**/netzme/**'],
      message: 'core/ is what gateways share; it knows none of them.',
    }),
  },
  gatewayFolder('alignet', ['placetopay', 'netzme']),
  gatewayFolder('placetopay', ['alignet', 'netzme']),
  gatewayFolder('netzme', ['alignet', 'placetopay']),
  {
    files: ['libs/gateway-simulator/**/*.ts'],
    rules: forbid(
      { group: LIBRARY, message: 'The simulator verifies with its own code and must not import the library.' },
      { group: APPS, message: 'The simulator must not import an app.' },
    ),
  },
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    rules: forbid(
      { group: [...LIBRARY, ...SIMULATOR, 'node:*'], message: 'The page runs in a browser.' },
      {
        regex: 'demo/src/(?!console/contract$)',
        message: 'The page knows the backend by its contract, types only, and nothing else of it.',
      },
    ),
  },
  {
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.long-spec.ts', 'test/**/*.ts'],
    ...jest.configs['flat/recommended'],
    rules: {
      ...jest.configs['flat/recommended'].rules,
      'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['itInLong'] }],
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert', 'request.**.expect'] }],
    },
  },
  {
    // A test judges no time: a busy machine takes as long as it likes. Times are the bench's to print.
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/*.long-spec.ts', 'test/**/*.ts'],
    ignores: ['test/support/**', 'test/bench/**', 'test/timing/**', 'test/replicas/!(*spec).ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='jest'][callee.property.name='setTimeout']",
          message: 'jest.config.js has one limit for all tests, which only a hang meets.',
        },
        {
          selector:
            ":matches(CallExpression[callee.name=/^(it|test|before|after)/], CallExpression[callee.callee.object.name='it'])[arguments.length>2], CallExpression[callee.name=/^(before|after)(All|Each)$/][arguments.length>1]",
          message: 'jest.config.js has one limit for all tests, which only a hang meets.',
        },
        {
          selector: "MemberExpression[object.name='performance'][property.name='now']",
          message: 'A test has a clock of its own (test/support) and counts calls, steps or bytes.',
        },
        {
          selector: "MemberExpression[object.name='process'][property.name='hrtime']",
          message: 'A test has a clock of its own (test/support) and counts calls, steps or bytes.',
        },
        {
          selector:
            "CallExpression[callee.name='expect'] > BinaryExpression[operator='-']:has(MemberExpression[object.name='Date'][property.name='now'])",
          message: 'How long something took is the bench’s to print.',
        },
        {
          selector: "ImportDeclaration[source.value='node:timers/promises']",
          message: 'Wait for what shows that it happened: an event, or `until` of test/support/wait.',
        },
        {
          selector: "CallExpression[callee.name='setTimeout']",
          message: 'Wait for what shows that it happened: an event, or `until` of test/support/wait.',
        },
      ],
    },
  },
);
