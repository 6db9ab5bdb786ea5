import { type PaymentAuthModuleOptions } from 'nestjs-payment-auth';
import { randomBytes } from 'node:crypto';
import { environmentVariableNames } from '../../apps/demo/src/config/environment';
import { logText } from '../e2e/demo-app';
import { DemoProcess } from '../e2e/demo-process';
import { RedisServer } from '../replicas/redis-server';
import { describeWith } from '../support/describe-with';
import { REDIS } from '../support/needed-program';
import { itInLong, shortOrLong } from '../support/tier';
import { CANARIES, CLIENT_ID, LOGIN, SEED } from './canary/canaries';
import { driveContainer, registrations } from './canary/drive-container';
import { driveConsole } from './canary/drive-console';
import {
  driveControl,
  driveDelays,
  driveEchoes,
  driveFaults,
  driveOwnRoutes,
  drivePlacetopayRefusals,
  driveSuccesses,
  driveWebhooks,
} from './canary/drive-demo';
import { driveLibrary, driveLibraryErrors, driveNotifications, openLibrary } from './canary/drive-library';
import { driveWrongEnvironments, driveWrongOptions, wrongEnvironments } from './canary/drive-mistakes';
import { ECHOES } from './canary/echo-gateway';
import { Haul } from './canary/haul';
import { lockRedis, redisContents } from './canary/locked-redis';
import { validatedClasses } from './canary/option-classes';
import { CanaryRun } from './canary/run';
import { formsOf, SecretSearch } from './canary/secret-search';
import { LEAK, SEEDED_LEAKS } from './canary/seeded-leaks';
import { WAYS_TO_WRITE } from './canary/ways-to-write';
import {
  LIBRARY_OPTIONS,
  MODULE_OPTIONS,
  OPEN_VARIABLES,
  OWN_SECRET_VARIABLES,
  SECRET_VARIABLES,
} from './canary/what-is-secret';

/*
 * Every secret of a run is a canary of its own. Everything is driven that the demo, the simulator and the library can do, and
 * what they let out meanwhile - standard streams, logs, errors, answers, the journal, what lies in Redis - is searched for the
 * canaries and for every token, signature, digest and nonce that was on a wire, in every form in which it may be written.
 *
 * Not promised, and so not searched:
 * - what `canary/handed-out.ts` lists: given on purpose, to who asked for it;
 * - an answer that is no error, from a gateway that repeats the proofs it was sent: the answer is the caller's. Errors of such
 *   a gateway are searched, and so is all that the demo says and logs of it;
 * - `util.inspect` with `customInspect: false` of the library's own services, which is to ask for what is inside;
 * - memory: core dumps and heap snapshots hold the secrets of a process that lives.
 */

/** Deadline of a demo whose gateways are late. */
const SHORT_DEADLINE_MS = 60;
/** What goes wrong while the library is driven by itself. */
const FAULTS = shortOrLong(['html'] as const, ['status', 'cut', 'html', 'malformed-body', 'redirect'] as const);
/** Behind which nobody answers. */
const NO_PORT = 1;

const run = new CanaryRun();
const { haul } = run;

beforeAll(async () => {
  haul.watch('standard output', process.stdout);
  haul.watch('standard error', process.stderr);
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    jest.spyOn(console, method).mockImplementation((...said: unknown[]) => haul.addValue('the console', said));
  }
  await run.start();
});

afterAll(async () => {
  jest.restoreAllMocks();
  await run.stop();
});

describe('there is a canary', () => {
  const holds = (text: string, name: string): boolean => {
    const secret = String(CANARIES.get(name));
    return text.includes(secret) || text.includes(encodeURIComponent(secret));
  };
  const secretOptions = Object.entries(LIBRARY_OPTIONS).flatMap(([block, options]) =>
    Object.entries(options).flatMap(([name, kind]) => (kind === 'secret' ? [`${block}.${name}`] : [])),
  );

  it('for every option of the library, or the word that it is open', () => {
    const isOption = ([name]: readonly [string, unknown]): boolean => name.endsWith('Options');
    const classes = Object.entries(validatedClasses());
    const listed = Object.entries(LIBRARY_OPTIONS).map(([name, options]) => [name, Object.keys(options).sort()]);
    expect(Object.fromEntries(classes.filter(isOption))).toEqual(Object.fromEntries(listed));
    // What else is validated is the demo's: variables, and what comes in at its routes.
    const others = classes.filter((each) => !isOption(each)).map(([name]) => name);
    expect(others.filter((name) => !/(?:Dto|Query|Param)$/.test(name))).toEqual(['EnvironmentVariables']);
  });

  it('for every block of options', async () => {
    // In the words in which the library tells of one that it does not know; their types are compared by the compiler.
    const start = openLibrary(haul, { unknown: {} } as PaymentAuthModuleOptions, run.clock);
    await expect(start).rejects.toMatchObject({
      problems: [{ option: 'unknown', problem: expect.stringContaining(namesOf(MODULE_OPTIONS)) as string }],
    });
  });

  it('in every option that is a secret', async () => {
    const given = await textsIn(run.options(NO_PORT));
    expect(secretOptions.filter((name) => !given.some((text) => holds(text, name)))).toEqual([]);
  });

  it('for every variable of the demo, or the word that it is open', () => {
    const judged = [...Object.keys(SECRET_VARIABLES), ...OWN_SECRET_VARIABLES, ...OPEN_VARIABLES];
    expect(judged.sort()).toEqual(environmentVariableNames().sort());
  });

  it('in every variable that is a secret: that of its option', () => {
    const environment = run.environment(NO_PORT);
    const own = OWN_SECRET_VARIABLES.map((name) => [name, name] as const);
    const without = [...Object.entries(SECRET_VARIABLES), ...own].filter(
      ([name, option]) => !holds(environment[name] ?? '', option),
    );
    expect(without).toEqual([]);
    expect(Object.values(SECRET_VARIABLES).sort()).toEqual(secretOptions.sort());
  });

  it('like no other', () => {
    expect(new Set([...CANARIES.values()].map(String)).size).toBe(CANARIES.size);
  });
});

