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
import { fromAxiosError, GatewayBusinessError } from '../errors/gateway-exception.filter';
import { BalanceQuery, TransactionsQuery, WithdrawInquiryDto } from './netzme.dto';

const TIMEOUT_MS = 15_000;
const MERCHANT_API = '/api/aggregator/merchant/qr';

/** Netzme's envelope: HTTP stays 200 and `status` tells, a number mostly and text in some answers. */
interface Envelope {
  readonly status?: number | string;
  readonly statusMessage?: string;
}

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
    const envelope = await this.netzme.axiosRef
      .request<Envelope>({ ...config, timeout: TIMEOUT_MS })
      .then(({ data }) => data)
      .catch((error: unknown) => {
        throw fromAxiosError('netzme', error);
      });
    const status = Number(envelope.status);
    if (Number.isInteger(status) && (status < 100 || status > 199)) {
      throw new GatewayBusinessError('netzme', String(status), envelope.statusMessage ?? 'no message');
    }
    return envelope;
  }
}
