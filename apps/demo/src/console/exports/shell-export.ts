import { type Computed, type ExportPlan, SKEW_NOTE, type TokenRequest } from './export-plan';
import { type Template, templateParts } from './template';

/**
 * A POSIX shell script around `curl`: it computes with `openssl` and `date` what the request needs and has the credentials
 * from the environment.
 */
export function shellExport(plan: ExportPlan): string {
  const [id, secret] = plan.credentials;
  return `${[
    '#!/bin/sh',
    `# ${plan.call}: set ${id} and ${secret} in the environment first. Needs curl and openssl.`,
    'set -eu',
    `: "\${${id}:?is not set}" "\${${secret}:?is not set}"`,
    `baseUrl=${quoted(plan.baseUrl)}`,
    ...plan.computed.flatMap(computation),
    ...authentication(plan),
    requestLine(plan),
  ].join('\n')}\n`;
}

function authentication(plan: ExportPlan): string[] {
  switch (plan.gateway) {
    case 'alignet':
      return tokenLines(plan, 'ALIGNET_ACCESS_TOKEN');
    case 'placetopay':
      return digestLines(plan);
    case 'netzme':
      return [
        '# Netzme keeps one token a client: a new one ends the one in use. Set NETZME_ACCESS_TOKEN to use that instead.',
        ...tokenLines(plan, 'NETZME_ACCESS_TOKEN'),
        ...signatureLines(plan),
      ];
  }
}

function digestLines({ digestAlgorithm = 'sha256', clockSkewSeconds = 0 }: ExportPlan): string[] {
  return [
    ...seedLines(clockSkewSeconds),
    'nonce=$(openssl rand -base64 16)',
    '# The digest is of the nonce as it was before Base64, the seed and the secret key.',
    `tranKey=$({ printf '%s' "$nonce" | openssl base64 -d -A; printf '%s' "$seed$PLACETOPAY_SECRET_KEY"; } |`,
    `  openssl dgst -${digestAlgorithm} -binary | openssl base64 -A)`,
  ];
}

function seedLines(skew: number): string[] {
  const format = '+%Y-%m-%dT%H:%M:%S+00:00';
  return skew === 0 ? [`seed=$(date -u ${format})`] : [`# ${SKEW_NOTE}`, ...laterLines('seed', skew, format)];
}

/** The time is that of the script's last second, which is what a POSIX `date` can tell. */
function signatureLines({ method, path, body }: ExportPlan): string[] {
  return [
    `path=${quoted(path)}`,
    `body=${filledIn(body)}`,
    'requestTime=$(date +%s)000',
    // A base URL may have a path of its own, which is signed too.
    `signedPath=$(printf '%s' "$baseUrl$path" | sed 's|^[a-z]*://[^/]*||')`,
    '# The key is in the list of processes for as long as openssl runs: not for machines that others use.',
    `signature=$(printf 'path=%s&method=%s&token=Bearer %s&timestamp=%s&body=%s' \\`,
    `  "$signedPath" ${quoted(method)} "$accessToken" "$requestTime" "$body" |`,
    '  openssl dgst -sha256 -hmac "$NETZME_CLIENT_SECRET-$requestTime-Bearer $accessToken" | sed \'s/^.*= *//\')',
  ];
}

function tokenLines({ token, credentials: [id, secret] }: ExportPlan, known: string): string[] {
  if (token === undefined) return [];
  const request = [
    'curl --silent --show-error --fail',
    `"$baseUrl"${quoted(token.path)}`,
    ...headerOptions(token.headers),
    ...(token.authentication === 'basic' ? [`--user "$${id}:$${secret}"`] : []),
    '--data-binary @-',
  ];
  return [
    // Through a pipe, so that no list of processes shows it.
    ...jsonSafe(token),
    `accessToken=\${${known}:-$(printf '%s' ${filledIn(token.body, token.authentication === 'body' ? SAFE : undefined)} |`,
    `  ${request.join(' \\\n    ')} |`,
    `  sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')}`,
    `[ -n "$accessToken" ] || { echo 'There is no access_token in the answer.' >&2; exit 1; }`,
  ];
}

const SAFE = 'Json';

function jsonSafe({ body, authentication }: TokenRequest): string[] {
  if (authentication !== 'body') return [];
  return namesIn(body).map((name) => `${name}${SAFE}=$(printf '%s' "$${name}" | sed 's/[\\\\"]/\\\\&/g')`);
}

function requestLine({ gateway, method, path, headers, body }: ExportPlan): string {
  const target = gateway === 'netzme' ? '"$baseUrl$path"' : `"$baseUrl"${quoted(path)}`;
  const data = gateway === 'netzme' ? '"$body"' : filledIn(body);
  const options = [
    `curl --silent --show-error --request ${method} ${target}`,
    ...headerOptions(headers),
    ...(body === '' ? [] : [`--data-binary ${data}`]),
  ];
  return options.join(' \\\n  ');
}

const headerOptions = (headers: ExportPlan['headers']): string[] =>
  headers.map(([name, value]) => `--header ${filledIn(`${name}: ${value}`)}`);

function computation(computed: Computed): string[] {
  const { name } = computed;
  if (computed.kind === 'uuid') {
    return [
      `${name}=$(openssl rand -hex 16 | sed 's/^\\(.\\{8\\}\\)\\(.\\{4\\}\\)\\(.\\{4\\}\\)\\(.\\{4\\}\\)/\\1-\\2-\\3-\\4-/')`,
    ];
  }
  const format = computed.kind === 'iso' ? '+%Y-%m-%dT%H:%M:%SZ' : '+%Y-%m-%d %H:%M:%S';
  return laterLines(name, computed.seconds, format);
}

/** A time so much later than now, or earlier. */
const laterLines = (name: string, seconds: number, format: string): string[] => [
  `${name}At=$(($(date +%s) + ${seconds}))`,
  // GNU and busybox take the first, BSD and macOS the second.
  `${name}=$(date -u -d "@$${name}At" '${format}' 2>/dev/null || date -u -r "$${name}At" '${format}')`,
];

const namesIn = (template: Template): string[] => templateParts(template).filter((_, index) => index % 2 === 1);

/** One word for the shell, whatever is in it: fixed parts in single quotes, variables in double ones. */
function filledIn(template: Template, suffix = ''): string {
  const words = templateParts(template).map((part, index) =>
    index % 2 === 1 ? `"$${part}${suffix}"` : part === '' ? '' : quoted(part),
  );
  return words.join('') || "''";
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
