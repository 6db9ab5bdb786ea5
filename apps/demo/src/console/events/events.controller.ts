import { Get, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ConsoleController } from '../access/console-controller';
import { ConsoleRefusal } from '../access/console-problem';
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
    if (this.hub.isFull) {
      throw new ConsoleRefusal(429, 'too-many-streams', 'Too many pages listen: close those that you do not need.');
    }
    const stream = new EventStream(
      request,
      response,
      () => !this.settings.needsToken || this.sessions.isOpen(sessionIdOf(request)),
    );
    response.once('close', () => this.hub.leave(stream));
    await this.hub.join(stream);
  }
}
