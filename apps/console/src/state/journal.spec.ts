import { type JournalEntry } from '../api/simulator';
import { mergeJournal } from './journal';
import { parseRoute } from './route';

const entry = (id: number, at = id): JournalEntry => ({
  id,
  at,
  gateway: 'netzme',
  operation: 'token',
  method: 'POST',
  target: '/',
  headers: {},
  body: '',
  status: 200,
  responseBody: '',
  verdict: 'accepted',
});
const idsOf = (entries: readonly JournalEntry[]) => entries.map(({ id }) => id);

describe('mergeJournal', () => {
  it('puts what came before what is known, newest first, each once', () => {
    expect(idsOf(mergeJournal([entry(2), entry(1)], [entry(2), entry(3), entry(4)]))).toEqual([4, 3, 2, 1]);
  });

  it('forgets what is known once ids begin anew, as they do after a reset', () => {
    expect(idsOf(mergeJournal([entry(9), entry(8)], [entry(1, 90), entry(2, 91)]))).toEqual([2, 1]);
  });

  it('keeps a thousand', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => entry(index + 1));
    expect(mergeJournal([...many].reverse(), [entry(1_001)])).toHaveLength(1_000);
  });
});

describe('parseRoute', () => {
  it.each([
    ['', 'overview', undefined],
    ['#/calls/netzme-balance', 'calls', 'netzme-balance'],
    ['#/inspector/a%20b', 'inspector', 'a b'],
    ['#/%', 'overview', undefined],
    ['#/nowhere', 'overview', undefined],
  ])('reads %s', (hash, view, item) => {
    expect(parseRoute(hash)).toMatchObject({ view, ...(item !== undefined && { item }) });
  });

  it('reads what stands behind the question mark', () => {
    expect(parseRoute('#/checkout?placetopay=ORDER-1').query.get('placetopay')).toBe('ORDER-1');
  });
});
