import { readFileSync } from 'node:fs';
import { type ConsolePage } from './console-page';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds on the page as it stands that is serious or critical, and where; and problems of the page until now. */
export async function seriousViolations(qa: ConsolePage): Promise<string[]> {
  const before = qa.problems();
  await qa.page.evaluate(AXE);
  const violations = await qa.page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  // It tries inline styles, which the page's policy forbids: those are no problems of the page.
  qa.watched.takeProblems();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return [
    ...before,
    ...serious.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
    ),
  ];
}
