/** What system views ask of the running leader: they look and change nothing. */
import type { Clock } from '../../common/clock.ts';
import type { NodeId, SliceId } from '../../common/ids.ts';
import type { QueryProgress } from '../../execution/messages.ts';
import type { BlockInfo, TableStorageInfo, VacuumProgress } from '../../slices/storage.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { ViewObject } from '../catalog/objects.ts';
import type { RunningTransfers } from '../history/running-transfers.ts';
import type { History } from '../history/types.ts';
import type { Topology } from '../scheduler/cluster.ts';
import type { RunningQuery } from '../scheduler/scheduler.ts';
import type { WlmQueries } from '../scheduler/wlm.ts';
import type { Session } from '../session/types.ts';
import type { Transaction, TransactionManager } from '../transaction/types.ts';

/** What slices tell of themselves. All of it waits for a node that is being started anew. */
export interface SliceReports {
  blocks(signal: AbortSignal): Promise<readonly { readonly slice: SliceId; readonly blocks: readonly BlockInfo[] }[]>;
  /** What queries and VACUUMs that run on the slices have counted so far. */
  progress(signal: AbortSignal): Promise<
    readonly {
      readonly slice: SliceId;
      readonly queries: readonly QueryProgress[];
      readonly vacuums: readonly VacuumProgress[];
    }[]
  >;
  tables(
    signal: AbortSignal,
  ): Promise<readonly { readonly slice: SliceId; readonly tables: readonly TableStorageInfo[] }[]>;
}

/** A compute node's life. */
export interface NodeInfo {
  readonly node: NodeId;
  readonly state: 'up' | 'recovering' | 'lost';
  readonly sinceMicros: bigint;
  readonly starts: number;
  readonly downMs: number;
  readonly cause: string;
}

/** What is known of a job of COPY that no transaction has kept. */
export interface CopyJobState {
  readonly pending: readonly {
    readonly key: string;
    readonly size: number;
    readonly etag?: string | undefined;
    readonly modifiedMs: number;
    readonly seenMicros: bigint;
  }[];
  readonly problem?: { readonly message: string; readonly timeMicros: bigint } | undefined;
}

export interface SystemServices {
  readonly clock: Pick<Clock, 'nowMicros'>;
  readonly topology: Topology;
  /** Identifier of this warehouse. */
  readonly namespace: string;
  readonly transactions: Pick<TransactionManager, 'locks' | 'running' | 'lastChangeLsn'>;
  readonly slices: SliceReports;
  readonly nodes: { list(): readonly NodeInfo[] };
  /** Makes it when there is none yet. */
  clusterPublicKey(): Promise<string>;
  readonly history: Pick<History, 'read' | 'newest' | 'runSteps'>;
  readonly wlm: WlmQueries;
  /** Where the data lie. */
  readonly storage: { readonly place: string; capacityBytes(): number };
  /** Room for results whose clients do not take them, bytes. */
  readonly resultRoom: { readonly usedBytes: number; readonly mostBytes: number };
  /** By the oid of a job of COPY: files that wait, and why it does not run. */
  readonly copyJobs: { readonly states: ReadonlyMap<number, CopyJobState> };
  /** Columns of a late-binding view as its query gives them now. */
  lateColumns(
    session: Session,
    transaction: Transaction,
    view: ViewObject,
  ): readonly { readonly name: string; readonly type: SqlType }[];
  sessions(): readonly Session[];
  /** Queries being executed, with the steps that participants still work on. */
  runningQueries(): readonly RunningQuery[];
  /** COPYs and UNLOADs that run now. */
  readonly transfers: Pick<RunningTransfers, 'list'>;
}
