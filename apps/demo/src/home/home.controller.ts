import { Controller, Get, Header, Inject, Optional } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ApiExcludeController } from '@nestjs/swagger';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type EnvironmentVariables } from '../config/environment';
import { SIMULATOR } from '../sandbox/sandbox.module';
import { homePage, HOME_STYLE } from './home.page';

@ApiExcludeController()
@Controller()
export class HomeController {
  constructor(
    private readonly config: ConfigService<EnvironmentVariables, true>,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return homePage(this.config.get('PAYMENT_ENV', { infer: true }), this.simulator?.urls);
  }

  @Get('home.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return HOME_STYLE;
  }
}
