import { Controller, Get, Header, Inject, Optional, Req } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ApiExcludeController } from '@nestjs/swagger';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type EnvironmentVariables } from '../config/environment';
import { SIMULATOR } from '../sandbox/sandbox.module';
import { type Request } from 'express';
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
  page(@Req() request: Request): string {
    const origin = `${request.protocol}://${request.get('host') ?? 'localhost'}`;
    return homePage(this.config.get('PAYMENT_ENV', { infer: true }), origin, this.simulator?.urls);
  }

  @Get('home.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return HOME_STYLE;
  }
}
