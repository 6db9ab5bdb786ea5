import { applyDecorators, Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { WebhookRecorder } from './webhook-recorder.interceptor';
import { WebhookRefusalFilter } from './webhook-refusal.filter';
import { WebhookRefusalBody } from './webhook.dto';

const GATEWAYS = { alignet: 'Alignet / Pay-me', placetopay: 'Placetopay', netzme: 'Netzme' } as const;

/** A controller of a gateway's webhooks, each of them verified by `@VerifiedNotification`, and recorded. */
export const WebhookController = (gateway: keyof typeof GATEWAYS): ClassDecorator =>
  applyDecorators(UnsignedWebhookController(gateway), UseInterceptors(WebhookRecorder));

/** The same where nothing is verified: the handler has to find out, and to record what it found. */
export const UnsignedWebhookController = (gateway: keyof typeof GATEWAYS): ClassDecorator =>
  applyDecorators(
    Controller(`webhooks/${gateway}`),
    ApiTags(`Webhooks of ${GATEWAYS[gateway]}`),
    UseFilters(WebhookRefusalFilter),
    ApiBadRequestResponse({ type: WebhookRefusalBody, description: 'Not what it should be: body or signature.' }),
    ApiUnauthorizedResponse({ type: WebhookRefusalBody, description: 'Not proven, not in time, or by SHA-1.' }),
    ApiForbiddenResponse({
      type: WebhookRefusalBody,
      description: 'Somebody else’s, not confirmed, or used before.',
    }),
    ApiPayloadTooLargeResponse({ description: 'More than 256 kB.' }),
    ApiServiceUnavailableResponse({
      type: WebhookRefusalBody,
      description: 'A copy is being handled, or it cannot be told now.',
    }),
  );

interface WebhookDescription {
  /** What it tells, in a few words. */
  readonly tells: string;
  /** How it is proven. */
  readonly proof: string;
  /** What a 200 holds. @default nothing */
  readonly answer?: string;
  readonly isForm?: boolean;
}

export const ApiWebhook = ({
  tells,
  proof,
  answer = 'Nothing: the status is all Placetopay looks at.',
  isForm = false,
}: WebhookDescription): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: tells, description: proof }),
    ApiConsumes(isForm ? 'application/x-www-form-urlencoded' : 'application/json'),
    ApiBody({
      schema: { type: 'object', additionalProperties: true },
      description:
        'As the gateway writes it. The simulator sends one, with a valid or a broken signature, at POST /webhooks/send.',
    }),
    ApiOkResponse({ description: answer }),
  );
