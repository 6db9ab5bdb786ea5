import { simulator } from '../api/client';
import { type Gateway } from '../api/contract';
import { liveOverview } from '../state/live';

interface Settings {
  readonly alignet: { readonly notificationUrl: string | null };
  readonly placetopay: { readonly notificationUrl: string | null };
}

/** The demo's routes for what a payment ends with. */
const ROUTES = {
  alignet: '/webhooks/alignet/notification',
  placetopay: '/webhooks/placetopay/checkout',
} as const satisfies Partial<Record<Gateway, string>>;

/** Lets the simulator, where there is one, send the webhook of a payment to this demo, unless somebody has sent it elsewhere. */
export async function haveWebhookSent(gateway: keyof typeof ROUTES): Promise<void> {
  const overview = liveOverview.get()?.overview;
  if (overview?.hasSimulator !== true) return;
  const settings = await simulator<Settings>('GET', '/settings');
  if (settings[gateway].notificationUrl !== null) return;
  await simulator('PATCH', '/settings', { [gateway]: { notificationUrl: `${overview.ownUrl}${ROUTES[gateway]}` } });
}
