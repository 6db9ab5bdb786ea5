import { loadTokenSharing } from './load-token-sharing';
import { type TokenSharingOptions } from './token-sharing.options';

/** Users without TypeScript pass anything. */
const load = (block: unknown) => loadTokenSharing(block as TokenSharingOptions | undefined);

describe('loadTokenSharing', () => {
  it.each([[undefined], [null], ['redis://r'], [7]])(
    'leaves %p, in place of a block, to who checks it',
    async (block) => {
      expect(await load(block)).toEqual({ block, problems: [] });
    },
  );

  it('puts texts in place of functions, and leaves the rest', async () => {
    const given = {
      redisUrl: () => Promise.resolve('redis://r'),
      encryptionKeys: [
        { id: 'a', key: () => 'A' },
        { id: 'b', key: 'B' },
      ],
      drainMs: 5,
    };
    expect(await load(given)).toStrictEqual({
      block: {
        redisUrl: 'redis://r',
        encryptionKeys: [
          { id: 'a', key: 'A' },
          { id: 'b', key: 'B' },
        ],
        drainMs: 5,
      },
      problems: [],
    });
  });

  it('adds nothing that was not given', async () => {
    expect(await load({ keyPrefix: 'p:' })).toStrictEqual({ block: { keyPrefix: 'p:' }, problems: [] });
  });

  it('leaves keys that are none to who checks them', async () => {
    const encryptionKeys = [null, undefined, 'text', 7, {}, { id: 'a' }];
    expect(await load({ encryptionKeys })).toStrictEqual({ block: { encryptionKeys }, problems: [] });
    expect(await load({ encryptionKeys: 'text' })).toStrictEqual({ block: { encryptionKeys: 'text' }, problems: [] });
  });

  it.each([
    ['throws', jest.fn().mockRejectedValue(new Error('sealed'))],
    ['gives nothing', () => undefined],
    ['gives what rotates', () => ({ current: 'redis://r' })],
  ])('leaves a function that %s where it is, and names its option', async (_what, source) => {
    const block = { redisUrl: source, encryptionKeys: [{ id: 'a', key: source }] };
    const loaded = await load(block);
    expect(loaded.block).toStrictEqual(block);
    expect(loaded.problems.map(({ option }) => option)).toEqual([
      'tokenSharing.redisUrl',
      'tokenSharing.encryptionKeys[0].key',
    ]);
  });
});
