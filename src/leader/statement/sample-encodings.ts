/**
 * Encodings bid on the rows of a table as they do on those of a load: each slice samples its own rows, and nothing is
 * written. For ANALYZE COMPRESSION.
 */
import { assert } from '../../common/assert.ts';
import { inTurns } from '../../common/steps.ts';
import { insertOf } from '../ddl/fill-table.ts';
import { quoteName, quoteQualified, schemaNameOf } from '../catalog/names.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import { rewritten } from '../rewriter/index.ts';
import type { Session } from '../session/types.ts';
import type { SampleResult } from '../../steps/insert/sample.ts';
import type { Transaction } from '../transaction/types.ts';
import { analyse } from '../analyser/index.ts';
import { analyserContext } from './execute.ts';
import type { StatementRunner } from './statement-runner.ts';

export async function sampleEncodings(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  table: TableObject,
): Promise<readonly SampleResult[]> {
  const from = quoteQualified(schemaNameOf(transaction.catalog(), table), table.name);
  const list = liveColumns(table).map((c) => quoteName(c.name));
  const query = parseQueryTextSync(`select ${list.join(', ')} from ${from}`);
  const context = { ...analyserContext({ runner }, session, transaction, 'none'), onSlices: true };
  const select = analyse({ kind: 'query', query, start: 0, end: 0 }, context);
  assert(select.kind === 'select', 'a query is bound as one');
  const bound = await inTurns(rewritten(insertOf(table, select)), session.cancelSignal);
  const plan = await runner.planInTurns(bound, transaction, session.cancelSignal);
  const compiled = runner.compile(plan, transaction, { formats: [] });
  const segments = compiled.segments.map((s) =>
    s.sink.kind === 'insert' ? { ...s, sink: { ...s.sink, sample: true } } : s,
  );
  const { outcome } = await runner.runCompiled(session, transaction, { ...compiled, segments }, undefined, {
    text: `analyze compression phase 1: ${table.name}`,
    parameters: [],
    formats: [],
    consumer: () => undefined,
    loadsInto: { table, stay: false },
  });
  return outcome.unloads.flatMap((u) => u.results) as readonly SampleResult[];
}
