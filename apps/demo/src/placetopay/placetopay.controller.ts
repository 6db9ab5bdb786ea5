import { Body, Controller, Get, HttpCode, Inject, Optional, Param, Post, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { type Request } from 'express';
import { PlacetopayHttpService } from 'nestjs-payment-auth';
import { ApiGatewayErrors } from '../errors/api-gateway-errors';
import { ErrorBody } from '../errors/error-body.dto';
import { callGateway } from '../errors/gateway-call';
import { OwnAddress } from '../sandbox/own-address';
import { SIMULATOR } from '../sandbox/sandbox.module';
import { CreatePaymentLinkDto, CreateSessionDto, RequestIdParam } from './placetopay.dto';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

@ApiTags('Placetopay')
@ApiGatewayErrors()
@ApiBadRequestResponse({ description: 'A field of the request is wrong; the message names it.' })
@ApiUnprocessableEntityResponse({ type: ErrorBody, description: 'Placetopay refused what was asked for.' })
@Controller('placetopay')
export class PlacetopayController {
  constructor(
    private readonly placetopay: PlacetopayHttpService,
    private readonly own: OwnAddress,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {}

  @Post('sessions')
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a Webcheckout session' })
  @ApiOkResponse({ description: 'requestId, and processUrl to send the buyer to.' })
  createSession(@Body() session: CreateSessionDto, @Req() request: Request): Promise<unknown> {
    const { reference, description, currency, total, locale, returnUrl, expiresInMinutes = 30 } = session;
    return this.call('/api/session', 'checkout', {
      ...(locale !== undefined && { locale }),
      payment: { reference, description: description ?? reference, amount: { currency, total } },
      // Placetopay Chile requires it in production, and the others' defaults differ.
      expiration: new Date(Date.now() + expiresInMinutes * MINUTE).toISOString(),
      returnUrl: returnUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}/`,
      ipAddress: request.ip ?? '127.0.0.1',
      userAgent: (request.get('user-agent') ?? 'payment-auth demo').slice(0, 255),
    });
  }

  @Get('sessions/:requestId')
  @ApiOperation({ summary: 'Query a Webcheckout session' })
  @ApiOkResponse({ description: 'The session as Placetopay knows it.' })
  @ApiNotFoundResponse({ type: ErrorBody, description: 'Placetopay knows no such session.' })
  querySession(@Param() { requestId }: RequestIdParam): Promise<unknown> {
    return this.call(`/api/session/${requestId}`, 'checkout', {});
  }

  @Post('payment-links')
  @HttpCode(200)
  @ApiOperation({ summary: 'Create a payment link' })
  @ApiOkResponse({ description: 'id and url of the link.' })
  createPaymentLink(@Body() link: CreatePaymentLinkDto): Promise<unknown> {
    const { reference, description, currency, total, locale, name, expiresInHours = 24 } = link;
    // The simulator reaches us here; where a real gateway would, only whoever runs the demo knows.
    const notificationUrl =
      link.notificationUrl ?? (this.simulator && `${this.own.url}/webhooks/placetopay/payment-link`);
    return this.call('/api/payment-link', 'payment-links', {
      ...(locale !== undefined && { locale }),
      name: name ?? reference,
      // `YYYY-MM-DD HH:mm:ss` without a zone: whose it is, the documentation does not say.
      expirationDate: new Date(Date.now() + expiresInHours * HOUR).toISOString().slice(0, 19).replace('T', ' '),
      paymentExpiration: link.paymentExpirationMinutes ?? 30,
      reference,
      description: description ?? reference,
      payment: { amount: { currency, total } },
      ...(notificationUrl !== undefined && { notificationUrl }),
    });
  }

  private async call(path: string, product: 'checkout' | 'payment-links', data: object): Promise<unknown> {
    const { axiosRef } = this.placetopay.for({ product });
    return (await callGateway('placetopay', axiosRef, { method: 'post', url: path, data })).body;
  }
}
