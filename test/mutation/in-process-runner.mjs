import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';

/**
 * Runs Jest's specs with Jest's own test loop, `expect` and mocks, in one process that has loaded everything once. Stryker's
 * Jest runner begins anew for every mutant, and loading Nest takes longer than most of our tests: 5 s a mutant become 0.1 s.
 *
 * The price is that one mutant could leave something behind that fails another one's tests. So a test that fails is run
 * once more without the mutant. If it fails then, too, the process is given up and the mutant tried in a new one: none is
 * counted as killed by a stain or by a flaky test.
 */
class InProcessRunner {
  static inject = tokens(commonTokens.options);
  #specs;
  #leftOut;
  #circus;
  #require;
  #loaded = new Set();
  #stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
  /** By id, in the order in which they run. */
  #tests = new Map();
  #isDryRun = false;

  constructor({ inProcess }) {
    this.#specs = inProcess.specs;
    this.#leftOut = new RegExp(inProcess.leftOut);
  }

  /** What was loaded stays loaded: for mutants of code that runs while loading, Stryker starts a new process. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun() {
    this.#load(this.#specs);
    this.#isDryRun = true;
    const result = await this.#run();
    this.#isDryRun = false;
    return { ...result, mutantCoverage: this.#coverage() };
  }

  async mutantRun({ activeMutant, mutantActivation, testFilter, hitLimit }) {
    const isStatic = mutantActivation === 'static';
    const active = { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 };
    if (!isStatic) this.#load(this.#specs);
    Object.assign(this.#stryker, active);
    const ran = isStatic ? await this.#loadAndRun() : await this.#run(testFilter);
    const result = toMutantRunResult(determineHitLimitReached(this.#stryker.hitCount, hitLimit) ?? ran, false);
    Object.assign(this.#stryker, { activeMutant: undefined, hitLimit: undefined, hitCount: undefined });
    if (result.status === MutantRunStatus.Killed && !isStatic) {
      const again = await this.#run(result.killedBy);
      const stained = again.tests?.find(({ status }) => status === TestStatus.Failed);
      if (stained) throw new Error(`Without any mutant "${stained.name}" fails here, too: ${stained.failureMessage}`);
    }
    return result;
  }

  /** One spec after the other, until one fails: the process is new, and loading takes the time. */
  async #loadAndRun() {
    const tests = [];
    for (const spec of this.#specs) {
      const before = new Set(this.#tests.keys());
      try {
        this.#load([spec]);
      } catch (error) {
        return { status: DryRunStatus.Error, errorMessage: String(error) };
      }
      const ran = await this.#run([...this.#tests.keys()].filter((id) => !before.has(id)));
      if (ran.status !== DryRunStatus.Complete) return ran;
      tests.push(...ran.tests);
      if (ran.tests.some(({ status }) => status === TestStatus.Failed)) break;
    }
    return { status: DryRunStatus.Complete, tests };
  }

