import { type ArgumentsHost, BadRequestException, Catch, NotFoundException } from '@nestjs/common';
import { type Request } from 'express';
import { bodyErrorStatus, UnreadableBodyFilter } from '../../errors/unreadable-body.filter';
import { CONSOLE_API } from './console-controller';
import { ConsoleRefusal } from './console-problem';

const BELOW_API = new RegExp(`^/${CONSOLE_API}(?![^/?])`, 'i');

/** What below the console's API is refused before any of its controllers sees it is told as the contract has it, too. */
@Catch()
export class ConsoleProblemFilter extends UnreadableBodyFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const { originalUrl } = host.switchToHttp().getRequest<Request>();
    super.catch(BELOW_API.test(originalUrl) ? asRefusal(error) : error, host);
  }
}

function asRefusal(error: unknown): unknown {
  if (error instanceof NotFoundException) {
    return new ConsoleRefusal(404, 'no-such-route', 'There is no such route: check its method and path.');
  }
  if (isTooLarge(error)) return tooLarge(error);
  const status = error instanceof BadRequestException ? error.getStatus() : bodyErrorStatus(error);
  return status === undefined ? error : unreadable(status);
}

/** In our words: the parser's repeat what it could not read, which may have been a token. */
const unreadable = (status: number): ConsoleRefusal =>
  new ConsoleRefusal(
    status,
    'unreadable-request',
    'The request cannot be read: its body must be an object of JSON in UTF-8, and its path percent-encoded.',
  );

/** What Express's parsers say of a body that is longer than they take. */
interface TooLarge {
  readonly type: 'entity.too.large';
  /** Bytes. */
  readonly limit: number;
}

const isTooLarge = (error: unknown): error is TooLarge =>
  error instanceof Error && 'type' in error && error.type === 'entity.too.large' && 'limit' in error;

const tooLarge = ({ limit }: TooLarge): ConsoleRefusal =>
  new ConsoleRefusal(
    413,
    'too-large',
    `The request body has more than ${limit} bytes, which is all that is read: shorten the longest text in it.`,
  );
