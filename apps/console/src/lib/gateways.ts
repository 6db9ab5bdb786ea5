import { type Gateway } from '../api/contract';

/** In the order they are shown in. */
export const GATEWAYS: readonly Gateway[] = ['alignet', 'placetopay', 'netzme'];
