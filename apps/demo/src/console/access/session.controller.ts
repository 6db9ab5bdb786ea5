import { Body, Delete, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { VERSIONS } from '../overview/versions';
import { type Session } from '../contract';
import { ConsoleController, NotStored } from './console-controller';
import { NeedsNoSession } from './console.guard';
import { ConsoleRefusal } from './console-problem';
import { ConsoleSessions } from './console-sessions';
import { ConsoleSettings } from './console-settings';
import { clearSessionCookie, sessionIdOf, setSessionCookie } from './session-cookie';

@ConsoleController('session')
export class SessionController {
  constructor(
    private readonly settings: ConsoleSettings,
    private readonly sessions: ConsoleSessions,
  ) {}

  @Get()
  @NotStored()
  @NeedsNoSession()
  tell(@Req() request: Request): Session {
    return this.session(this.sessions.isOpen(sessionIdOf(request)));
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @NotStored()
  @NeedsNoSession()
  async open(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body() body: unknown,
  ): Promise<Session> {
    if (!this.settings.needsToken) return this.session(true);
    const opened = await this.sessions.open(tokenOf(body), request.socket.remoteAddress ?? '');
    if (opened.outcome !== 'opened') throw refusalOf(opened.outcome);
    setSessionCookie(request, response, opened.id);
    return this.session(true);
  }

  @Delete()
  @NotStored()
  @NeedsNoSession()
  close(@Req() request: Request, @Res({ passthrough: true }) response: Response): Session {
    this.sessions.close(sessionIdOf(request));
    clearSessionCookie(request, response);
    return this.session(false);
  }

  private session(hasSession: boolean): Session {
    const { needsToken, environment } = this.settings;
    return { needsToken, isOpen: hasSession || !needsToken, environment, version: VERSIONS.demo };
  }
}

function tokenOf(body: unknown): string {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  if (typeof token === 'string') return token;
  throw new ConsoleRefusal(400, 'invalid-input', 'token must be a text: the access token.', 'token');
}

function refusalOf(outcome: 'wrong-token' | 'too-many-attempts'): ConsoleRefusal {
  if (outcome === 'too-many-attempts') {
    return new ConsoleRefusal(
      429,
      outcome,
      'token was wrong, as too many others just now: try again in a minute.',
      'token',
    );
  }
  return new ConsoleRefusal(401, outcome, 'token is not the one in CONSOLE_ACCESS_TOKEN of this server.', 'token');
}
