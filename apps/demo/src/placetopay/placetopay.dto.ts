import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsUrl, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsAmount } from './is-amount';

class PaymentDto {
  @ApiProperty({ example: 'ORDER-1001', description: 'Your reference, 1 to 32 characters.' })
  @Length(1, 32)
  reference!: string;

  @ApiPropertyOptional({ example: 'Two coffees' })
  @IsOptional()
  @Length(1, 255)
  description?: string;

  @ApiProperty({ example: 'COP', description: 'ISO 4217, three letters.' })
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters, e.g. COP' })
  currency!: string;

  @ApiProperty({ example: 12000 })
  @IsAmount()
  total!: number;

  @ApiPropertyOptional({ example: 'en_US', description: 'Language of answers and pages.' })
  @IsOptional()
  @Matches(/^[a-z]{2}_[A-Z]{2}$/, { message: 'locale must look like es_CO' })
  locale?: string;
}

export class CreateSessionDto extends PaymentDto {
  @ApiPropertyOptional({ example: 'https://shop.example/return', description: 'Where the buyer comes back to.' })
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true })
  @MaxLength(255)
  returnUrl?: string;

  @ApiPropertyOptional({ example: 30, description: 'Minutes until the session expires, 5 at least.' })
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(43_200)
  expiresInMinutes?: number;
}

export class CreatePaymentLinkDto extends PaymentDto {
  @ApiPropertyOptional({ example: 'Coffee', description: 'Title of the link.' })
  @IsOptional()
  @Length(1, 120)
  name?: string;

  @ApiPropertyOptional({ example: 24, description: 'Hours until the link expires.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(8_760)
  expiresInHours?: number;

  @ApiPropertyOptional({ example: 30, description: 'Minutes a payment may take once begun.' })
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(1_440)
  paymentExpirationMinutes?: number;

  @ApiPropertyOptional({
    example: 'https://shop.example/webhooks/placetopay/payment-link',
    description: "Where Placetopay tells of payments; in the sandbox the demo's own address, when left out.",
  })
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true })
  @MaxLength(255)
  notificationUrl?: string;
}

export class RequestIdParam {
  @ApiProperty({ example: '1' })
  @Matches(/^\d{1,18}$/, { message: 'requestId must be digits' })
  requestId!: string;
}
