import { Get, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ConsoleController } from '../access/console-controller';
import { EventHub } from './event-hub';
import { EventStream } from './event-stream';

@ConsoleController('events')
export class EventsController {
  constructor(private readonly hub: EventHub) {}

  @Get()
  async listen(@Req() request: Request, @Res() response: Response): Promise<void> {
    const stream = new EventStream(request, response);
    response.once('close', () => this.hub.leave(stream));
    await this.hub.join(stream);
  }
}
