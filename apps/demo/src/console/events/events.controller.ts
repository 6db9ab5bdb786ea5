import { Get, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ConsoleController } from '../access/console-controller';
import { ConsoleSessions } from '../access/console-sessions';
import { ConsoleSettings } from '../access/console-settings';
import { sessionIdOf } from '../access/session-cookie';
import { EventHub } from './event-hub';
import { EventStream } from './event-stream';

@ConsoleController('events')
export class EventsController {
  constructor(
    private readonly hub: EventHub,
    private readonly settings: ConsoleSettings,
    private readonly sessions: ConsoleSessions,
  ) {}

  @Get()
  async listen(@Req() request: Request, @Res() response: Response): Promise<void> {
    const stream = new EventStream(
      request,
      response,
      () => !this.settings.needsToken || this.sessions.isOpen(sessionIdOf(request)),
    );
    response.once('close', () => this.hub.leave(stream));
    await this.hub.join(stream);
  }
}
