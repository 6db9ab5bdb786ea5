import { inspect } from 'node:util';
import { Secret, type SecretOption } from './secret';
import { loadSecrets } from './secret-sources';
import { IsOptionalBlock, IsSecret } from './validation';

const TEXT = 'b7f1c0d2-the-secret-text';

class InnerOptions {
  @IsSecret('a secret')
  token!: SecretOption;
}

class BlockOptions {
  @IsSecret('a secret')
  clientSecret!: SecretOption;

  @IsSecret('another secret')
  other!: SecretOption;

  /** As an option that holds several by name. */
  @IsSecret('secrets')
  byName!: unknown;

  @IsOptionalBlock(InnerOptions)
  inner?: InnerOptions;
}

describe('Secret', () => {
  it.each<[how: string, shown: (secret: Secret) => string]>([
    ['String()', String],
    // The compiler forbids these two; a caller may have none.
    ['a template', (secret) => `${secret as unknown as string}`],
    ['concatenation', (secret) => 'x' + (secret as unknown as string)],
    ['JSON', (secret) => JSON.stringify({ deep: [{ secret }] })],
    ['inspect', (secret) => inspect({ deep: [{ secret }] }, { depth: Infinity, showHidden: true, getters: true })],
    ['%o', (secret) => inspect(secret, { showProxy: true, customInspect: false, showHidden: true })],
    ['structuredClone', (secret) => inspect(structuredClone({ secret }), { depth: Infinity, showHidden: true })],
    ['spread', (secret) => inspect({ ...secret })],
    ['own keys', (secret) => Reflect.ownKeys(secret).join()],
    ['an error', (secret) => inspect(Object.assign(new Error('x'), { secret }), { depth: Infinity })],
  ])('shows nothing by %s', (_how, shown) => {
    const secret = new Secret({ current: TEXT, next: `${TEXT}-next` });
    expect(shown(secret)).not.toContain(TEXT);
    expect(secret.reveal()).toBe(TEXT);
    expect(secret.accepted()).toEqual([TEXT, `${TEXT}-next`]);
  });

  it('tells whether it changed', () => {
    const secret = new Secret('a');
    expect(secret.replace('a')).toBe(false);
    expect(secret.replace({ current: 'a', next: 'b' })).toBe(true);
    expect(secret.replace({ current: 'b' })).toBe(true);
    expect(secret.reveal()).toBe('b');
  });
});

describe('loadSecrets', () => {
  const given = {
    netzme: { clientId: 'a', clientSecret: () => Promise.resolve(TEXT), list: ['x'] },
    placetopay: { merchants: { shop: { other: { current: TEXT, next: 'later' }, login: 'shop' } } },
    others: { clientSecret: () => 'untouched' },
  };

  it('asks functions wherever they stand in a block, wraps rotating secrets, and leaves the rest', async () => {
    const { options, sourced } = await loadSecrets(given, { netzme: BlockOptions, placetopay: BlockOptions });
    expect(options.netzme.clientSecret).toBeInstanceOf(Secret);
    expect(options.netzme).toMatchObject({ clientId: 'a', list: ['x'] });
    const secret: unknown = options.placetopay.merchants.shop.other;
    expect((secret as Secret).accepted()).toEqual([TEXT, 'later']);
    expect(options.others.clientSecret()).toBe('untouched');
    expect(sourced.map(({ option }) => option)).toEqual(['netzme.clientSecret']);
  });

  it('takes instances of classes, with what stands in the class too', async () => {
    class Inner {
      readonly #path = 'inner';
      token() {
        return `${TEXT} of ${this.#path}`;
      }
    }
    class Block {
      readonly clientSecret = () => Promise.resolve(TEXT);
      readonly inner = new Inner();
      get other() {
        return 'from a getter';
      }
    }
    class Names {
      readonly k1 = () => TEXT;
    }
    const netzme = { merchants: { shop: new Block() }, byName: new Names() };
    const { options, sourced, problems } = await loadSecrets({ netzme }, { netzme: BlockOptions });
    expect(problems).toEqual([]);
    // Loading keeps the type of what it was given, which had functions where secrets are now.
    const loaded = options.netzme as unknown as {
      readonly merchants: Readonly<Record<string, { clientSecret: Secret; other: string; inner: { token: Secret } }>>;
    };
    expect(loaded.merchants['shop']?.other).toBe('from a getter');
    expect(loaded.merchants['shop']?.clientSecret.reveal()).toBe(TEXT);
    expect(loaded.merchants['shop']?.inner.token.reveal()).toBe(`${TEXT} of inner`);
    expect(sourced.map(({ option }) => option).sort()).toEqual([
      'netzme.byName.k1',
      'netzme.merchants.shop.clientSecret',
      'netzme.merchants.shop.inner.token',
    ]);
  });

  it('neither asks nor looks into what is no option', async () => {
    const asked = jest.fn();
    class Service {
      readonly self = this;
      readonly onModuleDestroy = asked;
    }
    const netzme = { clientSecret: TEXT, service: new Service(), onNews: asked, byName: { deeper: { still: asked } } };
    const { options } = await loadSecrets({ netzme }, { netzme: BlockOptions });
    expect(options.netzme.service).toBe(netzme.service);
    expect(asked).not.toHaveBeenCalled();
  });

  it.each<[what: string, source: () => unknown, problem: string]>([
    [
      'throws',
      () => {
        throw new RangeError(TEXT);
      },
      'its function failed (RangeError)',
    ],
    ['rejects', () => Promise.reject(new Error(TEXT)), 'its function failed (Error)'],
    ['gives nothing', () => undefined, 'its function must give a text'],
    ['gives an empty text', () => '', 'its function must give a text'],
    ['gives a line break', () => `${TEXT}\n`, 'trim what comes from a file'],
    ['gives a number', () => ({ current: 'a', next: 5 }), 'its function must give a text'],
  ])('names the option whose function %s, and repeats nothing', async (_what, source, problem) => {
    const { problems } = await loadSecrets(
      { netzme: { clientSecret: source, other: source } },
      { netzme: BlockOptions },
    );
    expect(problems.map(({ option }) => option)).toEqual(['netzme.clientSecret', 'netzme.other']);
    expect(problems[0]?.problem).toContain(problem);
    expect(inspect(problems, { depth: Infinity, showHidden: true })).not.toContain(TEXT);
  });

  it('gives up on a function that never answers', async () => {
    jest.useFakeTimers();
    const loading = loadSecrets(
      { netzme: { clientSecret: () => new Promise(() => undefined) } },
      { netzme: BlockOptions },
    );
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    expect(await loading).toMatchObject({
      problems: [{ option: 'netzme.clientSecret', problem: 'its function gave no secret within 10 s' }],
    });
  });
});
