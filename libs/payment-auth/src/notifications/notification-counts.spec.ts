import { type VerifiedNotification } from '../core/inbound/notification-scheme';
import { NotificationCounts } from './notification-counts';

const accepted = (algorithm: string, merchant = 'shop', scheme = 'checkout') =>
  ({ gateway: 'placetopay', scheme, merchant, algorithm }) as VerifiedNotification;

describe('NotificationCounts', () => {
  let now: number;
  let warnings: string[];
  let counts: NotificationCounts;

  beforeEach(() => {
    now = 0;
    warnings = [];
    counts = new NotificationCounts({ monotonic: () => now }, (message) => warnings.push(message));
  });

  it('counts what came, by scheme, algorithm and reason', () => {
    counts.accepted(accepted('sha256'));
    counts.accepted(accepted('sha256', 'outlet'));
    counts.accepted(accepted('hmac-sha256', 'shop', 'onboarding'));
    counts.refused('placetopay', 'checkout', 'mismatch');
    counts.refused('placetopay', 'checkout', 'mismatch');
    counts.refused('netzme', 'snap-v2', 'stale');
    expect(counts.read()).toEqual([
      { gateway: 'placetopay', scheme: 'checkout', accepted: { sha256: 2 }, refused: { mismatch: 2 } },
      { gateway: 'placetopay', scheme: 'onboarding', accepted: { 'hmac-sha256': 1 }, refused: {} },
      { gateway: 'netzme', scheme: 'snap-v2', accepted: {}, refused: { stale: 1 } },
    ]);
  });

  it('hands out copies', () => {
    counts.refused('netzme', 'snap-v2', 'stale');
    (counts.read()[0]?.refused as Record<string, number>)['stale'] = 7;
    expect(counts.read()[0]?.refused).toEqual({ stale: 1 });
  });

  it('tells of refusals once a minute for each kind, and how many there were', () => {
    counts.refused('placetopay', 'checkout', 'mismatch');
    counts.refused('placetopay', 'checkout', 'mismatch');
    counts.refused('placetopay', 'checkout', 'stale');
    counts.refused('placetopay', 'autopay', 'mismatch');
    now = 59_999;
    counts.refused('placetopay', 'checkout', 'mismatch');
    now = 60_000;
    counts.refused('placetopay', 'checkout', 'mismatch');
    expect(warnings).toEqual([
      'a placetopay checkout notification was refused: mismatch (1 so far)',
      'a placetopay checkout notification was refused: stale (1 so far)',
      'a placetopay autopay notification was refused: mismatch (1 so far)',
      'a placetopay checkout notification was refused: mismatch (4 so far)',
    ]);
  });

  it('tells who still signs with SHA-1, for each merchant, and of nothing stronger', () => {
    counts.accepted(accepted('sha256'));
    counts.accepted(accepted('sha1'));
    counts.accepted(accepted('sha1'));
    counts.accepted(accepted('hmac-sha1', 'outlet'));
    now = 60_000;
    counts.accepted(accepted('sha1'));
    expect(warnings).toEqual([
      'placetopay signs checkout notifications of shop with SHA-1 (1 so far)',
      'placetopay signs checkout notifications of outlet with SHA-1 (1 so far)',
      'placetopay signs checkout notifications of shop with SHA-1 (3 so far)',
    ]);
  });
});
