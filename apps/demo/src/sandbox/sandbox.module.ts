import { Inject, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type EnvironmentVariables } from '../config/environment';
import { OwnAddress } from './own-address';

/** The embedded simulator; `undefined` outside the sandbox. */
export const SIMULATOR = Symbol('SIMULATOR');

@Module({
  providers: [
    {
      provide: SIMULATOR,
      inject: [ConfigService],
      useFactory: (config: ConfigService<EnvironmentVariables, true>) =>
        config.get('PAYMENT_ENV', { infer: true }) === 'sandbox' ? startSimulator(config) : undefined,
    },
    OwnAddress,
  ],
  exports: [SIMULATOR, OwnAddress],
})
export class SandboxModule implements OnApplicationShutdown {
  constructor(@Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined) {}

  /** After the HTTP server is closed, so that requests in flight are still answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.simulator?.stop();
  }
}

function startSimulator(config: ConfigService<EnvironmentVariables, true>): Promise<GatewaySimulator> {
  return GatewaySimulator.start({
    ports: {
      alignet: config.get('SIMULATOR_ALIGNET_PORT', { infer: true }),
      placetopay: config.get('SIMULATOR_PLACETOPAY_PORT', { infer: true }),
      netzme: config.get('SIMULATOR_NETZME_PORT', { infer: true }),
      control: config.get('SIMULATOR_CONTROL_PORT', { infer: true }),
    },
  });
}
