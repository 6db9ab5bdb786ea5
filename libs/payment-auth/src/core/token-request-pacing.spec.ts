import { ManualClock } from '../../../../test/support/manual-clock';
import { TokenRequestPacing } from './token-request-pacing';

const LOWEST = 0;
const MIDDLE = 0x80;
const HIGHEST = 0xff;

function setUp(byte = HIGHEST) {
  const clock = new ManualClock();
  const pacing = new TokenRequestPacing(clock, { bytes: (length) => Buffer.alloc(length, byte) });
  /** Sends whatever may be sent. */
  const spendAll = (): number => {
    let sent = 0;
    for (; pacing.waitMs() === 0; sent += 1) pacing.spend();
    return sent;
  };
  return { clock, pacing, spendAll };
}

describe('TokenRequestPacing', () => {
  it('lets ten follow one another, then one every five seconds', () => {
    const { clock, pacing, spendAll } = setUp();
    expect(spendAll()).toBe(10);
    expect(pacing.waitMs()).toBe(5_000);
    clock.advance(4_999);
    expect(pacing.waitMs()).toBe(1);
    clock.advance(1);
    expect(spendAll()).toBe(1);
    clock.advance(12_500);
    expect(spendAll()).toBe(2);
    expect(pacing.waitMs()).toBe(2_500);
  });

  it.each([
    [2_000, 500],
    [8_000, 2_000],
    [1_000, 250],
    [999, 5_000],
    [0, 5_000],
    [36_000_000, 5_000],
  ])('lets tokens that live for %d ms be renewed every %d ms', (lifetimeMs, refillMs) => {
    const { clock, pacing, spendAll } = setUp();
    spendAll();
    pacing.issued(lifetimeMs);
    expect(pacing.waitMs()).toBe(refillMs);
    clock.advance(3 * refillMs);
    expect(spendAll()).toBe(3);
  });

  it('saves up no more than ten, however long nothing is sent', () => {
    const { clock, spendAll } = setUp();
    clock.advance(24 * 3_600_000);
    expect(spendAll()).toBe(10);
    clock.advance(24 * 3_600_000);
    expect(spendAll()).toBe(10);
    expect(spendAll()).toBe(0);
  });

  it('goes by the monotonic clock: a jump of the other one gives and takes nothing', () => {
    const { clock, pacing, spendAll } = setUp();
    spendAll();
    clock.jumpWall(24 * 3_600_000);
    expect(pacing.waitMs()).toBe(5_000);
    clock.jumpWall(-48 * 3_600_000);
    expect(pacing.waitMs()).toBe(5_000);
  });

  it.each([
    [LOWEST, [0, 0, 0]],
    [MIDDLE, [251, 502, 1_004]],
    [HIGHEST, [500, 1_000, 2_000]],
  ])('pauses for anything up to 0.5 s after a failure, twice as long after the next: byte %d', (byte, pauses) => {
    const { pacing } = setUp(byte);
    expect([1, 2, 3].map((failures) => pacing.backoffMs(failures))).toEqual(pauses);
  });

  it('pauses for thirty seconds at most, also after a thousand failures', () => {
    const { pacing } = setUp();
    expect([7, 8, 1_000, 2_000].map((failures) => pacing.backoffMs(failures))).toEqual([
      30_000, 30_000, 30_000, 30_000,
    ]);
  });

  it("pauses as long as the gateway's Retry-After wants, and for five minutes at most", () => {
    const { pacing } = setUp();
    expect([0, 7, 300, 301, 86_400].map((seconds) => pacing.backoffMs(1, seconds))).toEqual([
      500, 7_000, 300_000, 300_000, 300_000,
    ]);
  });
});
