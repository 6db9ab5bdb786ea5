import { type Credential } from '../configured-secrets';
import { type Change, respelled } from './change';
import { mapParts, SECRET } from './recipe';

/** The secret in another form, another secret, or none. Nothing here says anything about what is in it. */
export function secretChanges({ text, others }: Credential): Change[] {
  const as = (code: string, what: string, value: string | Buffer): Change => respelled(SECRET, code, what, value);
  const changes: readonly (readonly [code: string, what: string, value: string | Buffer])[] = [
    ['secret-newline', 'with a line break behind the secret', `${text}\n`],
    ['secret-newline', 'with a line break behind the secret', `${text}\r\n`],
    ['secret-whitespace', 'with a space around the secret', `${text} `],
    ['secret-whitespace', 'with a space around the secret', ` ${text}`],
    ['secret-whitespace', 'with a tab behind the secret', `${text}\t`],
    ['secret-quoted', 'with quotes around the secret', `"${text}"`],
    ['secret-quoted', 'with quotes around the secret', `'${text}'`],
    ['secret-trimmed', 'with the secret trimmed; its spaces count', text.trim()],
    ['secret-case', 'with the secret in lower case', text.toLowerCase()],
    ['secret-case', 'with the secret in upper case', text.toUpperCase()],
    ['secret-base64', 'with the base64 of the secret in its place', Buffer.from(text).toString('base64')],
    ['secret-hex', 'with the hex of the secret in its place', Buffer.from(text).toString('hex')],
    ...decodings(text).map((bytes) => ['secret-decoded', 'with the secret decoded before it was used', bytes] as const),
    ['secret-utf16', 'with the secret as UTF-16LE; it is UTF-8', Buffer.from(text, 'utf16le')],
    ['secret-latin1', 'with the secret as latin1; it is UTF-8', Buffer.from(text, 'latin1')],
    ['secret-ascii', 'with ? for what of the secret is not ASCII; it is UTF-8', text.replace(/[^ -~]/g, '?')],
    ['secret-normalised', 'with the secret normalised', text.normalize('NFC')],
    ['secret-normalised', 'with the secret normalised', text.normalize('NFD')],
    ...others.map((other) => [other.code, other.what, other.text] as const),
  ];
  return [
    ...changes.filter(([, , value]) => !Buffer.from(value).equals(Buffer.from(text))).map((change) => as(...change)),
    {
      code: 'secret-left-out',
      inputs: [SECRET],
      what: 'without the secret',
      apply: (recipe) => mapParts(recipe, (part) => (part.name === SECRET ? [] : [part])),
    },
  ];
}

/** The secret where something made with it belongs. */
export function secretItselfChanges(): Change[] {
  const what = 'as the secret itself; it never leaves your server';
  return (['plain', 'base64', 'hex'] as const).map((encoding) => ({
    code: 'secret-itself',
    inputs: ['algorithm'],
    what,
    isAlone: true,
    apply: ({ text, key = [] }) => ({
      text: [...text, ...key].filter(({ name }) => name === SECRET).slice(0, 1),
      hash: 'none',
      encoding,
      prefix: '',
    }),
  }));
}

/** Of a secret that looks like base64 or hex. */
function decodings(text: string): Buffer[] {
  return (['base64', 'hex'] as const)
    .map((encoding) => ({ encoding, bytes: Buffer.from(text, encoding) }))
    .filter(({ encoding, bytes }) => bytes.length > 0 && bytes.toString(encoding).toLowerCase() === text.toLowerCase())
    .map(({ bytes }) => bytes);
}
