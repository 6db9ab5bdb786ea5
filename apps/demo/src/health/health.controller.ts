import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { GatewayHealthService } from './gateway-health.service';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly gateways: GatewayHealthService,
  ) {}

  /** 200 when every configured gateway can authenticate, else 503; detail per gateway. */
  @Get()
  @ApiOperation({ summary: 'Whether every configured gateway can authenticate' })
  @HealthCheck({ noCache: true })
  check(): Promise<HealthCheckResult> {
    return this.health.check([this.gateways.alignet, this.gateways.placetopay, this.gateways.netzme]);
  }
}
