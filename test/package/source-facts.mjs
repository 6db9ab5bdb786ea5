import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import ts from 'typescript';

/** Names that an index file exports at run time, sorted. Types are left out; `export *` is not ours to use. */
export function runtimeExports(indexFile) {
  const names = [];
  parse(indexFile).forEachChild((node) => {
    if (!ts.isExportDeclaration(node) || node.isTypeOnly) return;
    if (node.exportClause === undefined || !ts.isNamedExports(node.exportClause)) {
      throw new Error(`${node.getText()}: the public API is a list of names.`);
    }
    names.push(...node.exportClause.elements.filter((element) => !element.isTypeOnly).map(({ name }) => name.text));
  });
  return names.sort();
}

/** Packages, other than Node's own modules, that a file requires or imports, `import type` and `import()` included. */
export function importedPackages(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  const specifiers = importedFiles.map(({ fileName }) => fileName);
  const foreign = specifiers.filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier));
  return [...new Set(foreign.map(packageOf))].sort();
}

function packageOf(specifier) {
  const [first, second] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}
