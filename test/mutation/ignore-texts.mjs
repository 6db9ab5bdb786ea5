import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Several words: a space between letters, digits or what may stand beside them. */
const PROSE = /[\w)}"',;:.] [\w({"'<$]/;
const SAYS_SOMETHING = /^(?:malformed|mismatch|alignetMismatch|problem|missing|warn|error|log|debug|check)/;
const TEXT_MEMBERS = /^(?:problem|message|hint|unsigned)$/;
const TEXT_CONSTANTS = /^(?:UNSIGNED|EVERYTHING_ELSE|STATUS_TEXTS|FORMS|PRIVATE|\w+_CURE)$/;

/**
 * What is said to people (messages, hints, logs, what an event calls unsigned) is not mutated: tests that repeat sentences
 * prove nothing. Only whole literals of several words are left out; the conditions around them, reasons, codes, names of
 * options and everything on the wire are mutated.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'texts', {
    shouldIgnore(path) {
      if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined;
      const text = path.isStringLiteral() ? path.node.value : path.node.quasis.map(({ value }) => value.raw).join('x');
      if (path.findParent(isSaying) && (PROSE.test(text) || path.findParent(isUnsigned))) return 'said to people';
      return text === 'utf8' && takesUtf8ByDefault(path.parent) ? 'what Node takes without it, too' : undefined;
    },
  }),
];

function isSaying({ node }) {
  if (node.type === 'NewExpression') return node.callee.name?.endsWith('Error') === true;
  if (node.type === 'CallExpression') return SAYS_SOMETHING.test(node.callee.name ?? node.callee.property?.name ?? '');
  if (node.type === 'ObjectProperty') return TEXT_MEMBERS.test(node.key.name ?? '');
  return node.type === 'Decorator' || (node.type === 'VariableDeclarator' && TEXT_CONSTANTS.test(node.id.name ?? ''));
}

/** What an event says is not proven: names of members, one by one, are no more than words either. */
function isUnsigned({ node }) {
  return (node.key?.name ?? node.id?.name) === 'unsigned' || /^(?:UNSIGNED|STATUS_TEXTS)$/.test(node.id?.name ?? '');
}

function takesUtf8ByDefault({ type, callee }) {
  return type === 'CallExpression' && ['update', 'from'].includes(callee.property?.name);
}
