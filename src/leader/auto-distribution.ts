/**
 * DISTSTYLE AUTO in the background: a table that starts as a copy on every node moves to its key or spreads evenly once it
 * holds more than AUTO_ALL_ROWS_MAX rows. Asked after every commit and at start; one table moves at a time.
 *
 *   due --copy under a snapshot, beside readers and writers--> filled --brief exclusive lock, nothing changed--> moved
 *        \--- anyone holds a lock or an older snapshot, or the table changed: rolled back, tried again later ---/
 *
 * It waits for no lock, so nobody waits for a move but for its commit; and who begins meanwhile sees the moved rows. *
 * After BESIDE_WRITERS_TRIES moves that writers foiled, the copy holds them up (never readers). All of a move is one
 * transaction: a crash leaves the table as it was, and the next start finds it due again. Logged in SVL_AUTO_WORKER_ACTION.
 */
import type { Clock } from '../common/clock.ts';
import type { TableId, Xid } from '../common/ids.ts';
import { AUTO_ALL_ROWS_MAX } from '../common/limits.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { classIn, databaseOids } from './catalog/state.ts';
import { RDSDB_OID } from './catalog/bootstrap.ts';
import { copyTable, takePlace } from './ddl/rebuild-table.ts';
import type { TableObject } from './catalog/objects.ts';
import { lockKeyOf } from './catalog/lock-by-name.ts';
import { grownDistribution } from './catalog/table-attributes.ts';
import type { History } from './history/types.ts';
import type { DdlContext, DdlServices } from './ddl/context.ts';
import { SettingsStore } from './session/settings-store.ts';
import type { Session } from './session/types.ts';
import type { LeaderTransaction } from './transaction/transaction.ts';
import type { LeaderTransactionManager } from './transaction/transaction-manager.ts';
import type { Transaction } from './transaction/types.ts';

/** From a commit to the look at what it left, so that the load of several statements counts as one. */
const SETTLE_MS = 100;
const RETRY_MS = 500;
const BESIDE_WRITERS_TRIES = 3;
/** Process id of the worker: below those of sessions. */
const WORKER_PID = 1_073_741_000;

export interface AutoDistributionDeps {
  readonly services: DdlServices & { rowCountOf(table: TableId): number };
  readonly transactions: LeaderTransactionManager;
  readonly clock: Clock;
  readonly history: History;
  /** Rows above which a table moves; AUTO_ALL_ROWS_MAX unless a test says otherwise. */
  readonly rowsMax?: number | undefined;
  onBug(error: unknown): void;
}

interface Found {
  readonly database: number;
  readonly table: TableObject;
}

