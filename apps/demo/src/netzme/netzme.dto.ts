import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';

const USER_ID = /^[A-Za-z0-9_-]{1,64}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export class BalanceQuery {
  @ApiProperty({ example: 'M_SANDBOX01', description: 'Merchant id at Netzme.' })
  @Matches(USER_ID, { message: 'userId must be 1 to 64 letters, digits, _ or -' })
  userId!: string;
}

export class TransactionsQuery extends BalanceQuery {
  @ApiPropertyOptional({ example: '2026-11-01' })
  @IsOptional()
  @Matches(DATE, { message: 'startdate must look like 2026-11-01' })
  startdate?: string;

  @ApiPropertyOptional({ example: '2026-11-30' })
  @IsOptional()
  @Matches(DATE, { message: 'enddate must look like 2026-11-30' })
  enddate?: string;

  @ApiPropertyOptional({ example: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  page?: number;
}

export class WithdrawInquiryDto extends BalanceQuery {
  @ApiProperty({ example: '10000.00', description: 'Rupiah as text with two decimals.' })
  @Matches(/^\d{1,13}\.\d{2}$/, { message: 'amount must be text like 10000.00' })
  amount!: string;
}
