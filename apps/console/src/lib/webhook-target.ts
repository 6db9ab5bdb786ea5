import { simulator } from '../api/client';
import { type Gateway } from '../api/contract';

interface Settings {
  readonly alignet: { readonly notificationUrl: string | null };
  readonly placetopay: { readonly notificationUrl: string | null };
}

/** The demo's routes for what a payment ends with. */
const ROUTES = {
  alignet: '/webhooks/alignet/notification',
  placetopay: '/webhooks/placetopay/checkout',
} as const satisfies Partial<Record<Gateway, string>>;

/** Lets the simulator send the webhook of a payment to this demo, unless somebody has sent it elsewhere. */
export async function haveWebhookSent(gateway: keyof typeof ROUTES): Promise<void> {
  const settings = await simulator<Settings>('GET', '/settings');
  if (settings[gateway].notificationUrl !== null) return;
  await simulator('PATCH', '/settings', { [gateway]: { notificationUrl: `${location.origin}${ROUTES[gateway]}` } });
}
