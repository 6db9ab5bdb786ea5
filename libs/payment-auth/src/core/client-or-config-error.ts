import axios, { type AxiosInstance } from 'axios';
import { PaymentAuthConfigError } from './errors';

/**
 * The axios instance that `create` makes. Where the gateway is not configured (or has several merchants and no default), an
 * instance whose requests fail saying so: an application that never uses it must start all the same.
 */
export function clientOrConfigError(create: () => AxiosInstance): AxiosInstance {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof PaymentAuthConfigError)) throw error;
    const unconfigured = axios.create();
    unconfigured.interceptors.request.use(() => Promise.reject(error));
    return unconfigured;
  }
}
