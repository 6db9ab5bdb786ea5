import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EnvironmentVariables } from '../config/environment';
import { SCUDO_PATH, scudoNotificationUrl } from '../config/notification-options';
import { WebhookLog } from './webhook-log';
import { WEBHOOK_ROUTES, type WebhookRoute } from './webhook-route';
import { WebhooksDto } from './webhook.dto';

@ApiTags('Webhooks')
@Controller('webhooks')
export class WebhooksController {
  private readonly routes: WebhooksDto['routes'];

  constructor(
    private readonly log: WebhookLog,
    @Inject(WEBHOOK_ROUTES) routes: readonly WebhookRoute[],
    environment: EnvironmentVariables,
  ) {
    const signedUrl = scudoNotificationUrl(environment) ?? '';
    this.routes = routes.map((route) => (route.path === SCUDO_PATH ? { ...route, signedUrl } : route));
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Webhooks that came, and what became of them' })
  @ApiOkResponse({ type: WebhooksDto })
  list(): WebhooksDto {
    // Typed by hand, because OpenAPI knows no unions of the two kinds.
    const verdicts = this.log.verdicts() as WebhooksDto['verdicts'];
    const statistics = this.log.statistics() as WebhooksDto['statistics'];
    return { routes: this.routes, verdicts, statistics };
  }
}
