import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

export class CreateNonceDto {
  @ApiPropertyOptional({ example: 'post:charges', description: 'Scopes of the nonce, separated by spaces.' })
  @IsOptional()
  @Matches(/^[\w:.-]+( [\w:.-]+)*$/, { message: 'scope must be scopes separated by single spaces' })
  scope?: string;
}

export class NonceDto {
  @ApiProperty({ description: 'Starts Flex once, within 30 seconds.' })
  nonce!: string;

  @ApiProperty({ example: 'post:charges' })
  scope!: string;

  @ApiProperty({ example: 1795342560250, description: 'Epoch milliseconds.' })
  expiresAt!: number;

  @ApiProperty({ example: 29, description: 'Whole seconds that remain.' })
  expiresInSeconds!: number;
}

export class CheckoutSessionDto extends NonceDto {
  @ApiProperty({ example: '6f1c6d0e-2b6a-4a53-9a3e-5d1b7c0e0604' })
  merchantCode!: string;

  @ApiProperty({ description: 'Load it before the script.' })
  styleUrl!: string;

  @ApiProperty()
  scriptUrl!: string;
}
