/**
 * ANALYZE [table [(columns)]] [PREDICATE COLUMNS]: measures the tables and stores their statistics. A table
 * with fewer changed rows than analyze_threshold_percent is skipped; when all are, the tag is ANALYZE SKIP.
 * PREDICATE COLUMNS looks at all columns, as no use of columns in predicates is recorded.
 */
import { undefinedTargetColumn } from '../../common/errors/catalogue.ts';
import { lockByOid, lockRelation } from '../catalog/lock-by-name.ts';
import { asTable, requireRelation } from '../catalog/names.ts';
import { columnByName, liveColumns } from '../catalog/objects.ts';
import type { TableObject } from '../catalog/objects.ts';
import { isOwner } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { info, recorded, warning } from './recorded-command.ts';
import { analyzed, analyzeTable } from '../ddl/table-statistics.ts';
import type { Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

type Analyze = Extract<Statement, { kind: 'analyze' }>;

function tablesOf(context: CommandContext, statement: Analyze): readonly TableObject[] {
  const catalog = context.transaction.catalog();
  if (statement.table !== undefined) {
    return [asTable(requireRelation(catalog, context.session.searchPath(), statement.table))];
  }
  // Temporary tables of other sessions are not this session's business.
  const foreign = new Set(
    catalog
      .schemas()
      .filter((s) => s.temporaryOf !== undefined && s.temporaryOf !== context.session.pid)
      .map((s) => s.oid),
  );
  return catalog
    .relations()
    .filter((r): r is TableObject => r.kind === 'table' && !foreign.has(r.schemaOid))
    .sort((a, b) => a.oid - b.oid);
}

/** Too few rows changed since the last time to look again. */
function belowThreshold(context: CommandContext, table: TableObject): boolean {
  const { statistics } = table;
  if (statistics === undefined) return false;
  const percent = Number(context.session.setting('analyze_threshold_percent'));
  if (!(percent > 0)) return false;
  if (statistics.modifiedRows === 0) return true;
  return statistics.modifiedRows * 100 < statistics.rowCount * percent;
}

export default recorded('utility', {
  kind: 'analyze',
  doc: 'ANALYZE',
  async run(context, statement: Analyze) {
    const { services, session, transaction } = context;
    let measured = 0;
    let skipped = 0;
    for (const { oid } of tablesOf(context, statement)) {
      const locked =
        statement.table === undefined
          ? await lockByOid(transaction, oid, 'AccessShareLock')
          : await lockRelation(session, transaction, statement.table, 'AccessShareLock');
      // Without a name every table was there a moment ago; one dropped since is none to analyze.
      if (locked === undefined) continue;
      const table = asTable(locked);
      if (!isOwner(session.user, table) && !hasSystemPrivilege(transaction.catalog(), session.user, 'ANALYZE')) {
        context.notice(warning(`skipping "${table.name}" --- only table or database owner can analyze it`));
        continue;
      }
      const attnums = statement.columns.map((name) => {
        const column = columnByName(table, name);
        if (column === undefined) throw undefinedTargetColumn(name, table.name);
        return column.attnum;
      });
      const startMicros = services.clock.nowMicros();
      const modifiedRows = table.statistics?.modifiedRows ?? 0;
      const skip = belowThreshold(context, table);
      if (skip) skipped++;
      else measured++;
      const statistics = skip
        ? table.statistics!
        : await analyzeTable(context, table, attnums.length === 0 ? undefined : new Set(attnums));
      if (statement.verbose) {
        const what = `${attnums.length === 0 ? liveColumns(table).length : attnums.length} columns`;
        context.notice(
          info(
            `"${table.name}": ${skip ? 'skipped, too few rows changed' : `${statistics.rowCount} rows, ${what} measured`}`,
          ),
        );
      }
      services.history.add('analyzes', {
        userid: session.user.oid,
        xid: transaction.xid,
        database: session.database,
        tableId: table.oid,
        status: skip ? 'Skipped' : 'Full',
        rows: statistics.rowCount,
        modifiedRows,
        startMicros,
        endMicros: services.clock.nowMicros(),
        ...analyzed(context, table),
      });
    }
    return { tag: measured === 0 && skipped > 0 ? 'ANALYZE SKIP' : 'ANALYZE' };
  },
});
