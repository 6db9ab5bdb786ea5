import { type AccessTokenStatus, type AlignetNonceService, type NetzmeAccessTokenService } from 'nestjs-payment-auth';
import { type ResolvedMerchantsReader } from '../../apps/demo/src/console/overview/resolved-merchants';
import { ReplicaTokens } from '../../apps/demo/src/console/replicas/replica-tokens';

const NOTHING: AccessTokenStatus = {
  state: 'none',
  obtainedAt: undefined,
  expiresAt: undefined,
  generation: 0,
  requests: 0,
  rejections: 0,
  isContested: false,
};

type Moment = Pick<AccessTokenStatus, 'state' | 'generation' | 'requests'>;

const none = (requests: number): Moment => ({ state: 'none', generation: 0, requests });
const failing = (requests: number): Moment => ({ state: 'failing', generation: 0, requests });
const valid = (generation: number, requests: number): Moment => ({ state: 'valid', generation, requests });

/** What is told of a token's lease at the last of these moments, when somebody looks at each of them. */
function holdsLeaseAfter(moments: readonly Moment[]): boolean | undefined {
  let status = NOTHING;
  // Only what a look asks of them; the real ones need a gateway.
  const merchants = { alignet: () => undefined, netzme: () => ({}) } as unknown as ResolvedMerchantsReader;
  const netzme = { accessTokenStatus: () => status } as unknown as NetzmeAccessTokenService;
  const tokens = new ReplicaTokens(merchants, {} as AlignetNonceService, netzme);
  let last: boolean | undefined;
  for (const moment of moments) {
    status = { ...NOTHING, ...moment };
    last = tokens.look()[0]?.holdsLease;
  }
  return last;
}

describe('who asked for the token in use', () => {
  it.each<[of: string, holdsLease: boolean, moments: readonly Moment[]]>([
    ['a process that has asked for nothing', false, [none(0)]],
    ['a process that asked', true, [none(0), valid(1, 1)]],
    ['a process that took up another one’s token', false, [none(0), valid(1, 0)]],
    ['a process that asked before anybody looked', true, [valid(1, 1)]],
    ['a process that was asking when somebody looked', true, [none(0), none(1), valid(1, 1)]],
    ['a process that was renewing when somebody looked', true, [valid(1, 0), valid(1, 1), valid(2, 1)]],
    ['a process that was asking anew after a rejection', true, [valid(1, 0), none(1), valid(2, 1)]],
    ['the same, looked at again', true, [none(0), none(1), valid(1, 1), valid(1, 1)]],
    ['a process whose token another one has renewed', false, [none(0), valid(1, 1), valid(2, 1)]],
    ['a process whose own request failed before another one’s', false, [none(0), failing(1), valid(1, 1)]],
    ['a process that succeeded after it had failed', true, [none(0), failing(1), valid(1, 2)]],
    ['a process whose token is gone', false, [valid(1, 1), none(1)]],
  ])('%s: %s', (_of, holdsLease, moments) => {
    expect(holdsLeaseAfter(moments)).toBe(holdsLease);
  });
});
