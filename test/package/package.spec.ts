import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import * as library from 'nestjs-payment-auth';

const REPOSITORY = join(__dirname, '..', '..');
const LIBRARY = join(REPOSITORY, 'libs', 'payment-auth');

interface Manifest {
  name: string;
  license: string;
  type: string;
  main: string;
  types: string;
  exports: Record<string, unknown>;
  files: string[];
  engines: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional: boolean }>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
const manifest = readManifest(LIBRARY);
const workspace = readManifest(REPOSITORY);

/** Only who shares tokens needs it. */
const LOADED_ON_DEMAND = ['@redis/client'];
/** Not imported by us, but wanted by a package that is: left out, npm would choose for the user. */
const PEERS_OF_OUR_PEERS = ['cache-manager'];

describe('the public API', () => {
  it('exports these names at run time; a name added, renamed or lost shows here', () => {
    expect(Object.keys(library).sort()).toEqual([
      'AccessTokenError',
      'AccessTokenOptions',
      'AlignetMerchantOptions',
      'AlignetNonceService',
      'AlignetNotificationOptions',
      'GatewayTransportError',
      'MemoryReplayStore',
      'NetzmeAccessTokenService',
      'NetzmeHttpService',
      'NetzmeMerchantOptions',
      'NetzmeNotificationOptions',
      'NetzmeSigningInterceptor',
      'NonceError',
      'NotificationEvent',
      'NotificationOptions',
      'NotificationReplays',
      'NotificationVerifier',
      'PAYMENT_AUTH_CLOCK',
      'PAYMENT_AUTH_RANDOM',
      'PaymentAuthConfigError',
      'PaymentAuthError',
      'PaymentAuthModule',
      'PaymentAuthSecrets',
      'PlacetopayAuthInterceptor',
      'PlacetopayAuthService',
      'PlacetopayAutopayContractOptions',
      'PlacetopayError',
      'PlacetopayHttpService',
      'PlacetopayMerchantOptions',
      'PlacetopayMicrositeAuthOptions',
      'PlacetopayNotificationOptions',
      'RedisReplayStore',
      'SecretReloadOptions',
      'SignatureVerificationError',
      'TokenSharingOptions',
      'UnsignableRequestError',
      'VerifiedNotification',
      'alignetNotificationMerchant',
      'confirmByQuery',
      'confirmNetzmeCallback',
      'createPlacetopayAuth',
      'decodePlacetopayFailure',
      'formatPlacetopaySeed',
      'isAlignetPaid',
      'isNetzmeSuccess',
      'minifyJson',
      'netzmeBasicAuthorization',
      'netzmeNotificationMerchant',
      'netzmeSignature',
      'netzmeSigningKey',
      'netzmeSnapBodyHash',
      'netzmeSnapStringToSign',
      'netzmeStringToSign',
      'netzmeStringToSignPrefix',
      'parseUnsignedNetzmeCallback',
      'placetopayNotificationMerchant',
      'placetopayNotificationSignature',
      'placetopayTranKey',
      'signNetzmeRequest',
      'verifiedNotificationOf',
      'verifyAlignetNotification',
      'verifyAlignetRedirect',
      'verifyNetzmeCallbackToken',
      'verifyNetzmeSnapCallback',
      'verifyPlacetopayNotification',
    ]);
  });

  it('is a list of names, and loads the metadata API before anything else', () => {
    const index = readFileSync(join(LIBRARY, 'src', 'index.ts'), 'utf8');
    expect(index).not.toMatch(/export \*|export default/);
    expect(/^(?:import|export) .*$/m.exec(index)?.[0]).toBe("import 'reflect-metadata';");
  });
});

describe('the manifest of the published package', () => {
  const imported = importedPackages();

  it('declares every package that the sources import, as a peer: none may come twice into an application', () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependencies)).toEqual(expect.arrayContaining(imported));
  });

  it('declares nothing that is not needed', () => {
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(
      [...imported, ...PEERS_OF_OUR_PEERS, ...LOADED_ON_DEMAND].sort(),
    );
    expect(Object.keys(manifest.peerDependenciesMeta ?? {})).toEqual(LOADED_ON_DEMAND);
  });

  it.each(Object.entries(manifest.peerDependencies))('accepts %s as it is tested here', (name, range) => {
    const [major, minor] = workspace.dependencies?.[name]?.split('.') ?? [];
    const line = major === '0' ? `^0.${minor}.` : `^${major}.`;
    expect(range).toContain(line);
  });

  it('points at the compiled entry and its types', () => {
    expect(manifest).toMatchObject({
      name: 'nestjs-payment-auth',
      license: 'MIT',
      type: 'commonjs',
      main: './dist/index.js',
      types: './dist/index.d.ts',
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './testing': { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' },
        './package.json': './package.json',
      },
    });
    // Conditions are tried in order, and TypeScript wants its own first.
    expect(Object.keys(manifest.exports['.'] as object)).toEqual(['types', 'default']);
    expect(Object.keys(manifest.exports['./testing'] as object)).toEqual(['types', 'default']);
  });

  it('publishes the compiled files and the papers, all of which are there', () => {
    expect(manifest.files).toEqual(['dist', 'README.md', 'LICENSE', 'CHANGELOG.md']);
    const papers = manifest.files.filter((file) => file !== 'dist');
    expect(papers.filter((paper) => !existsSync(join(LIBRARY, paper)))).toEqual([]);
  });

  it('asks for the Node that the repository is tested on', () => {
    expect(manifest.engines).toEqual(workspace.engines);
  });
});

function importedPackages(): string[] {
  const folder = join(LIBRARY, 'src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  const specifiers = sources.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:\bfrom|^import) '([^']+)';$/gm)].map(([, name]) => name),
  );
  const foreign = specifiers.filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier));
  return [...new Set(foreign.map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier))].sort();
}
