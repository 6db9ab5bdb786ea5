import { type Change } from './change';
import { type Recipe, SECRET } from './recipe';

const change = (code: string, what: string, apply: Change['apply']): Change => ({ code, inputs: ['key'], what, apply });

/** A plain hash where an HMAC belongs, or the two sides of it swapped. */
export function hashForHmacChanges(): Change[] {
  const what = 'with a plain hash of secret and text; it is an HMAC keyed with the secret';
  return [
    change('hash-for-hmac', what, ({ key = [], ...recipe }) => ({ ...recipe, text: [...key, ...recipe.text] })),
    change('hash-for-hmac', what, ({ key = [], ...recipe }) => ({ ...recipe, text: [...recipe.text, ...key] })),
    change(
      'hash-for-hmac',
      'with a plain hash of the text, without a key; it is an HMAC',
      ({ key: _key, ...recipe }) => recipe,
    ),
    change('key-and-text-swapped', 'with the text as key and the key as text', ({ key = [], ...recipe }) => ({
      ...recipe,
      text: key,
      key: recipe.text,
    })),
  ];
}

/** An HMAC where a plain hash belongs. */
export function hmacForHashChanges(): Change[] {
  const keyed =
    (isSecretKept: boolean) =>
    (recipe: Recipe): Recipe => ({
      ...recipe,
      key: recipe.text.filter(({ name }) => name === SECRET),
      text: recipe.text.filter(({ name }) => isSecretKept || name !== SECRET),
    });
  const what = 'with an HMAC keyed with the secret; it is a plain hash of everything, the secret included';
  return [change('hmac-for-hash', what, keyed(false)), change('hmac-for-hash', what, keyed(true))];
}
