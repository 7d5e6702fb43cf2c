/**
 * VACUUM: every slice rewrites the groups it must, beside readers; the changes are committed like any write.
 * Each table has a transaction of its own, so that locks are short and one table's failure leaves the others
 * done. Runs outside transaction blocks only.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { lockByOid, lockRelation } from '../catalog/lock-by-name.ts';
import { asTable, requireRelation, schemaNameOf } from '../catalog/names.ts';
import type { TableObject } from '../catalog/objects.ts';
import { isOwner } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { recorded, warning } from './recorded-command.ts';
import type { Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';
import type { VacuumRunRecord } from '../history/types.ts';
import type { Transaction } from '../transaction/types.ts';
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
  const { user } = context.session;
  if (isOwner(user, table) || hasSystemPrivilege(context.transaction.catalog(), user, 'VACUUM')) return true;
  context.notice(warning(`skipping "${table.name}" --- only table or database owner can vacuum it`));
  return false;
}

async function vacuumTable(context: CommandContext, statement: Vacuum, oid: number): Promise<void> {
  const { services, session } = context;
  const transaction = services.transactions.begin(context.transaction.database, session.pid, {
    userid: session.user.oid,
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
    await rewriteTable(context, transaction, statement, table);
  } finally {
    if (transaction.state === 'open') await transaction.rollback();
  }
}

/** Has the slices do it and commits; the history learns of it whatever becomes of it. */
async function rewriteTable(
  { services, session }: CommandContext,
  transaction: Transaction,
  { mode, threshold = DEFAULT_THRESHOLD_PERCENT }: Vacuum,
  table: TableObject,
): Promise<void> {
  const { history, clock, slices, topology, transactions } = services;
  const startMicros = clock.nowMicros();
  const xid = transaction.requireXid();
  const options = { xid, oldestXmin: transactions.oldestXmin(), mode, threshold };
  const whose = { userid: session.user.oid, xid, tableId: table.oid };
  const step = (status: string, { rows, sortedRows, blocks, deletedRows }: TableTotals, timeMicros: bigint): void => {
    const reclaimableBlocks = rows === 0 ? 0 : Math.floor((blocks * deletedRows) / rows);
    const reclaimable = { reclaimableRows: deletedRows, reclaimableBlocks, cutoffXid: options.oldestXmin };
    const isRecluster = mode === 'recluster';
    history.add('vacuums', { ...whose, status, rows, sortedRows, blocks, timeMicros, ...reclaimable, isRecluster });
  };
  const run = (status: VacuumRunRecord['status'], before?: TableTotals, after?: TableTotals): void =>
    history.add('vacuumRuns', {
      ...whose,
      database: session.database,
      schema: schemaNameOf(transaction.catalog(), table),
      tableName: table.name,
      mode,
      status,
      startMicros,
      endMicros: clock.nowMicros(),
      before,
      after,
    });
  let before: TableTotals | undefined;
  try {
    const reports = await slices.vacuum(services.storageTable(table), options, session.cancelSignal);
    transaction.addSliceChanges(reports.map((r) => r.change));
    // Every node has its copy of an ALL table: rows are those of one, as in SVV_TABLE_INFO, and blocks those of all.
    const copies = table.effectiveDiststyle === 'all' ? topology.nodes : 1;
    before = totalOf(
      reports.map((r) => r.before),
      copies,
    );
    const after = totalOf(
      reports.map((r) => r.after),
      copies,
    );
    step(`Started${STATUS_SUFFIX[mode]}`, before, startMicros);
    await transaction.commit();
    step('Finished', after, clock.nowMicros());
    run(reports.every((r) => r.groupsRewritten === 0) ? 'Skipped' : 'Complete', before, after);
  } catch (error) {
    run('Failed', before);
    throw error;
  }
}

function totalOf(slices: readonly TableTotals[], copies: number): TableTotals {
  const sum = (count: (t: TableTotals) => number): number => slices.reduce((n, t) => n + count(t), 0);
  return {
    rows: sum((t) => t.rows) / copies,
    sortedRows: sum((t) => t.sortedRows) / copies,
    blocks: sum((t) => t.blocks),
    deletedRows: sum((t) => t.deletedRows) / copies,
  };
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
