import { Module } from '@nestjs/common';
import { PaymentAuthOptionsService } from '../../config/payment-auth-options';
import { SandboxModule } from '../../sandbox/sandbox.module';
import { AccessTokens } from './access-tokens';
import { ConfiguredSecretsReader } from './configured-secrets';
import { InspectorController } from './inspector.controller';
import { InspectorService } from './inspector.service';

/** Every stage of an authentication, and what somebody did otherwise. Needs the console's `AccessModule`. */
@Module({
  imports: [SandboxModule],
  controllers: [InspectorController],
  providers: [PaymentAuthOptionsService, ConfiguredSecretsReader, AccessTokens, InspectorService],
})
export class InspectorModule {}
