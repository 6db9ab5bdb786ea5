import { applyDecorators } from '@nestjs/common';
import { ApiBadGatewayResponse, ApiGatewayTimeoutResponse, ApiServiceUnavailableResponse } from '@nestjs/swagger';
import { ErrorBody } from './error-body.dto';

/** The failures every call to a gateway can have. */
export const ApiGatewayErrors = (): ClassDecorator & MethodDecorator =>
  applyDecorators(
    ApiBadGatewayResponse({ type: ErrorBody, description: 'The gateway refused us, or could not be reached.' }),
    ApiGatewayTimeoutResponse({ type: ErrorBody, description: 'The gateway did not answer in time.' }),
    ApiServiceUnavailableResponse({ type: ErrorBody, description: 'This gateway is not configured here.' }),
  );