describe('the search finds', () => {
  const searchFor = (secrets: Iterable<readonly [name: string, secret: string | Buffer]>): SecretSearch => {
    const search = new SecretSearch();
    for (const [name, secret] of secrets) search.add(name, secret);
    return search;
  };
  const texts = [...CANARIES].filter((canary): canary is [string, string] => typeof canary[1] === 'string');

  it.each(WAYS_TO_WRITE)('every text %s', (_way, write) => {
    const missed = texts.filter((canary) => searchFor([canary]).find('', write(canary[1])).length === 0);
    expect(missed).toEqual([]);
  });

  it('every secret in every form it claims to know', () => {
    for (const canary of CANARIES) {
      const search = searchFor([canary]);
      const missed = formsOf(canary[1]).filter(({ text }) => search.find('', `xx${text}yy`).length === 0);
      expect(missed).toEqual([]);
    }
  });

  it('nothing where there is nothing', () => {
    const said = [LEAK, JSON.stringify([...CANARIES.keys()]), randomBytes(100_000).toString('base64')];
    expect(said.flatMap((text) => searchFor(CANARIES).find('', text))).toEqual([]);
  });

  it.each(SEEDED_LEAKS)('what is let out by %s', async (_wayOut, letOut) => {
    const leaky = new Haul();
    await letOut(leaky, run);
    expect(leaky.search(searchFor([['leak', LEAK]]))).not.toHaveLength(0);
  });
});