export class AutoDistribution {
  /** Tables that are due, with the moves that failed. */
  private readonly waiting = new Map<TableId, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private passing: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly deps: AutoDistributionDeps) {}

  /** Looks at these tables soon. */
  note(tables: Iterable<TableId>): void {
    for (const oid of tables) if (!this.waiting.has(oid) && this.due(oid) !== undefined) this.waiting.set(oid, 0);
    this.schedule(SETTLE_MS);
  }
  /** Looks at every table: after a start. */
  noteAll(): void {
    const { committed } = this.deps.transactions;
    for (const database of databaseOids(committed))
      this.note(classIn(committed, 'relation', database).objects.keys());
  }
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.passing;
  }

  private schedule(delay: number): void {
    if (this.waiting.size === 0 || this.timer !== undefined || this.passing || this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.passing = this.pass().finally(() => {
        this.passing = undefined;
        this.schedule(RETRY_MS);
      });
    }, delay);
    this.timer.unref();
  }

  private due(oid: TableId): Found | undefined {
    const { committed } = this.deps.transactions;
    for (const database of databaseOids(committed)) {
      const table = classIn(committed, 'relation', database).objects.get(oid);
      if (table?.kind !== 'table') continue;
      const small = this.deps.services.rowCountOf(oid) <= (this.deps.rowsMax ?? AUTO_ALL_ROWS_MAX);
      const automatic = table.diststyle === 'auto' && table.effectiveDiststyle === 'all';
      // A temporary table goes with its session; a materialized view's storage is made anew by its refresh.
      const own = !table.temporary && table.materializedViewOid === undefined;
      return automatic && own && !small ? { database, table } : undefined;
    }
    return undefined;
  }

  private async pass(): Promise<void> {
    for (const [oid, tries] of [...this.waiting]) {
      if (this.stopping.signal.aborted) return;
      const found = this.due(oid);
      if (found === undefined) {
        this.waiting.delete(oid);
        continue;
      }
      try {
        if (await this.move(found, tries >= BESIDE_WRITERS_TRIES)) this.waiting.delete(oid);
        else this.waiting.set(oid, tries + 1);
      } catch (error) {
        this.waiting.set(oid, tries + 1);
        if (this.stopping.signal.aborted) return;
        this.log(oid, `Abort: ${error instanceof Error ? error.message : String(error)}`);
        if (!(error instanceof SqlError)) {
          // A bug is reported once; the table stays as it is until something changes it again.
          this.waiting.delete(oid);
          this.deps.onBug(error);
        }
      }
    }
  }

  /** True when the table has moved; false when somebody was in the way. */
  private async move({ database, table }: Found, holdWriters: boolean): Promise<boolean> {
    const { transactions, services } = this.deps;
    const { signal } = this.stopping;
    const beside = transactions.modesBeside(undefined, table.oid);
    // A reader would wait for some, writers hold up who holds them up.
    if (holdWriters ? beside.length > 0 : beside.includes('AccessExclusiveLock')) return false;
    const options = { readOnly: false, signal: () => signal, isolation: 'snapshot' } as const;
    const transaction = transactions.begin(database, WORKER_PID, options);
    try {
      const session = this.session(database, transaction);
      const context: DdlContext = { services, session, transaction, text: '', notice: () => undefined };
      const mode = holdWriters ? 'ShareRowExclusiveLock' : 'AccessShareLock';
      await transaction.lock(table.oid, mode);
      transaction.snapshot();
      const old = transaction.catalog().relationByOid(table.oid);
      if (old?.kind !== 'table') return false;
      const xid = transaction.identify();
      this.log(old.oid, 'Start', xid);
      const next = await copyTable(context, old, { ...old, ...grownDistribution(old) });
      if (!(await this.seize(transaction, old))) return this.refused(old.oid, xid);
      await takePlace(context, old, next);
      await transaction.commit();
      this.log(next.oid, 'Complete: 100%', xid);
      return true;
    } finally {
      if (transaction.state === 'open') await transaction.rollback();
    }
  }

  private refused(oid: TableId, xid: Xid): false {
    this.log(oid, 'Abort: the table is in use', xid);
    return false;
  }

  /**
   * All that changes its place for the transaction alone, at once. False when somebody holds or awaits any of it, when the
   * table is not what was copied any more, and when a snapshot is open that would not see the moved ones.
   */
  private async seize(transaction: LeaderTransaction, old: TableObject): Promise<boolean> {
    const { transactions } = this.deps;
    const dependents = transaction.catalog().dependents({ class: 'relation', oid: old.oid });
    const keys = [old.oid, ...dependents.map((d) => lockKeyOf(transaction.database, d))];
    if (keys.some((key) => transactions.modesBeside(transaction, key).length > 0)) return false;
    await Promise.all(keys.map((key) => transaction.lock(key, 'AccessExclusiveLock')));
    // Whoever changes privileges or the comment shares the table with readers.
    if (transaction.catalog().relationByOid(old.oid) !== old) return false;
    if (transactions.hasSnapshotBeside(transaction)) return false;
    if (transactions.lastChangeLsn(old.oid) > (transaction.snapshotLsn ?? 0)) return false;
    transaction.announceMove();
    return true;
  }

  private log(tableId: TableId, status: string, xid?: Xid): void {
    const timeMicros = this.deps.clock.nowMicros();
    this.deps.history.add('autoActions', {
      tableId,
      type: 'distkey',
      status,
      timeMicros,
      previousState: 'diststyle all',
      pid: WORKER_PID,
      ...(xid === undefined ? {} : { xid }),
    });
  }

  /** The superuser of the system, without a client. */
  private session(database: number, transaction: Transaction): Session {
    const { committed } = this.deps.transactions;
    const settings = new SettingsStore();
    return {
      pid: WORKER_PID,
      user: classIn(committed, 'user').objects.get(RDSDB_OID)!,
      database: classIn(committed, 'database').objects.get(database)!.name,
      remoteHost: '',
      remotePort: 0,
      startedAtMicros: transaction.startedAtMicros,
      startupParameters: new Map(),
      setting: (name) => settings.get(name),
      setSetting: (name, value, local) => settings.set(name, [value], local),
      searchPath: () => [],
      temporarySchema: 'pg_temp_0',
      transaction,
      inTransactionBlock: true,
      activity: undefined,
      cursors: new Map(),
      last: { copyCount: 0, copyId: 0, queryId: 0, finishedId: -1, unloadCount: 0, unloadId: 0 },
      cancelSignal: this.stopping.signal,
      isBackground: true,
      nextRandomSeed: () => settings.nextRandomSeed(),
    };
  }
}
