import { reloadSecrets } from './reload-secrets';
import { type RotatingSecret, Secret, type SecretSource } from './secret';
import { type SourcedSecret } from './secret-sources';

const fit = () => new Map<Secret, string>();

const sourced = (option: string, source: SecretSource, start: string | RotatingSecret = 'old'): SourcedSecret => ({
  option,
  secret: new Secret(start),
  source,
});

/** A vault whose answers come when they are told to. */
class SlowVault {
  readonly asked: ((answer: string) => void)[] = [];
  readonly source = () => new Promise<string>((resolve) => this.asked.push(resolve));

  async answer(question: number, text: string): Promise<void> {
    while (this.asked[question] === undefined) await Promise.resolve();
    this.asked[question](text);
  }
}

describe('reloadSecrets', () => {
  it('changes what changed and keeps what cannot be had', async () => {
    let answer: unknown = { current: 'two', next: 'three' };
    const first = sourced('netzme.first', () => answer as string);
    const both = [first, sourced('netzme.second', () => 'old')];
    await expect(reloadSecrets(both, fit)).resolves.toEqual({ changed: ['netzme.first'], problems: [] });
    expect(first.secret.accepted()).toEqual(['two', 'three']);
    answer = undefined;
    const { changed, problems } = await reloadSecrets(both, fit);
    expect([changed, problems.map(({ option }) => option)]).toEqual([[], ['netzme.first']]);
    expect(first.secret.reveal()).toBe('two');
  });

  it('keeps the answer to the later question, in whatever order they come', async () => {
    const vault = new SlowVault();
    const secret = sourced('netzme.clientSecret', vault.source);
    const early = reloadSecrets([secret], fit);
    const late = reloadSecrets([secret], fit);
    await vault.answer(1, 'new');
    await expect(late).resolves.toMatchObject({ changed: ['netzme.clientSecret'] });
    await vault.answer(0, 'old');
    await expect(early).resolves.toEqual({ changed: [], problems: [] });
    expect(secret.secret.reveal()).toBe('new');
    const latest = reloadSecrets([secret], fit);
    await vault.answer(2, 'newer');
    await latest;
    expect(secret.secret.reveal()).toBe('newer');
  });

  it('knows that an answer is old also when the newer one was no news', async () => {
    const vault = new SlowVault();
    const secret = sourced('netzme.clientSecret', vault.source);
    const early = reloadSecrets([secret], fit);
    const late = reloadSecrets([secret], fit);
    await vault.answer(1, 'old');
    await late;
    await vault.answer(0, 'older still');
    await early;
    expect(secret.secret.reveal()).toBe('old');
  });

  it('takes an earlier answer where the later question had none', async () => {
    const vault = new SlowVault();
    const secret = sourced('netzme.clientSecret', vault.source);
    const early = reloadSecrets([secret], fit);
    const late = reloadSecrets([secret], fit);
    await vault.answer(1, '');
    await expect(late).resolves.toMatchObject({ changed: [], problems: [{ option: 'netzme.clientSecret' }] });
    await vault.answer(0, 'new');
    await early;
    expect(secret.secret.reveal()).toBe('new');
  });

  it('does not keep a gateway waiting for the vault of another', async () => {
    const vault = new SlowVault();
    const secrets = [sourced('netzme.clientSecret', vault.source), sourced('placetopay.secretKey', () => 'new')];
    const reload = reloadSecrets(secrets, fit);
    while (secrets[1]?.secret.reveal() !== 'new') await Promise.resolve();
    await vault.answer(0, 'new');
    await expect(reload).resolves.toMatchObject({ changed: ['placetopay.secretKey', 'netzme.clientSecret'] });
  });

  it('refuses what does not pass the check, and checks the rest again', async () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => sourced(`netzme.${name}`, () => `new ${name}`));
    const check = jest.fn((answers: ReadonlyMap<Secret, Secret>) => {
      // The second mistake shows when the first is gone.
      const wrong = one !== undefined && answers.has(one.secret) ? one : two;
      const answer = wrong && answers.get(wrong.secret);
      return new Map(answer && [[answer, 'is wrong']]);
    });
    const secrets = [one, two, three].filter((each) => each !== undefined);
    await expect(reloadSecrets(secrets, check)).resolves.toEqual({
      changed: ['netzme.three'],
      problems: [
        { option: 'netzme.one', problem: 'is wrong' },
        { option: 'netzme.two', problem: 'is wrong' },
      ],
    });
    expect(secrets.map(({ secret }) => secret.reveal())).toEqual(['old', 'old', 'new three']);
  });

  it('checks nothing when nothing is new', async () => {
    const check = jest.fn(fit);
    await reloadSecrets([sourced('netzme.clientSecret', () => 'old')], check);
    expect(check).not.toHaveBeenCalled();
  });
});
