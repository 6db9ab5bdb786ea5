import { Injectable } from '@nestjs/common';
import { type AxiosResponse } from 'axios';
import { type Gateway, type GatewayOverview } from '../contract';
import { masked } from './masked';

/** Where an answer names none: it is the one in every documented sample. */
const NONCE_SECONDS = 30;

/** What the gateways' answers tell by the way, those to the demo's own routes included. */
@Injectable()
export class GatewayFacts {
  private readonly clockOffsets = new Map<Gateway, number>();
  private nonce?: GatewayOverview['lastNonce'];

  /** The last nonce that Alignet gave this process. */
  get lastNonce(): GatewayOverview['lastNonce'] {
    return this.nonce;
  }

  /** What a gateway's clock is ahead of ours by its last `Date`: 0 within the second that stands for; `undefined` before one. */
  clockOffsetMs(gateway: Gateway): number | undefined {
    return this.clockOffsets.get(gateway);
  }

  answered(gateway: Gateway, url: string, { headers, data }: AxiosResponse<unknown>): void {
    const now = Date.now();
    this.dated(gateway, headers['date'], now);
    if (gateway === 'alignet' && new URL(url).pathname.endsWith('/nonce')) this.handedOut(data, now);
  }

  /** @param header a `Date` header as it came, if any */
  dated(gateway: Gateway, header: unknown, now = Date.now()): void {
    const date = typeof header === 'string' ? Date.parse(header) : Number.NaN;
    if (Number.isNaN(date)) return;
    const nearest = Math.min(Math.max(now, date), date + 999);
    this.clockOffsets.set(gateway, nearest - now);
  }

  private handedOut(data: unknown, now: number): void {
    const { nonce, expires_in: seconds = NONCE_SECONDS } = parseObject(data);
    if (typeof nonce !== 'string' || nonce === '') return;
    const lifetimeMs = (Number(seconds) || NONCE_SECONDS) * 1_000;
    const [at, expiresAt] = [new Date(now).toISOString(), new Date(now + lifetimeMs).toISOString()];
    this.nonce = { at, expiresAt, nonce: masked(nonce) };
  }
}

function parseObject(data: unknown): Record<string, unknown> {
  try {
    const value: unknown = Buffer.isBuffer(data) ? JSON.parse(data.toString('utf8')) : data;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
