import { cpus, loadavg } from 'node:os';

/** One object, names in the order measured. `target` is for `ratio`, or for `value` where it names the unit. */
export function toJson(rows) {
  return Object.fromEntries(
    rows.map(({ name, unit, ours, reference, ratio, judged, target }) => [
      name,
      {
        value: round(ours),
        unit,
        reference: round(reference),
        ratio: round(ratio),
        target: judged === 'value' ? `${target} ${unit}` : target,
      },
    ]),
  );
}

export function toTable(rows) {
  const cells = rows.map((row) => [
    row.label,
    `${format(row.ours)} ${row.unit}`,
    `${format(row.reference)} ${row.unit}`,
    row.against,
    row.ratio.toFixed(2),
    row.judged === 'value' ? `${row.target} ${row.unit}` : `${row.target} x`,
    isMet(row) ? 'yes' : 'NO',
  ]);
  const table = [['what', 'ours', 'reference', '', 'ratio', 'target', 'met'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  const lines = table.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

export function machine() {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, Node ${process.version}, ${process.platform} ${process.arch}`;
}

/** To be asked before anything is measured. Ratios bear company well; times and throughputs do not. */
export function companyNote() {
  const [load] = loadavg();
  const isBusy = load > cpus().length / 2;
  return isBusy
    ? `\nThe machine was busy with other things (load ${load.toFixed(1)} at the start): times are too long.`
    : '';
}

export function isMet(row) {
  const [operator, limit] = row.target.split(' ');
  const measured = row.judged === 'value' ? row.ours : row.ratio;
  if (operator === '<') return measured < Number(limit);
  return operator === '<=' ? measured <= Number(limit) : measured >= Number(limit);
}

const round = (value) => Number(value.toPrecision(4));
const format = (value) => (value >= 100 ? String(Math.round(value)) : value.toPrecision(3));