describe(`secrets of a run (CANARY_SEED=${SEED})`, () => {
  describe('of the demo', () => {
    it('in every success and failure', async () => {
      const demo = await run.startDemo();
      expect(await driveSuccesses(demo)).toEqual([]);
      expect(await driveFaults(demo)).toEqual([]);
      expect(await drivePlacetopayRefusals(demo, LOGIN)).toEqual([]);
      await driveOwnRoutes(demo);
      expect(await driveConsole(demo)).toEqual([]);
      const { accepted, refused } = await driveWebhooks(demo, demo.front);
      expect(accepted).toBeGreaterThan(20);
      expect(refused).toBeGreaterThan(100);
    });

    it('whose gateways are late', async () => {
      const demo = await run.startDemo({ gatewayTimeoutMs: SHORT_DEADLINE_MS });
      expect(await driveDelays(demo, SHORT_DEADLINE_MS)).toEqual([]);
    });

    it('whose gateways repeat what they are sent', async () => {
      const { gateway, urls } = await run.startEchoGateway();
      expect(await driveEchoes(await run.startDemo({}, urls), gateway)).toEqual([]);
      run.seen.push(...gateway.received);
    });

    itInLong('as a process, with a Redis that repeats its password', async () => {
      const redis = await run.startEchoRedis();
      const demo = new DemoProcess({ ...run.environment(redis.port), PORT: '0' });
      run.stopAtEnd(() => demo.end('SIGKILL'));
      const { url } = await demo.listening();
      expect(await driveSuccesses({ haul, url })).toEqual([]);
      await driveOwnRoutes({ haul, url });
      expect(redis.commands).toContain('HELLO');
      await demo.end('SIGTERM');
      haul.add('standard output of the demo', demo.stdout);
      haul.add('standard error of the demo', demo.stderr);
      expect(demo.stdout).toContain('Redis is away');
    });

    it('with variables that are wrong', async () => {
      const wrong = wrongEnvironments(run.environment(NO_PORT));
      expect(await driveWrongEnvironments(haul, wrong)).toBe(wrong.length);
      const demo = new DemoProcess({ ...wrong[0] });
      expect(await demo.ended).toMatchObject({ code: 1 });
      haul.add('standard output of the demo', demo.stdout);
      haul.add('standard error of the demo', demo.stderr);
      expect(demo.stderr).toContain('PLACETOPAY_SECRET_KEY must be');
    });
  });

  describe('of the library by itself', () => {
    it('with a Redis that repeats its password, in successes and failures', async () => {
      const redis = await run.startEchoRedis();
      const app = await run.startLibrary(redis.port);
      const atFirst = await driveLibrary(haul, app);
      expect(atFirst.answered).toBeGreaterThan(20);
      for (const kind of FAULTS) {
        run.endTokens();
        for (const gateway of ['alignet', 'placetopay', 'netzme'] as const) {
          run.simulator.faults.add({ gateway, kind, times: 0 });
        }
        expect((await driveLibrary(haul, app)).failed).toBeGreaterThan(atFirst.failed);
        run.simulator.faults.clear();
      }
      expect(redis.commands).toContain('HELLO');
    });

    it('in every webhook', async () => {
      const { accepted, refused, proofs } = await driveNotifications(haul, await run.startLibrary(), run.simulator);
      run.seen.push(...proofs);
      expect(accepted).toBeGreaterThan(20);
      expect(refused).toBeGreaterThan(100);
    });

    itInLong('whose gateways repeat what they are sent', async () => {
      const { gateway, urls } = await run.startEchoGateway();
      const app = await run.startLibrary(NO_PORT, urls);
      for (const echo of ECHOES) {
        gateway.echo = echo;
        run.endTokens();
        await driveLibraryErrors(haul, app);
      }
      run.seen.push(...gateway.received);
      // A token, a nonce and every request of each kind, each time.
      expect(gateway.received.length).toBeGreaterThan(20 * ECHOES.length);
    });

    itInLong('in what Nest keeps of it, tokens in its own memory or in Redis', async () => {
      const { tokenSharing: _, ...alone } = run.options(NO_PORT);
      for (const options of [alone, run.options(NO_PORT)]) {
        for (const [, registration] of registrations(options)) {
          run.endTokens();
          expect(await driveContainer(haul, registration, run.clock)).toBeGreaterThan(20);
        }
      }
    });

    it('with options that are wrong', async () => {
      const secrets = new Set<unknown>(CANARIES.values());
      expect(await driveWrongOptions(haul, run.options(NO_PORT), secrets)).toBeGreaterThan(50);
    });
  });

  describeWith(REDIS, 'of the library, with a Redis that has a password', () => {
    it('also those that lie in it', async () => {
      const redis = await RedisServer.start();
      run.stopAtEnd(() => redis.stop());
      await lockRedis(redis.port);
      run.endTokens();
      const app = await run.startLibrary(redis.port);
      expect((await driveLibrary(haul, app)).answered).toBeGreaterThan(20);
      const contents = await redisContents(redis.port);
      expect(contents.length).toBeGreaterThan(1);
      for (const each of contents) haul.add('what lies in Redis', each);
    });
  });

  it('of the simulator: journal, state and every other control route', async () => {
    expect(await driveControl(haul, run.simulator.urls.control)).toBeGreaterThan(15);
  });

  it('stand in no output, in no form', () => {
    haul.add('the log of the demo', logText());
    const search = run.secrets();
    const finds = haul.search(search);
    const { secrets, forms } = search.size;
    const { outputs, bytes } = haul.size;
    process.stdout.write(
      `canary test: ${secrets} secrets (${CANARIES.size} of them canaries) in ${forms} forms, searched for in ${outputs} ` +
        `outputs, ${Math.round(bytes / 1e6)} MB: ${finds.length} hits\n`,
    );
    expect([...new Set(finds.map(({ secret, form, output }) => `${secret}, ${form}: ${output}`))]).toEqual([]);
    // A search of nothing, or for nothing, finds nothing.
    expect(secrets).toBeGreaterThan(1_000);
    expect(bytes).toBeGreaterThan(10_000_000);
  });

  /** @see docs.pay-me.com, "API Nonce", "Buenas prácticas": no `client_id` in logs (read 2026-11) */
  it('and no client id stands in a log', () => {
    const search = new SecretSearch();
    search.add('a client id', CLIENT_ID);
    const finds = haul.searchLogs(search);
    expect([...new Set(finds.map(({ form, output }) => `${form}: ${output}`))]).toEqual([]);
    const seeded = new Haul();
    seeded.logger.log(`a client ${CLIENT_ID}`);
    expect(seeded.searchLogs(search)).not.toEqual([]);
  });
});

const namesOf = (options: object): string => Object.keys(options).join(', ');

/** Every text among the options, functions asked. */
async function textsIn(value: unknown): Promise<string[]> {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return textsIn(await (value as () => unknown)());
  if (typeof value !== 'object' || value === null) return [];
  return (await Promise.all(Object.values(value).map(textsIn))).flat();
}