  #load(specs) {
    const require = (this.#require ??= this.#prepare());
    const state = this.#circus.getState();
    // Hooks at the top of a spec are for that spec alone.
    for (const spec of specs.filter((name) => !this.#loaded.has(name))) {
      state.hasStarted = false;
      this.#loaded.add(spec);
      this.#circus.describe(spec, () => void require(`./${spec}`));
    }
    for (const test of testsOf(state.rootDescribeBlock)) {
      if (test.id !== undefined) continue;
      test.id = nameOf(test);
      for (let twin = 2; this.#tests.has(test.id); twin += 1) test.id = `${nameOf(test)} #${twin}`;
      test.modeAsWritten = this.#leftOut.test(test.id) ? 'skip' : test.mode;
      this.#tests.set(test.id, test);
    }
  }

  #prepare() {
    const require = createRequire(join(process.cwd(), 'package.json'));
    require('./test/support/ts-hook.cjs');
    require('reflect-metadata');
    loadWhenUsed(require, './libs/payment-auth/src/index.ts');
    const circus = (this.#circus = require('jest-circus'));
    const { jestExpect: expect } = createRequire(require.resolve('jest-circus'))('@jest/expect');
    const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
    const jest = jestObject(require);
    Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test });
    for (const name of ['uncaughtException', 'unhandledRejection']) {
      process.on(name, (error) => circus.getState().unhandledErrors.push(error));
    }
    circus.addEventHandler((event) => this.#onEvent(event));
    return require;
  }

  async #run(filter) {
    const wanted = filter && new Set(filter);
    for (const test of this.#tests.values()) {
      Object.assign(test, { errors: [], status: null, duration: null, startedAt: null, seenDone: false });
      test.unhandledRejectionErrorByPromise.clear();
      test.mode = wanted === undefined || wanted.has(test.id) ? test.modeAsWritten : 'skip';
    }
    const { unhandledErrors } = this.#circus.getState();
    unhandledErrors.length = 0;
    await this.#circus.run();
    const tests = [...this.#tests.values()].filter(({ status }) => status === 'done').map(resultOf);
    if (unhandledErrors.length > 0 && !tests.some(({ status }) => status === TestStatus.Failed)) {
      const failureMessage = messageOf(unhandledErrors[0]);
      if (tests.length === 0) return { status: DryRunStatus.Error, errorMessage: failureMessage };
      Object.assign(tests[tests.length - 1], { status: TestStatus.Failed, failureMessage });
    }
    return { status: DryRunStatus.Complete, tests };
  }

  #onEvent({ name, test, hook }) {
    if (!this.#isDryRun) {
      // One failure is enough.
      const isFailure = name === 'hook_failure' || (name === 'test_done' && test.errors.length > 0);
      if (isFailure) for (const other of this.#tests.values()) other.mode = 'skip';
      return;
    }
    if (name === 'test_start') this.#stryker.currentTestId = test.id;
    if (name === 'test_done' || name === 'test_skip') this.#stryker.currentTestId = undefined;
    if (hook?.type.endsWith('All')) {
      hook.parent.id ??= `hooks of ${nameOf(hook.parent)}`;
      this.#stryker.currentTestId = name === 'hook_start' ? hook.parent.id : undefined;
    }
  }

  /** What runs in beforeAll and afterAll belongs to every test below them. */
  #coverage() {
    const coverage = this.#stryker.mutantCoverage ?? { static: {}, perTest: {} };
    const { perTest } = coverage;
    for (const test of this.#tests.values()) {
      for (let block = test.parent; block; block = block.parent) {
        for (const [mutant, hits] of Object.entries(perTest[block.id] ?? {})) {
          const own = (perTest[test.id] ??= {});
          own[mutant] = (own[mutant] ?? 0) + hits;
        }
      }
    }
    for (const id of Object.keys(perTest)) if (!this.#tests.has(id)) delete perTest[id];
    return coverage;
  }
}

/** A list of exports, each of which is loaded by whoever uses it: most specs of pure functions never need Nest. */
function loadWhenUsed(require, index) {
  const filename = require.resolve(index);
  const requireOfIndex = createRequire(filename);
  const exports = {};
  const lists = readFileSync(filename, 'utf8').matchAll(/^export \{([^}]*)\} from '([^']+)';$/gm);
  for (const [, names, file] of lists) {
    for (const entry of names.split(',').map((name) => name.trim())) {
      if (entry === '' || entry.startsWith('type ')) continue;
      const [name, alias = name] = entry.split(' as ');
      Object.defineProperty(exports, alias, { enumerable: true, get: () => requireOfIndex(file)[name] });
    }
  }
  require.cache[filename] = Object.assign(new Module(filename), { filename, exports, loaded: true });
}

/** Of Jest's object the part that our specs use. */
function jestObject(require) {
  const requireOfJest = createRequire(require.resolve('jest-environment-node'));
  const { ModuleMocker } = requireOfJest('jest-mock');
  const { ModernFakeTimers } = requireOfJest('@jest/fake-timers');
  const mocker = new ModuleMocker(globalThis);
  const timers = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {}, rootDir: process.cwd() } });
  const bound = (target, ...names) => Object.fromEntries(names.map((name) => [name, target[name].bind(target)]));
  const jest = {
    ...bound(mocker, 'fn', 'spyOn', 'replaceProperty', 'clearAllMocks', 'resetAllMocks', 'restoreAllMocks'),
    ...bound(timers, 'useRealTimers', 'getTimerCount', 'setSystemTime', 'runAllTimers', 'runAllTimersAsync'),
    ...bound(timers, 'advanceTimersByTime', 'advanceTimersByTimeAsync', 'clearAllTimers'),
    requireActual: require,
    setTimeout: () => jest,
    useFakeTimers: (options) => {
      timers.useFakeTimers(options);
      return jest;
    },
  };
  return jest;
}

function* testsOf(block) {
  for (const child of block.children) {
    if (child.type === 'test') yield child;
    else yield* testsOf(child);
  }
}

function nameOf({ name, parent }) {
  return parent?.parent ? `${nameOf(parent)} > ${name}` : name;
}

function resultOf({ id, errors, duration }) {
  const result = { id, name: id, timeSpentMs: duration ?? 0 };
  return errors.length === 0
    ? { ...result, status: TestStatus.Success }
    : { ...result, status: TestStatus.Failed, failureMessage: messageOf(errors[0]) };
}

function messageOf(error) {
  const [cause, place] = Array.isArray(error) ? error : [error];
  return String((cause ?? place)?.message ?? cause);
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
