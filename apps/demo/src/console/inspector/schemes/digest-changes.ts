import { type Credential } from '../configured-secrets';
import { type Change } from '../recipe/change';
import { algorithmChanges, encodingChanges, prefixChanges } from '../recipe/encoding-changes';
import { hashForHmacChanges, hmacForHashChanges } from '../recipe/hmac-changes';
import { joinChanges, letterCaseChanges } from '../recipe/order-changes';
import { type Recipe } from '../recipe/recipe';
import { secretChanges, secretItselfChanges } from '../recipe/secret-changes';

/** What is done otherwise with any hash of joined values. */
export function joinedHashChanges(recipe: Recipe, credential: Credential): Change[] {
  return [
    ...encodingChanges(recipe),
    ...algorithmChanges(recipe),
    ...prefixChanges(recipe),
    ...hmacForHashChanges(),
    ...joinChanges(recipe),
    ...letterCaseChanges(recipe),
    ...secretChanges(credential),
    ...secretItselfChanges(),
  ];
}

/** What is done otherwise with any HMAC. */
export function hmacChanges(recipe: Recipe, credential: Credential): Change[] {
  return [
    ...encodingChanges(recipe),
    ...algorithmChanges(recipe),
    ...prefixChanges(recipe),
    ...hashForHmacChanges(),
    ...secretChanges(credential),
    ...secretItselfChanges(),
  ];
}
