import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { type AxiosRequestConfig } from 'axios';
import { NetzmeHttpService } from 'nestjs-payment-auth';
import { randomUUID } from 'node:crypto';
import { ApiGatewayErrors } from '../errors/api-gateway-errors';
import { ErrorBody } from '../errors/error-body.dto';
import { callGateway, GatewayCallError, wordsOf } from '../errors/gateway-call';
import { BalanceQuery, TransactionsQuery, WithdrawInquiryDto } from './netzme.dto';

const MERCHANT_API = '/api/aggregator/merchant/qr';

/** HTTP stays 200 when Netzme refuses: the envelope's `status` tells, a number mostly and text in some answers. */
@ApiTags('Netzme')
@ApiGatewayErrors()
@ApiBadRequestResponse({ description: 'A field of the request is wrong; the message names it.' })
@ApiUnprocessableEntityResponse({ type: ErrorBody, description: 'Netzme refused what was asked for.' })
@Controller('netzme')
export class NetzmeController {
  constructor(private readonly netzme: NetzmeHttpService) {}

  @Get('balance')
  @ApiOperation({ summary: 'Balance of a merchant' })
  @ApiOkResponse({ description: "Netzme's envelope with the balance in its body." })
  balance(@Query() { userId }: BalanceQuery): Promise<unknown> {
    return this.call({ method: 'get', url: `${MERCHANT_API}/balance/detail`, params: { userId } });
  }

  @Get('transactions')
  @ApiOperation({ summary: 'Transactions of a merchant' })
  @ApiOkResponse({ description: "Netzme's envelope with the transactions in its body." })
  transactions(@Query() { userId, startdate, enddate, page }: TransactionsQuery): Promise<unknown> {
    return this.call({
      method: 'get',
      url: `${MERCHANT_API}/transaction/list`,
      params: { userId, startdate, enddate, page },
    });
  }

  @Post('withdraw/inquiry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask what a withdrawal would cost' })
  @ApiOkResponse({ description: "Netzme's envelope with the inquiry in its body." })
  withdrawInquiry(@Body() body: WithdrawInquiryDto): Promise<unknown> {
    const data = { requestId: randomUUID(), type: 'withdraw_inquiry', body };
    return this.call({ method: 'post', url: `${MERCHANT_API}/withdraw/inquiry`, data });
  }

  private async call(config: AxiosRequestConfig): Promise<unknown> {
    const { body, exchange } = await callGateway('netzme', this.netzme.axiosRef, config);
    const status = Number(body['status'] ?? Number.NaN);
    if (!Number.isInteger(status)) {
      throw new GatewayCallError('netzme', 'ERR_GATEWAY_RESPONSE', 'answered without a status', exchange);
    }
    if (status < 100 || status > 199) {
      const message = typeof body['statusMessage'] === 'string' ? `, ${wordsOf(body['statusMessage'])}` : '';
      throw new GatewayCallError('netzme', 'ERR_GATEWAY_BUSINESS', `refused the request (code ${status}${message})`, {
        ...exchange,
        gatewayCode: String(status),
      });
    }
    return body;
  }
}
