/**
 * What the history keeps of transactions: how each one with an xid ended, the commits that wrote, and what these did to users
 * and to materialized views. Called by the transaction manager.
 */
import type { Clock } from '../../common/clock.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { CLUSTER, type CatalogChange } from '../catalog/changes.ts';
import type { MaterializedViewObject, ObjectReference, UserObject } from '../catalog/objects.ts';
import { classIn, type CatalogState } from '../catalog/state.ts';
import { changeOfBase } from '../catalog/view-query.ts';
import { CatalogView } from '../catalog/view.ts';
import type { UserChangeRecord } from '../history/events.ts';
import type { History } from '../history/types.ts';
import type { LeaderTransaction } from './transaction.ts';

/** A commit that wrote. */
export interface CommitWork {
  readonly startMicros: bigint;
  readonly slices: readonly SliceChange[];
}
const blocksOf = (slices: readonly SliceChange[]): number => slices.reduce((sum, s) => sum + s.blocksAdded, 0);

export class TransactionRecords {
  constructor(
    private readonly history: Pick<History, 'add'> | undefined,
    private readonly clock: Pick<Clock, 'nowMicros'>,
  ) {}

  /** `work`: what its commit wrote; undefined when that was nothing. */
  ended(transaction: LeaderTransaction, state: 'committed' | 'rolled back', work?: CommitWork): void {
    const { xid, isolation, userid, startedAtMicros: startMicros } = transaction;
    if (xid === 0) return;
    const endMicros = this.clock.nowMicros();
    const isCommitted = state === 'committed';
    this.history?.add('transactions', {
      userid,
      xid,
      isolation,
      isCommitted,
      startMicros,
      endMicros,
      commitStart: isCommitted ? Number(work?.startMicros ?? endMicros) : undefined,
      blocks: blocksOf(work?.slices ?? []),
    });
    if (work === undefined) return;
    const bytes = work.slices.reduce((sum, s) => sum + s.tail.length, 0);
    const { startMicros: began, slices } = work;
    this.history?.add('commits', { xid, node: -1, startMicros: began, endMicros, blocks: blocksOf(slices), bytes });
  }

  /** What the changes did to users and to materialized views. */
  changed(
    transaction: LeaderTransaction,
    before: CatalogState,
    after: CatalogState,
    changes: readonly CatalogChange[],
  ): void {
    const { history } = this;
    if (history === undefined) return;
    const timeMicros = this.clock.nowMicros();
    const { xid, pid, userid, database } = transaction;
    for (const user of changedUsers(before, changes)) history.add('userChanges', { ...user, pid, xid, timeMicros });
    const views = viewsOver(before, database, changes);
    if (views.size === 0) return;
    const [then, now] = [new CatalogView(before, database), new CatalogView(after, database)];
    for (const oid of views) {
      const view = now.relationByOid(oid) as MaterializedViewObject | undefined;
      const change = view === undefined ? undefined : changeOfBase(now, view);
      if (view === undefined || change === undefined || changeOfBase(then, view) !== undefined) continue;
      history.add('viewStates', {
        userid,
        xid,
        timeMicros,
        database: now.database.name,
        event: change.event,
        baseSchema: change.table?.schema ?? '',
        baseTable: change.table?.name ?? '',
        schema: now.schemaByOid(view.schemaOid)?.name ?? '',
        name: view.name,
      });
    }
  }
}

type ChangedUser = Omit<UserChangeRecord, 'pid' | 'xid' | 'timeMicros'>;
/** One for each user, however often it was changed. */
function changedUsers(before: CatalogState, changes: readonly CatalogChange[]): readonly ChangedUser[] {
  const users = classIn(before, 'user').objects;
  const last = new Map<number, UserObject | undefined>();
  for (const c of changes) {
    if (c.kind === 'put-object' && c.object.kind === 'user') last.set(c.object.oid, c.object);
    if (c.kind === 'drop-object' && c.class === 'user') last.set(c.oid, undefined);
  }
  return [...last].flatMap(([userid, now]) => {
    const then = users.get(userid);
    const shown = now ?? then;
    if (shown === undefined) return [];
    const renamed = then !== undefined && now !== undefined && then.name !== now.name;
    const { name, createdb, superuser, validUntilMicros } = shown;
    const action = now === undefined ? 'drop' : then === undefined ? 'create' : renamed ? 'rename' : 'alter';
    const validUntil = validUntilMicros === undefined ? undefined : Number(validUntilMicros);
    return [{ userid, name, oldName: renamed ? then.name : '', action, createdb, superuser, validUntil }];
  });
}

/** Materialized views that read what was changed, or are in a schema that was. */
function viewsOver(before: CatalogState, database: number, changes: readonly CatalogChange[]): ReadonlySet<number> {
  const found = new Set<number>();
  const relations = classIn(before, 'relation', database);
  const note = (oid: number): void => {
    if (relations.objects.get(oid)?.kind === 'materialized view') found.add(oid);
  };
  const over = ({ class: of, oid }: ObjectReference): void => {
    for (const d of classIn(before, of, database).dependents.get(oid) ?? []) if (d.class === 'relation') note(d.oid);
  };
  for (const c of changes) {
    if (c.database === CLUSTER || c.kind !== 'put-object') continue;
    if (c.object.kind === 'table') over({ class: 'relation', oid: c.object.oid });
    if (c.object.kind !== 'schema') continue;
    for (const r of relations.objects.values()) {
      if (r.schemaOid !== c.object.oid) continue;
      note(r.oid);
      over({ class: 'relation', oid: r.oid });
    }
  }
  return found;
}
