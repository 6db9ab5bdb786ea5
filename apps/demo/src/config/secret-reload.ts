import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PaymentAuthSecrets } from 'nestjs-payment-auth';
import { EnvironmentVariables } from './environment';

/** Whether a secret lies in a file, and so can be read again. */
export const hasSecretFiles = (environment: EnvironmentVariables): boolean =>
  [
    environment.ALIGNET_CLIENT_SECRET_FILE,
    environment.PLACETOPAY_SECRET_KEY_FILE,
    environment.NETZME_CLIENT_SECRET_FILE,
  ].some((file) => file !== undefined);

/** SIGHUP has the files of secrets read again. Without such files it ends the demo, as closing its terminal should. */
@Injectable()
export class SecretReload implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Secrets');

  constructor(
    private readonly secrets: PaymentAuthSecrets,
    private readonly environment: EnvironmentVariables,
  ) {}

  onApplicationBootstrap(): void {
    if (hasSecretFiles(this.environment)) process.on('SIGHUP', this.reload);
  }

  onApplicationShutdown(): void {
    process.off('SIGHUP', this.reload);
  }

  private readonly reload = (): void => {
    this.secrets.reload().then(
      (changed) => this.logger.log({ msg: 'secrets were read again', changed }),
      // Names options and never what the files hold.
      (error: unknown) => this.logger.warn(error instanceof Error ? error.message : 'secrets could not be read again'),
    );
  };
}
