import { Inject, Injectable, Optional } from '@nestjs/common';
import {
  type GatewaySimulator,
  SimulatorInputError,
  type WebhookSchemeDescription,
  type WebhookSendOrder,
} from '@payment-auth/gateway-simulator';
import { OwnAddress } from '../../sandbox/own-address';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { isRouteAt, WEBHOOK_ROUTES, type WebhookRoute } from '../../webhooks/webhook-route';
import { ConsoleRefusal, invalid } from '../access/console-problem';
import { type SentWebhook, type WebhookDesk as Desk, type WebhookSchemeInfo } from '../contract';
import { SentWebhooks } from './sent-webhooks';
import { type NewWebhook, type Resending } from './webhook-order';
import { WebhookVerdicts } from './webhook-verdicts';

type Source = Pick<WebhookSchemeInfo, 'gateway' | 'scheme'>;

/** Sends webhooks of the simulator to this demo's own routes, and shows what became of them. */
@Injectable()
export class WebhookDesk {
  private readonly sent: SentWebhooks | undefined;

  constructor(
    private readonly own: OwnAddress,
    private readonly verdicts: WebhookVerdicts,
    @Inject(WEBHOOK_ROUTES) private readonly routes: readonly WebhookRoute[],
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {
    this.sent = simulator && new SentWebhooks(simulator);
  }

  desk(): Desk {
    return {
      schemes: this.schemes(),
      verdicts: this.verdicts.all(),
      statistics: this.verdicts.statistics(),
      sent: this.sent?.all() ?? [],
    };
  }

  /** @throws {ConsoleRefusal} naming the field that does not fit */
  async send(order: NewWebhook | Resending): Promise<SentWebhook> {
    const { simulator, sent } = this;
    if (simulator === undefined || sent === undefined) {
      throw new ConsoleRefusal(404, 'no-simulator', 'Webhooks are sent by the simulator: set PAYMENT_ENV=sandbox.');
    }
    try {
      return 'resend' in order ? await this.resend(simulator, sent, order) : await this.sendNew(simulator, sent, order);
    } catch (error) {
      if (error instanceof SimulatorInputError) {
        throw new ConsoleRefusal(400, 'invalid-input', error.message, error.field);
      }
      throw error;
    }
  }

  private async sendNew(simulator: GatewaySimulator, sent: SentWebhooks, order: NewWebhook): Promise<SentWebhook> {
    // What does not fit, the simulator refuses by name.
    const full = { ...order, url: `${this.own.url}${this.pathOf(order)}` } as WebhookSendOrder;
    const isDelayed = (order.delayMs ?? 0) > 0;
    if (!isDelayed) return sent.answered(await simulator.webhooks.send(full));
    const { copies: _copies, delayMs: _delayMs, ...unsent } = full;
    await simulator.webhooks.build(unsent);
    return this.wait(simulator, sent, full, () => simulator.webhooks.send(full));
  }

  private async resend(simulator: GatewaySimulator, sent: SentWebhooks, order: Resending): Promise<SentWebhook> {
    const { resend, ...times } = order;
    const earlier = sent.find(resend);
    if (earlier === undefined) {
      throw new ConsoleRefusal(404, 'no-such-webhook', 'resend must be the id of a webhook that went out.', 'resend');
    }
    const { url } = simulator.webhooks.whole(earlier.id);
    if (!isRouteAt(url, this.own.url, this.routes)) {
      throw invalid('resend', 'must be the id of a webhook that went to this demo');
    }
    const again = () => simulator.webhooks.resend(earlier.id, times);
    if ((times.delayMs ?? 0) === 0) return sent.answered(await again());
    return this.wait(simulator, sent, { ...earlier, url }, again);
  }

  private async wait(
    simulator: GatewaySimulator,
    sent: SentWebhooks,
    about: Source & { readonly url: string; readonly break?: string | undefined },
    send: () => ReturnType<GatewaySimulator['webhooks']['send']>,
  ): Promise<SentWebhook> {
    const sending = send();
    // Numbers out of bounds are refused before anything is waited for.
    await Promise.race([sending, new Promise((resolve) => setImmediate(resolve))]);
    const { pathname, search } = new URL(about.url);
    const startLine = `POST ${pathname}${search} HTTP/1.1`;
    return sent.wait(
      {
        at: new Date(simulator.clock.now()).toISOString(),
        gateway: about.gateway,
        scheme: about.scheme,
        ...(about.break !== undefined && { break: about.break }),
        url: about.url,
        request: { startLine, headers: [], body: '', bodyEncoding: 'utf8', bodyBytes: 0, masked: [] },
      },
      sending,
    );
  }

  private schemes(): WebhookSchemeInfo[] {
    if (this.simulator !== undefined) {
      return this.simulator.webhooks.schemes().map((description) => this.describe(description));
    }
    return uniqueSources(this.routes).map((source) => ({
      ...source,
      ...this.pathMember(source),
      variants: [],
      sample: {},
      breaks: [],
    }));
  }

  private describe({
    gateway,
    scheme,
    variants,
    sample,
    breaks,
  }: Source & WebhookSchemeDescription): WebhookSchemeInfo {
    return {
      gateway,
      scheme,
      ...this.pathMember({ gateway, scheme }),
      variants: Object.keys(variants),
      sample,
      breaks: Object.entries(breaks).map(([name, does]) => ({ name, does })),
    };
  }

  private pathMember(source: Source): { readonly path?: string } {
    const path = this.routesOf(source)[0]?.path;
    return path === undefined ? {} : { path };
  }

  /** Two of AutoPay's requests are one scheme with a route each, named like its variants. */
  private pathOf(order: NewWebhook): string {
    const routes = this.routesOf(order);
    const route = routes.find(({ path }) => path.endsWith(`/${order.variant}`)) ?? routes[0];
    if (route !== undefined) return route.path;
    throw new ConsoleRefusal(
      400,
      'invalid-input',
      `scheme must be one that has a route here; ${order.gateway} has ${this.namesOf(order.gateway)}.`,
      'scheme',
    );
  }

  private routesOf({ gateway, scheme }: Source): readonly WebhookRoute[] {
    return this.routes.filter((route) => route.gateway === gateway && route.scheme === scheme);
  }

  private namesOf(gateway: string): string {
    return [...new Set(this.routes.filter((route) => route.gateway === gateway).map(({ scheme }) => scheme))].join(
      ', ',
    );
  }
}

function uniqueSources(routes: readonly WebhookRoute[]): Source[] {
  const byName = new Map(routes.map(({ gateway, scheme }) => [`${gateway} ${scheme}`, { gateway, scheme }]));
  return [...byName.values()];
}
