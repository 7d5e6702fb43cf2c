/**
 * VACUUM: every slice rewrites the groups it must, beside readers; the changes are committed like any write.
 * Each table has a transaction of its own, so that locks are short and one table's failure leaves the others
 * done. Runs outside transaction blocks only.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { lockByOid, lockRelation } from '../catalog/lock-by-name.ts';
import { asTable, requireRelation } from '../catalog/names.ts';
import type { TableObject } from '../catalog/objects.ts';
import { isOwner } from '../catalog/privileges.ts';
import { recorded, warning } from './recorded-command.ts';
import type { Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';
import type { TableTotals } from '../../slices/storage.ts';

type Vacuum = Extract<Statement, { kind: 'vacuum' }>;

const DEFAULT_THRESHOLD_PERCENT = 95;
const STATUS_SUFFIX: Readonly<Record<Vacuum['mode'], string>> = {
  full: '',
  'sort only': ' Sort Only',
  'delete only': ' Delete Only',
  reindex: ' Reindex',
  recluster: ' Recluster',
};

function tablesOf(context: CommandContext, statement: Vacuum): readonly TableObject[] {
  const catalog = context.transaction.catalog();
  if (statement.table !== undefined) {
    return [asTable(requireRelation(catalog, context.session.searchPath(), statement.table))];
  }
  return catalog
    .relations()
    .filter((r): r is TableObject => r.kind === 'table' && !r.temporary)
    .sort((a, b) => a.oid - b.oid);
}

function checkForm(statement: Vacuum, table: TableObject): void {
  if (table.temporary) throw featureNotSupported('VACUUM is not supported for temporary tables');
  if (statement.mode === 'reindex' && table.sortkeyStyle !== 'interleaved') {
    throw featureNotSupported(`VACUUM REINDEX: table "${table.name}" has no interleaved sort key`);
  }
  if (
    statement.mode === 'recluster' &&
    (table.sortkeyStyle === 'interleaved' || table.effectiveDiststyle === 'all')
  ) {
    throw featureNotSupported('VACUUM RECLUSTER is not supported for interleaved sort keys and DISTSTYLE ALL');
  }
}

/** Others' tables are passed over with a warning. */
function mayVacuum(context: CommandContext, table: TableObject): boolean {
  if (isOwner(context.session.user, table)) return true;
  context.notice(warning(`skipping "${table.name}" --- only table or database owner can vacuum it`));
  return false;
}

async function vacuumTable(context: CommandContext, statement: Vacuum, oid: number): Promise<void> {
  const { services, session } = context;
  const transaction = services.transactions.begin(context.transaction.database, session.pid, {
    readOnly: false,
    signal: () => session.cancelSignal,
  });
  try {
    const relation =
      statement.table === undefined
        ? await lockByOid(transaction, oid, 'ShareRowExclusiveLock')
        : await lockRelation(session, transaction, statement.table, 'ShareRowExclusiveLock');
    // Without a name every table was there a moment ago; one dropped since is none to vacuum.
    if (relation === undefined) return;
    const table = asTable(relation);
    if (!mayVacuum(context, table)) return;
    if (statement.table !== undefined) checkForm(statement, table);
    const xid = transaction.requireXid();
    const options = {
      xid,
      oldestXmin: services.transactions.oldestXmin(),
      mode: statement.mode,
      threshold: statement.threshold ?? DEFAULT_THRESHOLD_PERCENT,
    };
    const startMicros = services.clock.nowMicros();
    const reports = await services.slices.vacuum(services.storageTable(table), options, session.cancelSignal);
    transaction.addSliceChanges(reports.map((r) => r.change));
    // Every node has its copy of an ALL table: rows are those of one, as in SVV_TABLE_INFO, and blocks those of all.
    const copies = table.effectiveDiststyle === 'all' ? services.topology.nodes : 1;
    const add = (status: string, slices: readonly TableTotals[], timeMicros: bigint): void =>
      services.history.add('vacuums', {
        userid: session.user.oid,
        xid,
        tableId: table.oid,
        status,
        rows: slices.reduce((sum, t) => sum + t.rows, 0) / copies,
        sortedRows: slices.reduce((sum, t) => sum + t.sortedRows, 0) / copies,
        blocks: slices.reduce((sum, t) => sum + t.blocks, 0),
        timeMicros,
      });
    add(
      `Started${STATUS_SUFFIX[statement.mode]}`,
      reports.map((r) => r.before),
      startMicros,
    );
    await transaction.commit();
    add(
      'Finished',
      reports.map((r) => r.after),
      services.clock.nowMicros(),
    );
  } finally {
    if (transaction.state === 'open') await transaction.rollback();
  }
}

export default recorded('utility', {
  kind: 'vacuum',
  doc: 'VACUUM',
  outsideTransaction: () => 'VACUUM',
  async run(context, statement: Vacuum) {
    for (const table of tablesOf(context, statement)) {
      if (!mayVacuum(context, table)) continue;
      if (statement.table !== undefined) checkForm(statement, table);
      await vacuumTable(context, statement, table.oid);
    }
    // Blocks that no snapshot needs any more are gone when the client hears of it.
    await context.services.slices.reclaim();
    return { tag: 'VACUUM' };
  },
});
