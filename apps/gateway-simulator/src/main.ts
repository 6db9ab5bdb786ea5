import { parseArgs } from 'node:util';
import {
  GatewaySimulator,
  type GatewaySimulatorOptions,
  SANDBOX_ACCOUNTS,
  SimulatorInputError,
  SimulatorStartError,
} from '@payment-auth/gateway-simulator';

const DEFAULT_PORTS = { alignet: 4010, placetopay: 4020, netzme: 4030, control: 4000 } as const;
type PortName = keyof typeof DEFAULT_PORTS;
const PORT_NAMES = Object.keys(DEFAULT_PORTS) as PortName[];

const HELP = `The simulated payment gateways, each on a port of its own.

Usage: npm run simulator -- [options]

  --alignet-port <port>      default ${DEFAULT_PORTS.alignet}
  --placetopay-port <port>   default ${DEFAULT_PORTS.placetopay}
  --netzme-port <port>       default ${DEFAULT_PORTS.netzme}
  --control-port <port>      default ${DEFAULT_PORTS.control}; 0 anywhere picks a free port
  --host <address>           default 127.0.0.1
  --allow-non-loopback       let --host be an address other machines reach, and webhooks go there
  --help                     this text
`;

class UsageError extends Error {}

function readArguments(args: readonly string[]): GatewaySimulatorOptions | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const ports = PORT_NAMES.map((name) => {
    const given = values[`${name}-port`];
    return [name, given === undefined ? DEFAULT_PORTS[name] : readPort(`--${name}-port`, given)] as const;
  });
  return {
    ports: Object.fromEntries(ports),
    ...(values.host !== undefined && { host: values.host }),
    allowNonLoopback: values['allow-non-loopback'] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'alignet-port': { type: 'string' },
        'placetopay-port': { type: 'string' },
        'netzme-port': { type: 'string' },
        'control-port': { type: 'string' },
        host: { type: 'string' },
        'allow-non-loopback': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readPort(flag: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${flag} must be a port from 0 to 65535, not "${text}".`);
}

function describe({ urls }: GatewaySimulator): string {
  const logins = SANDBOX_ACCOUNTS.placetopay.filter(({ state }) => state === 'active').map(({ login }) => login);
  const clients = (accounts: readonly { readonly clientId: string }[]) => accounts.map(({ clientId }) => clientId);
  return `The gateway simulator is running. Ctrl+C stops it.

  Alignet     ${urls.alignet}   client ids: ${clients(SANDBOX_ACCOUNTS.alignet).join(', ')}
  Placetopay  ${urls.placetopay}   logins: ${logins.join(', ')}
  Netzme      ${urls.netzme}   client ids: ${clients(SANDBOX_ACCOUNTS.netzme).join(', ')}
  Control     ${urls.control}   GET / lists what it can do

Their secrets: libs/gateway-simulator/README.md, "Sandbox credentials".
`;
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const simulator = await GatewaySimulator.start(options);
  process.stdout.write(describe(simulator));
  process.on('SIGTERM', () => void simulator.stop());
  // Ends by the signal, for a shell to see that it was interrupted. Under npm a Ctrl-C comes twice, from the terminal and from
  // npm: whenever the second comes, the end is the same.
  const interrupt = () =>
    void simulator.stop().then(() => {
      process.off('SIGINT', interrupt);
      process.kill(process.pid, 'SIGINT');
    });
  process.on('SIGINT', interrupt);
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nTry --help.\n`);
    process.exitCode = 2;
  } else if (error instanceof SimulatorInputError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else if (error instanceof SimulatorStartError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
});
