import { type AxiosInstance } from 'axios';
import { type Gateway, PaymentAuthConfigError } from './errors';

interface Attachment {
  readonly by: object;
  readonly gateway: Gateway;
  readonly merchant: { readonly name: string };
  readonly detach: () => void;
}

/**
 * One for all interceptors of all registrations: a second on the same instance would sign what the first has signed, and
 * neither would find its own work in the answer.
 */
const attachments = new WeakMap<AxiosInstance, Attachment>();

/** Which axios instances an interceptor is attached to, and for which merchant: at most one each. */
export class Attachments<M extends { readonly name: string }> {
  constructor(private readonly gateway: Gateway) {}

  /** Installs once; attaching the same merchant again returns the same detach function. */
  attach(instance: AxiosInstance, merchant: M, install: () => () => void): () => void {
    const attached = attachments.get(instance);
    // Every registration has merchants of its own, with the same options too.
    if (attached?.merchant === merchant) return attached.detach;
    if (attached !== undefined) {
      const problem = `${this.describe(attached)}; detach it first or take another instance`;
      throw new PaymentAuthConfigError([{ option: `${this.gateway}.merchants`, problem }], this.gateway);
    }
    const uninstall = install();
    const detach = (): void => {
      if (attachments.get(instance)?.detach !== detach) return;
      attachments.delete(instance);
      uninstall();
    };
    attachments.set(instance, { by: this, gateway: this.gateway, merchant, detach });
    return detach;
  }

  private describe({ by, gateway, merchant }: Attachment): string {
    const owner = `this axios instance belongs to merchant "${merchant.name}"`;
    if (by === this) return `${owner} already`;
    if (gateway !== this.gateway) return `${owner} of ${gateway} already`;
    return `${owner} of another registration of PaymentAuthModule already, and would be signed for twice`;
  }
}
