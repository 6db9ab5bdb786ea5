import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** What a webhook that is not accepted is answered with. */
export class WebhookRefusalBody {
  @ApiProperty({ example: 401 })
  statusCode!: number;

  @ApiProperty({ example: 'ERR_SIGNATURE_VERIFICATION' })
  code!: string;

  @ApiProperty({ example: 'mismatch', description: 'Never the signature that would have been right.' })
  reason!: string;

  @ApiProperty({ example: 'The notification was not accepted.' })
  message!: string;
}

export class WebhookRouteDto {
  @ApiProperty({ example: '/webhooks/placetopay/checkout' })
  path!: string;

  @ApiProperty({ enum: ['alignet', 'placetopay', 'netzme'] })
  gateway!: string;

  @ApiProperty({ example: 'checkout' })
  scheme!: string;

  @ApiPropertyOptional({ description: 'The URL that has to be given to the gateway, where the URL is signed.' })
  signedUrl?: string;
}

export class WebhookVerdictDto {
  @ApiProperty({ enum: ['accepted', 'refused'] })
  verdict!: string;

  @ApiProperty({ example: '2026-11-22T10:15:30.250Z', description: 'When it came, the first copy of it.' })
  at!: string;

  @ApiProperty({ enum: ['alignet', 'placetopay', 'netzme'] })
  gateway!: string;

  @ApiProperty({ example: 'checkout' })
  scheme!: string;

  @ApiPropertyOptional({ example: 401, description: 'Refused: the status of our answer.' })
  status?: number;

  @ApiPropertyOptional({ example: 'mismatch', description: 'Refused: why.' })
  reason?: string;

  @ApiPropertyOptional({ example: 'default', description: 'Whose secret or code it fits.' })
  merchant?: string;

  @ApiPropertyOptional({ example: '1234', description: 'What it is about, where that is signed.' })
  reference?: string;

  @ApiPropertyOptional({ example: 'APPROVED', description: 'What it says of it, where that is signed.' })
  state?: string;

  @ApiPropertyOptional({ example: 'sha256' })
  algorithm?: string;

  @ApiPropertyOptional({ enum: ['current', 'next'], description: 'Which secret or key it fits.' })
  secret?: string;

  @ApiPropertyOptional({ description: 'When it was signed, where that was checked.' })
  signedAt?: string;

  @ApiPropertyOptional({ type: [String], description: 'What the signature does not cover.' })
  unsigned?: string[];

  @ApiPropertyOptional({
    oneOf: [{ type: 'boolean' }, { type: 'string', enum: ['not asked'] }],
    description: 'Whether the gateway says the same when it is asked.',
  })
  confirmed?: boolean | 'not asked';

  @ApiPropertyOptional({ example: 'not-confirmed', description: 'Why not: its answer, or what the query failed with.' })
  unconfirmed?: string;

  @ApiPropertyOptional({ example: 2, description: 'Copies that came.' })
  received?: number;

  @ApiPropertyOptional({ example: '2026-11-22T10:16:02.100Z', description: 'When the last copy came, if several did.' })
  lastAt?: string;

  @ApiPropertyOptional({ example: 1, description: 'How often it was handled.' })
  handled?: number;
}

export class WebhookStatisticsDto {
  @ApiProperty({ enum: ['alignet', 'placetopay', 'netzme'] })
  gateway!: string;

  @ApiProperty({ example: 'checkout' })
  scheme!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, example: { sha256: 12, sha1: 1 } })
  accepted!: Readonly<Record<string, number>>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, example: { mismatch: 3 } })
  refused!: Readonly<Record<string, number>>;
}

export class WebhooksDto {
  @ApiProperty({ type: [WebhookRouteDto], description: 'Where webhooks come in: those that can be verified here.' })
  routes!: readonly WebhookRouteDto[];

  @ApiProperty({ type: [WebhookVerdictDto], description: 'The latest, newest first: 100 accepted and 100 refused.' })
  verdicts!: readonly WebhookVerdictDto[];

  @ApiProperty({ type: [WebhookStatisticsDto], description: 'Since the start: by algorithm, and by reason.' })
  statistics!: readonly WebhookStatisticsDto[];
}
