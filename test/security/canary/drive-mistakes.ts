import { type PaymentAuthModuleOptions } from 'nestjs-payment-auth';
import { Demo } from '../../e2e/demo-app';
import { openLibrary } from './drive-library';
import { type Haul } from './haul';
import { SECRET_VARIABLES } from './what-is-secret';
import { MovedClock } from '../../support/manual-clock';

/** What becomes of a secret that is pasted, split or typed wrongly, or of the vault it should come from. */
const SPOILT: readonly ((secret: string) => unknown)[] = [
  (secret) => `${secret}\n`,
  (secret) => secret.repeat(200),
  (secret) => [secret],
  (secret) => ({ current: secret, former: secret }),
  (secret) => () => Promise.reject(new Error(`the vault holds ${secret}`)),
  (secret) => () => `${secret}\r\n`,
];

type Block = Readonly<Record<string, unknown>>;

/** Every text among the options spoilt in each way, one at a time. Returns how many the library refused at start. */
export async function driveWrongOptions(haul: Haul, options: PaymentAuthModuleOptions, secrets: ReadonlySet<unknown>) {
  const clock = new MovedClock();
  let refused = 0;
  for (const spoil of SPOILT) {
    for (const wrong of spoilt({ ...options }, secrets, spoil)) {
      const start = openLibrary(haul, wrong as PaymentAuthModuleOptions, clock).then((app) => app.close());
      if ((await haul.addOutcome('the start of the library', start)) === 'failed') refused += 1;
    }
  }
  return refused;
}

/** Copies of the block, in each of which one secret is spoilt, however deep it stands. */
function spoilt(block: Block, secrets: ReadonlySet<unknown>, spoil: (secret: string) => unknown): Block[] {
  return Object.entries(block).flatMap(([name, value]) => {
    if (typeof value === 'string') return secrets.has(value) ? [{ ...block, [name]: spoil(value) }] : [];
    if (typeof value !== 'object' || value === null) return [];
    if (!Array.isArray(value)) {
      return spoilt(value as Block, secrets, spoil).map((changed) => ({ ...block, [name]: changed }));
    }
    return spoilt({ ...(value as unknown[]) }, secrets, spoil).map((changed) => ({
      ...block,
      [name]: Object.values(changed),
    }));
  });
}

/** Every secret variable spoilt or misspelt, all at once: each is told of by name. */
export function wrongEnvironments(environment: Readonly<Record<string, string>>): Record<string, string>[] {
  const names = Object.keys(SECRET_VARIABLES);
  const all = (change: (name: string, value: string) => readonly [string, string]): Record<string, string> => ({
    ...environment,
    ...Object.fromEntries(names.map((name) => change(name, environment[name] ?? ''))),
  });
  return [
    all((name, value) => [name, value.repeat(300)]),
    all((name, value) => [`${name}S`, value]),
    all((name, value) => [name, ` ${value} , ${value}`]),
    all((name, value) => [`${name}_FILE`, value]),
  ];
}

/** Returns how many of them the demo refused. */
export async function driveWrongEnvironments(haul: Haul, wrong: readonly Record<string, string>[]): Promise<number> {
  let refused = 0;
  for (const environment of wrong) {
    const start = Demo.start({ environment, isShared: true }).then(({ app }) => app.close());
    if ((await haul.addOutcome('the start of the demo', start)) === 'failed') refused += 1;
  }
  return refused;
}
