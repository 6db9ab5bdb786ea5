import { Inject, Injectable, Optional } from '@nestjs/common';
import { type GatewaySimulator } from '@payment-auth/gateway-simulator';
import { SIMULATOR } from '../../sandbox/sandbox.module';
import { ConsoleRefusal } from '../access/console-problem';
import { type InspectionResult, type InspectorScheme } from '../contract';
import { AccessTokens } from './access-tokens';
import { type ConfiguredSecrets, ConfiguredSecretsReader, type SecretBlock } from './configured-secrets';
import { readInspection } from './inspection-inputs';
import { INSPECTION_SCHEMES } from './schemes';
import { scrubbed } from './scrub';

/**
 * Takes digests, signatures and tokens apart, with the configured merchant's secrets. It signs whatever it is given: so results
 * are shown only where the secret is one of the embedded simulator's own. With any other they are compared and not shown, or
 * whoever reaches the console could sign for the merchant.
 */
@Injectable()
export class InspectorService {
  constructor(
    private readonly reader: ConfiguredSecretsReader,
    private readonly tokens: AccessTokens,
    @Optional() @Inject(SIMULATOR) private readonly simulator: GatewaySimulator | undefined,
  ) {}

  /** Those whose secret is configured. */
  async schemes(): Promise<InspectorScheme[]> {
    const secrets = await this.reader.read();
    const now = this.now();
    return INSPECTION_SCHEMES.filter((scheme) => scheme.isConfigured(secrets)).map((scheme) => {
      const { id, gateway, takesExpected, secretName } = scheme;
      return { id, gateway, fields: scheme.fields(now), takesExpected, secretName };
    });
  }

  /** @throws {ConsoleRefusal} 404 for no such scheme, 409 for one that is not configured, 400 naming the wrong field */
  async inspect(id: string, inspection: unknown): Promise<InspectionResult> {
    const scheme = INSPECTION_SCHEMES.find((each) => each.id === id);
    if (scheme === undefined) {
      const ids = INSPECTION_SCHEMES.map((each) => each.id).join(', ');
      throw new ConsoleRefusal(404, 'unknown-scheme', `There is no such scheme; there are ${ids}.`, 'scheme');
    }
    const now = this.now();
    const given = readInspection(inspection, scheme.fields(now), scheme.takesExpected);
    const used: string[] = [];
    const secrets = remembering(await this.reader.read(), used);
    const netzmeTokens = async () => {
      const tokens = await this.tokens.netzme();
      used.push(tokens.current, ...tokens.earlier);
      return tokens;
    };
    return scrubbed(await scheme.inspect(given, { secrets, now, netzmeTokens }), used);
  }

  private now(): number {
    return this.simulator?.clock.now() ?? Date.now();
  }
}

/** The same secrets, with every text that is asked for noted down, for the answer to be searched for it. */
function remembering(secrets: ConfiguredSecrets, used: string[]): ConfiguredSecrets {
  const noting = <Options>({ options, credential }: SecretBlock<Options>): SecretBlock<Options> => ({
    options,
    credential: async (option, variable) => {
      const found = await credential(option, variable);
      used.push(found.text, ...found.others.map(({ text }) => text));
      return found;
    },
  });
  const { alignet, placetopay, netzme } = secrets;
  return {
    ...secrets,
    ...(alignet && { alignet: noting(alignet) }),
    ...(placetopay && { placetopay: noting(placetopay) }),
    ...(netzme && { netzme: noting(netzme) }),
  };
}
