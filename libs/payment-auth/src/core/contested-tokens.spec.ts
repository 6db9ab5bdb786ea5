import { ContestedTokens } from './contested-tokens';

const MINUTE = 60_000;

function setUp() {
  let time = 1_000_000;
  const clock = { now: () => 0, monotonic: () => time };
  const onContested = jest.fn();
  const contested = new ContestedTokens(clock, onContested);
  const advance = (ms: number): void => void (time += ms);
  const reject = (times: number, apartMs = 0): void => {
    for (let count = 0; count < times; count += 1) {
      contested.rejected();
      advance(apartMs);
    }
  };
  /** How long renewals pause from now, to the millisecond. */
  const pauseMs = (): number => {
    const start = time;
    while (contested.isPaused()) time += 1;
    const pause = time - start;
    time = start;
    return pause;
  };
  return { contested, onContested, advance, reject, pauseMs };
}

describe('ContestedTokens', () => {
  it('takes three refusals in a minute for bad luck', () => {
    const { contested, onContested, reject } = setUp();
    reject(3);
    expect(contested.isContested()).toBe(false);
    expect(contested.isPaused()).toBe(false);
    expect(onContested).not.toHaveBeenCalled();
  });

  it('takes the fourth for a fight', () => {
    const { contested, onContested, reject } = setUp();
    reject(4, 10_000);
    expect(contested.isContested()).toBe(true);
    expect(onContested).toHaveBeenCalledTimes(1);
  });

  it('does not count what is more than a minute past', () => {
    const { contested, onContested, reject, advance } = setUp();
    reject(3);
    advance(MINUTE + 1);
    reject(3);
    expect(contested.isContested()).toBe(false);
    expect(onContested).not.toHaveBeenCalled();
  });

  it('is never contested by a refusal every 21 seconds, however long', () => {
    const { contested, onContested, reject } = setUp();
    reject(1_000, 21_000);
    expect(contested.isContested()).toBe(false);
    expect(onContested).not.toHaveBeenCalled();
  });

  it('pauses longer each time, up to thirty seconds', () => {
    const { reject, pauseMs } = setUp();
    reject(3);
    const pauses = Array.from({ length: 8 }, () => {
      reject(1);
      return pauseMs();
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('still pauses thirty seconds after a thousand refusals', () => {
    const { reject, pauseMs } = setUp();
    reject(1_200);
    expect(pauseMs()).toBe(30_000);
  });

  it('is told once, not with every refusal', () => {
    const { onContested, reject } = setUp();
    reject(100, 500);
    expect(onContested).toHaveBeenCalledTimes(1);
  });

  it('is over when it has been quiet for a minute', () => {
    const { contested, advance, reject } = setUp();
    reject(5);
    advance(MINUTE + 1);
    expect(contested.isContested()).toBe(false);
    expect(contested.isPaused()).toBe(false);
  });

  it('is told again when it starts again after a quiet minute that was looked at', () => {
    const { contested, onContested, advance, reject } = setUp();
    reject(4);
    advance(MINUTE + 1);
    expect(contested.isContested()).toBe(false);
    reject(4);
    expect(onContested).toHaveBeenCalledTimes(2);
  });

  it('pauses a second again after a quiet minute', () => {
    const { advance, reject, pauseMs } = setUp();
    reject(9);
    advance(MINUTE + 1);
    reject(4);
    expect(pauseMs()).toBe(1_000);
  });

  it('is told again after a quiet minute that nobody looked at', () => {
    const { onContested, advance, reject } = setUp();
    reject(4);
    advance(24 * 60 * MINUTE);
    reject(4);
    expect(onContested).toHaveBeenCalledTimes(2);
  });

  it('is told once, also when somebody looks between two refusals', () => {
    const { contested, onContested, reject } = setUp();
    for (let refusals = 0; refusals < 20; refusals += 1) {
      reject(1, 500);
      contested.isContested();
    }
    expect(onContested).toHaveBeenCalledTimes(1);
  });

  it('counts a refusal for exactly a minute', () => {
    for (const [age, isContested] of [
      [MINUTE, true],
      [MINUTE + 1, false],
    ] as const) {
      const { contested, advance, reject } = setUp();
      reject(3);
      advance(age);
      reject(1);
      expect(contested.isContested()).toBe(isContested);
    }
  });

  describe('a refusal that was not the fault of the token', () => {
    it('does not count', () => {
      const { contested, onContested, reject } = setUp();
      for (let refusals = 0; refusals < 20; refusals += 1) {
        reject(1);
        contested.excuse();
      }
      expect(contested.isContested()).toBe(false);
      expect(onContested).not.toHaveBeenCalled();
    });

    it('ends the pause that it alone brought about', () => {
      const { contested, reject, pauseMs } = setUp();
      reject(4);
      expect(pauseMs()).toBe(1_000);
      contested.excuse();
      expect(contested.isPaused()).toBe(false);
      expect(contested.isContested()).toBe(false);
    });

    it('leaves the pause that others brought about', () => {
      const { contested, reject, pauseMs } = setUp();
      reject(5);
      contested.excuse();
      expect(contested.isContested()).toBe(true);
      expect(pauseMs()).toBe(2_000);
    });

    it('may come when none is remembered any more', () => {
      const { contested, reject } = setUp();
      contested.excuse();
      reject(3);
      expect(contested.isContested()).toBe(false);
    });
  });

  it('forgets everything when it is told that nobody was to blame', () => {
    const { contested, onContested, reject, pauseMs } = setUp();
    reject(6);
    contested.forget();
    expect(contested.isContested()).toBe(false);
    expect(contested.isPaused()).toBe(false);
    reject(3);
    expect(contested.isContested()).toBe(false);
    reject(1);
    expect(onContested).toHaveBeenCalledTimes(2);
    expect(pauseMs()).toBe(1_000);
  });
});
