import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBadRequestResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AlignetNonceService } from 'nestjs-payment-auth';
import { ApiGatewayErrors } from '../errors/api-gateway-errors';
import { CheckoutSessionDto, CreateNonceDto, NonceDto } from './alignet.dto';

@ApiTags('Alignet / Pay-me')
@ApiGatewayErrors()
@ApiBadRequestResponse({ description: 'A field of the request is wrong; the message names it.' })
@Controller('alignet')
export class AlignetController {
  constructor(private readonly alignet: AlignetNonceService) {}

  @Post('nonce')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'One single-use nonce' })
  @ApiOkResponse({ type: NonceDto })
  createNonce(@Body() { scope }: CreateNonceDto): Promise<NonceDto> {
    return this.alignet.createNonce({ scope });
  }

  @Post('checkout-session')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'What a browser needs to start Flex' })
  @ApiOkResponse({ type: CheckoutSessionDto })
  createCheckoutSession(@Body() { scope }: CreateNonceDto): Promise<CheckoutSessionDto> {
    return this.alignet.createCheckoutSession({ scope });
  }
}
