import { type AxiosInstance } from 'axios';
import { type Gateway, PaymentAuthConfigError } from './errors';

/** Which axios instances an interceptor is attached to, and for which merchant: at most one each. */
export class Attachments<M extends { readonly name: string }> {
  private readonly attached = new WeakMap<AxiosInstance, { merchant: M; detach: () => void }>();

  constructor(private readonly gateway: Gateway) {}

  /** Installs once; attaching the same merchant again returns the same detach function. */
  attach(instance: AxiosInstance, merchant: M, install: () => () => void): () => void {
    const attached = this.attached.get(instance);
    if (attached !== undefined) {
      if (attached.merchant === merchant) return attached.detach;
      const problem = `this axios instance belongs to merchant "${attached.merchant.name}" already; detach it first or take another instance`;
      throw new PaymentAuthConfigError([{ option: `${this.gateway}.merchants`, problem }], this.gateway);
    }
    const uninstall = install();
    const detach = (): void => {
      if (this.attached.get(instance)?.detach !== detach) return;
      this.attached.delete(instance);
      uninstall();
    };
    this.attached.set(instance, { merchant, detach });
    return detach;
  }
}
