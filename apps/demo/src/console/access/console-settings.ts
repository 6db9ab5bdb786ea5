import { Injectable } from '@nestjs/common';
import { isLoopbackHost } from '@payment-auth/gateway-simulator';
import { EnvironmentVariables, type PaymentEnv } from '../../config/environment';

/** Who gets into the console. */
@Injectable()
export class ConsoleSettings {
  readonly environment: PaymentEnv;
  /** `undefined`: none is asked for. */
  readonly accessToken: string | undefined;
  /** Nobody but this machine reaches us, so that any other name in `Host` is somebody else's page (DNS rebinding). */
  readonly isLoopbackOnly: boolean;

  constructor({ PAYMENT_ENV, CONSOLE_ACCESS_TOKEN, HOST }: EnvironmentVariables) {
    this.environment = PAYMENT_ENV;
    this.accessToken = CONSOLE_ACCESS_TOKEN;
    this.isLoopbackOnly = isLoopbackHost(HOST);
  }

  get needsToken(): boolean {
    return this.accessToken !== undefined;
  }
}

/** In production there is none, unless somebody has set a token for it. */
export function isConsoleOn(
  environment: Pick<EnvironmentVariables, 'PAYMENT_ENV'> & { readonly CONSOLE_ACCESS_TOKEN?: string | undefined },
): boolean {
  return environment.PAYMENT_ENV !== 'production' || environment.CONSOLE_ACCESS_TOKEN !== undefined;
}
