/**
 * Materialized views with AUTO REFRESH in the background: every VIEW_REFRESH_POLL_MS those whose tables changed since their
 * last refresh are refreshed in a session of their owner, one after the other, as REFRESH MATERIALIZED VIEW would. A view
 * that fails waits for the next change.
 */
import { SqlError } from '../common/errors/sql-error.ts';
import { VIEW_REFRESH_POLL_MS } from '../common/limits.ts';
import { SILENT_SINK, type SqlService } from '../common/sql-service.ts';
import { quoteQualified } from './catalog/names.ts';
import { classIn, databaseOids } from './catalog/state.ts';
import { CatalogView } from './catalog/view.ts';
import { baseTables, isStale } from './catalog/materialized-views.ts';
import type { LeaderTransactionManager } from './transaction/transaction-manager.ts';

export interface ViewRefreshDeps {
  readonly service: Pick<SqlService, 'connect'>;
  readonly transactions: LeaderTransactionManager;
  onBug(error: unknown): void;
}
interface Due {
  readonly database: string;
  readonly owner: string;
  readonly name: string;
  readonly oid: number;
  /** Newest change of its tables. */
  readonly changedLsn: number;
}

export class ViewRefreshWorker {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private working: Promise<void> | undefined;
  private stopped = false;
  private end: (() => Promise<void>) | undefined;
  /** The change at which a view could not be refreshed. */
  private readonly failed = new Map<number, number>();

  constructor(private readonly deps: ViewRefreshDeps) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.working = this.look()
        .catch((error: unknown) => this.deps.onBug(error))
        .finally(() => {
          this.working = undefined;
          this.start();
        });
    }, VIEW_REFRESH_POLL_MS);
    this.timer.unref();
  }
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.end?.();
    await this.working;
  }

  private due(): readonly Due[] {
    const { transactions } = this.deps;
    const { committed } = transactions;
    const lastChange = (oid: number): number => transactions.lastChangeLsn(oid);
    return databaseOids(committed).flatMap((database) => {
      const relations = classIn(committed, 'relation', database).objects.values();
      const automatic = [...relations].filter((r) => r.kind === 'materialized view').filter((v) => v.autoRefresh);
      if (automatic.length === 0) return [];
      const catalog = new CatalogView(committed, database);
      return automatic.flatMap((view): Due[] => {
        const changedLsn = Math.max(0, ...baseTables(catalog, view).map(lastChange));
        const owner = catalog.userByOid(view.ownerOid)?.name;
        if (owner === undefined || this.failed.get(view.oid) === changedLsn) return [];
        if (!isStale(catalog, view, lastChange)) return [];
        const name = quoteQualified(catalog.schemaByOid(view.schemaOid)?.name ?? '', view.name);
        return [{ database: catalog.database.name, owner, name, oid: view.oid, changedLsn }];
      });
    });
  }

  private async look(): Promise<void> {
    for (const view of this.due()) {
      if (this.stopped) return;
      await this.refresh(view);
    }
  }
  private async refresh({ database, owner, name, oid, changedLsn }: Due): Promise<void> {
    const session = await this.deps.service.connect({
      user: owner,
      database,
      parameters: new Map([['application_name', 'automatic refresh']]),
      remoteHost: '',
      remotePort: 0,
      proof: 'server',
    });
    this.end = () => session.close();
    try {
      await session.simpleQuery(`refresh materialized view ${name}`, SILENT_SINK);
      this.failed.delete(oid);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.failed.set(oid, changedLsn);
    } finally {
      this.end = undefined;
      await session.close();
    }
  }
}
