import { GatewaySimulator, SANDBOX_ACCOUNTS } from '@payment-auth/gateway-simulator';
import { serve } from './rpc';

/** The gateways in a process of their own, as their users meet them. */
export interface SimulatorHandlers {
  url: () => string;
  /** Back to the start, with tokens that live this long. */
  reset: (tokenLifeSeconds: number) => void;
  tokenRequests: () => number;
  /** The next token call takes this long, and is answered then. */
  delayTokenCall: (delayMs: number) => void;
  /** Somebody else asks for a token of our client. */
  stealToken: () => void;
}

const [{ clientId }] = SANDBOX_ACCOUNTS.netzme;

async function main(): Promise<void> {
  const simulator = await GatewaySimulator.start({ journalCapacity: 10 });
  serve<SimulatorHandlers>({
    url: () => simulator.urls.netzme,
    reset: (merchantTokenLifetimeSeconds) => {
      simulator.reset();
      simulator.updateSettings({ netzme: { merchantTokenLifetimeSeconds } });
    },
    tokenRequests: () => simulator.counters().netzme.token,
    delayTokenCall: (delayMs) => {
      simulator.faults.add({ gateway: 'netzme', operation: 'token', kind: 'delay', delayMs });
    },
    stealToken: () => simulator.netzme.stealToken(clientId),
  });
}

void main();
