import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** What every failed call answers with. Built from an allow-list: no header, body or query of a gateway call is in it. */
export class ErrorBody {
  @ApiProperty({ description: 'The HTTP status.' })
  statusCode!: number;

  @ApiProperty({ description: 'Stable; for programs. E.g. ERR_ACCESS_TOKEN_REQUEST.' })
  code!: string;

  @ApiProperty({ description: 'For people. Holds no secret.' })
  message!: string;

  @ApiPropertyOptional({ enum: ['alignet', 'placetopay', 'netzme'] })
  gateway?: string;

  @ApiPropertyOptional({ description: 'What to do about it.' })
  hint?: string;

  @ApiPropertyOptional({ description: 'Whether the same call may succeed later.' })
  retryable?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { method: 'POST', host: 'auth.preprod.alignet.io', path: '/token', status: 401 },
    description: 'The call to the gateway: method, host, path, status, the gateway’s code and message.',
  })
  exchange?: object;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { reason: 'seed-outside-window', authenticationCode: 103, clockDifferenceSeconds: -412 },
    description: 'Placetopay only: the reason, its code, and for a clock by how much it is off.',
  })
  details?: object;
}
