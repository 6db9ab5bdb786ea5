import { Injectable } from '@nestjs/common';
import { NetzmeAccessTokenService } from 'nestjs-payment-auth';
import { ConsoleRefusal } from '../access/console-problem';
import { ConsoleSettings } from '../access/console-settings';
import { type KnownTokens } from './schemes/scheme';

const REMEMBERED = 5;

/** Netzme's access token as the demo uses it, and those that the inspector saw before it. */
@Injectable()
export class AccessTokens {
  private seen: readonly string[] = [];

  constructor(
    private readonly tokens: NetzmeAccessTokenService,
    private readonly settings: ConsoleSettings,
  ) {}

  /**
   * In the sandbox one is had where there is none. Elsewhere that would end the token of whoever uses this client now, which
   * nobody expects of looking at a signature.
   *
   * @throws {ConsoleRefusal} 409 when there is no token to use
   */
  async netzme(): Promise<KnownTokens> {
    const isHeld = this.tokens.accessTokenStatus().state === 'valid';
    if (!isHeld && this.settings.environment !== 'sandbox') throw noToken('none is held now: run a call, or give one');
    const current = await this.current();
    const earlier = this.seen.filter((value) => value !== current);
    this.seen = [...earlier, current].slice(-REMEMBERED);
    return { current, earlier };
  }

  private async current(): Promise<string> {
    try {
      return (await this.tokens.getAccessToken()).value;
    } catch {
      throw noToken('none can be had: see the overview for the reason, or give one');
    }
  }
}

const noToken = (why: string): ConsoleRefusal =>
  new ConsoleRefusal(409, 'no-access-token', `accessToken is empty, and ${why}.`, 'accessToken');
