import { type Clock } from 'nestjs-payment-auth';

/** A clock that stands still until it is moved. Its wall clock can jump without the monotonic one. */
export class ManualClock implements Clock {
  private wall = Date.parse('2026-11-22T10:15:30.250Z');
  private steady = 1_000;

  now = (): number => this.wall;
  monotonic = (): number => this.steady;

  advance(ms: number): void {
    this.wall += ms;
    this.steady += ms;
  }

  jumpWall(ms: number): void {
    this.wall += ms;
  }
}

/** The system's clock, moved by hand: `offsetMs` moves the wall clock alone, `elapsedMs` is time that passed without anybody waiting. */
export class MovedClock implements Clock {
  offsetMs = 0;
  elapsedMs = 0;

  now = (): number => Date.now() + this.offsetMs;
  monotonic = (): number => performance.now() + this.elapsedMs;
}
