import { fork } from 'node:child_process';
import { createApp } from './library.mjs';

/** An application that talks to the gateway process. */
export async function startNetzmeApp() {
  const gateway = fork(new URL('gateway-process.mjs', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { port } = await new Promise((resolve, reject) => {
    gateway.once('message', resolve);
    gateway.once('error', reject);
    gateway.once('exit', (code) => reject(new Error(`The gateway process ended with code ${code}.`)));
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  const app = await createApp({
    netzme: { environment: 'sandbox', clientId: 'bench', clientSecret: 'MaREaULkzAUTAFYg', baseUrl },
  });
  return {
    app,
    baseUrl,
    close: async () => {
      await app.close();
      gateway.removeAllListeners('exit');
      gateway.disconnect();
    },
  };
}
