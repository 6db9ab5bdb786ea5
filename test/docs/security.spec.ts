import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const text = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
);

/** Lines of the tables of requirements: `| 11.2.4 | 3 | ... |`. */
const rows = [...text.matchAll(/^\| (\d+\.\d+\.\d+) +\| (\d) +\|(.*)\|$/gm)].map(([, id = '', , cells = '']) => ({
  id,
  cells: cells.split('|').map((cell) => cell.trim()),
}));
const isMet = ({ cells }: (typeof rows)[number]): boolean => cells.length === 3;
const met = rows.filter(isMet);

describe('the table of ASVS requirements in docs/security.md', () => {
  it('has those that are met and those that are not, in order and none twice', () => {
    expect(met.length).toBeGreaterThan(30);
    expect(rows.length - met.length).toBeGreaterThan(10);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const part of [met, rows.filter((row) => !isMet(row))]) {
      const ids = part.map(({ id }) => id);
      expect(ids).toEqual([...ids].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    }
  });

  it.each(met)('$id: names a test that exists', ({ cells }) => {
    const evidence = [...(cells[2] ?? '').matchAll(/`([^`]+)`: "([^"]+)"/g)];
    expect(evidence).not.toEqual([]);
    for (const [, file = '', name = ''] of evidence) {
      expect(existsSync(join(ROOT, file))).toBe(true);
      // As written, whichever quotes it stands in.
      expect(readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")).toContain(name);
    }
  });

  it('names scripts that exist', () => {
    const named = [...text.matchAll(/`npm run ([\w:]+)`/g)].map(([, name]) => name);
    expect(named).toContain('timing');
    expect(scripts).toEqual(expect.arrayContaining(named));
  });
});

it('every test that is said to stand for something exists', () => {
  const named = [...text.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
