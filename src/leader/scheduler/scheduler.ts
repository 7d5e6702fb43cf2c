/**
 * Runs one compiled plan: modules to the participants, exchange edges, start everywhere, result rows to the consumer,
 * then what every step counted and every slice changed. One failure cancels all participants; so does the client.
 */
import { systemClock } from '../../common/clock.ts';
import { queryCancelled } from '../../common/errors/catalogue.ts';
import { causeText, hostCode } from '../../common/errors/fault.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { Disk } from '../../common/disk.ts';
import type { FaultSwitch } from '../../common/fault-injection.ts';
import type { ForcedPaths } from '../../common/forced-paths.ts';
import type { QueryId, Xid } from '../../common/ids.ts';
import { inTurns } from '../../common/steps.ts';
import type { QueryRun } from '../../execution/query-run.ts';
import type { HostCall } from '../../execution/surroundings.ts';
import type {
  Fragment,
  LoadWork,
  QueryStart,
  RecursionStart,
  SessionValues,
  PartsWanted,
  StepCount,
  UnloadWork,
  IdentitySequence,
  QueryDone,
  QueryFailed,
} from '../../execution/messages.ts';
import { EdgePool } from '../../interconnect/ring.ts';
import { RoundTally } from '../../interconnect/round-tally.ts';
import type { SliceChange, Snapshot } from '../../slices/storage.ts';
import { listBytes, tableBytes, type SlotValue } from '../../steps/normalise.ts';
import type { EdgeCount, SeriesBounds } from '../../steps/host.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import type { CompiledPlan } from '../compiler/compile-plan.ts';
import type { RowsRequest } from '../compiler/leader-rows.ts';
import type { CodeCache, CompiledSegment, HeldModules } from '../compiler/code-cache.ts';
import { NO_SLICE, toError, type Cluster } from './cluster.ts';
import { insertConstants, type ConstantInsert } from './insert-constants.ts';
import { LeaderHost } from './leader-host.ts';
import { SegmentParts, type SegmentPart } from './segment-parts.ts';
import { SLOTS_TOTAL } from './wlm.ts';
import { ResultReader, type RowConsumer } from './result-reader.ts';

/** Node memory one query may take on one slice, as a share of the slice's region. */
export const QUERY_MEMORY_SHARE = 0.75;

export interface RunRequest {
  readonly query: QueryId;
  readonly compiled: CompiledPlan;
  readonly parameters: readonly SlotValue[];
  readonly snapshot: Snapshot;
  readonly xid: Xid;
  readonly statement: number;
  readonly session: SessionValues;
  /** max_recursion_rows. */
  readonly recursionRowsMax?: number;
  readonly series: readonly SeriesBounds[];
  readonly consumer: RowConsumer;
  readonly signal: AbortSignal;
  /** Rows of `rows` sources: an iterator per request number. */
  readonly rows: (rows: number) => AsyncIterator<readonly (readonly unknown[])[]>;
  readonly callHost: (call: HostCall, args: readonly unknown[]) => unknown;
  readonly loads?: (slice: number) => readonly LoadWork[];
  readonly unloads?: readonly UnloadWork[];
  /** Slots that it holds; a query of the leader alone holds none. */
  readonly slots: number;
  /** One row of the leader's own: it is run where it is asked for, without a turn of the event loop. */
  readonly atOnce?: true;
  readonly identity?: IdentitySequence;
}
export interface ParticipantResult {
  /** sliceCount is the leader. */
  readonly participant: number;
  readonly steps: readonly StepCount[];
}
export interface RunOutcome {
  readonly participants: readonly ParticipantResult[];
  readonly changes: readonly SliceChange[];
  readonly loads: readonly { readonly slice: number; readonly results: readonly unknown[] }[];
  readonly unloads: readonly { readonly slice: number; readonly results: readonly unknown[] }[];
  readonly segments: readonly CompiledSegment[];
  readonly rowsOut: number;
  readonly bytesOut: number;
  /** The edge that brought the slices' result, and what came over it from each. */
  readonly result: { readonly edge: number; readonly received: readonly EdgeCount[] } | undefined;
}

/** A query that has not ended: the participants that still work on their segments. */
export interface RunningQuery {
  readonly query: QueryId;
  readonly startMicros: bigint;
  readonly compute: readonly SegmentSpec[];
  readonly leader: readonly SegmentSpec[];
  /** Slices that have not finished their compute segments. */
  readonly slices: readonly number[];
  readonly isLeaderWorking: boolean;
  /** What the leader's segments have counted so far. */
  readonly leaderCounts: readonly StepCount[];
  /** Of the participants that have finished. */
  readonly finished: readonly ParticipantResult[];
}

interface Running {
  readonly request: RunRequest;
  readonly startMicros: bigint;
  readonly onSlices: boolean;
  readonly feeds: Map<number, RowsFeed>;
  readonly parts: SegmentParts;
  output: { busy: boolean; last?: Promise<void> };
  outcome: {
    participants: ParticipantResult[];
    changes: SliceChange[];
    loads: { slice: number; results: readonly unknown[] }[];
    unloads: { slice: number; results: readonly unknown[] }[];
  };
  leaderRows: number;
  leaderBytes: number;
  fail(error: unknown): void;
  arrived(participant: number): void;
}
/** Batches of an async iterator, asked for one ahead. */
interface RowsFeed {
  state: 'idle' | 'asking' | 'have' | 'end';
  batch: readonly (readonly unknown[])[] | undefined;
  readonly iterator: AsyncIterator<readonly (readonly unknown[])[]>;
}

/** What is computed from nothing has one row to be computed for. */
const isOneEmptyRow = (request: RowsRequest | undefined): boolean =>
  request?.kind === 'values' && request.exprs.length === 1 && request.exprs[0]!.length === 0;
const ENDED_FEED: RowsFeed = {
  state: 'end',
  batch: undefined,
  iterator: { next: () => Promise.resolve({ done: true, value: undefined }) },
};

/** Made once: an abort without a reason makes an error with a stack. */
const ENDED = new DOMException('The query has ended', 'AbortError');

export class Scheduler {
  private readonly host: LeaderHost;
  private readonly running = new Map<QueryId, Running>();
  private readonly edges = new EdgePool();
  /** Queries that began so far. */
  private started = 0;

  constructor(
    readonly cluster: Cluster,
    private readonly cache: CodeCache,
    kernels: WebAssembly.Module,
    private readonly regionBytes: number,
    options: {
      readonly temp: Disk;
      readonly testing: Partial<Pick<ForcedPaths, 'spillRows' | 'inlineBytesMax'>>;
      readonly faults?: FaultSwitch | undefined;
    },
  ) {
    const { sliceCount, slicesPerNode } = cluster.topology;
    const { faults } = options;
    this.host = new LeaderHost(
      cluster.doorbells,
      cluster.health,
      sliceCount,
      slicesPerNode,
      kernels,
      {
        callHost: (call, args, run) => this.running.get(run.start.query)?.request.callHost(call, args),
        nextRows: (rows, run) => this.nextRows(rows, run),
        takeOutput: (run, bytes, rows) => this.takeOutput(run, bytes, rows),
        spillRows: options.testing.spillRows,
        inlineBytesMax: options.testing.inlineBytesMax,
        wantParts: ({ start: { query } }, segment, joins) =>
          this.giveParts(query, segment, joins, (parts, fragments) => {
            const { executor } = this.host;
            for (const { compiled } of parts) executor.addModule(compiled.code.moduleId, compiled.code.module);
            executor.takeParts(query, segment, fragments);
            this.host.wake();
          }),
        passPoint: faults && ((kinds) => faults.pass(sliceCount, kinds)),
      },
      {
        done: (run, outcome) => {
          const r = this.running.get(run.start.query);
          r?.outcome.participants.push({ participant: sliceCount, steps: outcome.steps });
          r?.arrived(sliceCount);
        },
        failed: (_run, query, error) => this.running.get(query)?.fail(error),
        fault: (error) => cluster.leaderFault(causeText(error)),
      },
      options.temp,
    );
    cluster.onOutage((error) => {
      for (const entry of this.running.values()) entry.fail(error);
    });
    cache.onDrop = (moduleId) => {
      cluster.dropModule(moduleId);
      this.host.executor.dropModule(moduleId);
    };
  }
  close(): void {
    this.host.close();
  }

  /** What runs now, oldest first. */
  runningQueries(): readonly RunningQuery[] {
    const { sliceCount } = this.cluster.topology;
    return [...this.running.values()].map(({ request, startMicros, outcome }) => {
      const done = new Set(outcome.participants.map((p) => p.participant));
      const specs = (locus: 'compute' | 'leader') => request.compiled.segments.filter((s) => s.locus === locus);
      return {
        query: request.query,
        startMicros,
        compute: specs('compute'),
        leader: specs('leader'),
        slices: Array.from({ length: sliceCount }, (_, slice) => slice).filter((slice) => !done.has(slice)),
        isLeaderWorking: !done.has(sliceCount),
        leaderCounts: this.host.executor.run(request.query)?.counts() ?? [],
        finished: outcome.participants,
      };
    });
  }

  /** Rows of constants go to the slices as they are. */
  insertConstants(request: ConstantInsert): Promise<RunOutcome> {
    return insertConstants(this.cluster, this.host.distributionHash, request);
  }

  async run(request: RunRequest): Promise<RunOutcome> {
    const held = this.cache.hold();
    const ended = new AbortController();
    try {
      return await this.runHolding(request, held, ended.signal);
    } finally {
      ended.abort(ENDED);
      held.release();
    }
  }
  private async runHolding(request: RunRequest, held: HeldModules, ended: AbortSignal): Promise<RunOutcome> {
    const { compiled, query, parameters } = request;
    const { cluster } = this;
    const { sliceCount } = cluster.topology;
    const segments = await inTurns(held.compiled(compiled.segments, parameters.length), request.signal);
    const onSlices = segments.some((s) => s.normal.spec.locus === 'compute');
    // A node that is being started anew: its commits are replayed before anybody reads.
    const serving = onSlices ? cluster.serving(request.signal) : undefined;
    if (serving !== undefined) await serving;
    const { downCount } = cluster;
    const edges = compiled.edges.map((spec) => {
      const take = (): SharedArrayBuffer =>
        this.edges.take(spec.from === 'leader' ? 1 : sliceCount, spec.to === 'leader' ? 1 : sliceCount);
      return { spec, buffer: take(), other: spec.recursion === undefined ? undefined : take() };
    });
    const recursions = compiled.recursions.map((spec): RecursionStart => ({
      spec,
      tally: RoundTally.create(),
      rowsMax: request.recursionRowsMax ?? Number.MAX_SAFE_INTEGER,
    }));
    const onLeader = segments.some((s) => s.normal.spec.locus === 'leader');
    const waitFor = (onSlices ? sliceCount : 0) + (onLeader ? 1 : 0) + (compiled.result.kind === 'slices' ? 1 : 0);
    let reader: ResultReader | undefined;
    const outcome: Running['outcome'] = { participants: [], changes: [], loads: [], unloads: [] };
    const entry: Running = {
      request,
      startMicros: systemClock.nowMicros(),
      onSlices,
      feeds: new Map(),
      parts: new SegmentParts(compiled.segments, parameters, held, ended),
      output: { busy: false },
      outcome,
      leaderRows: 0,
      leaderBytes: 0,
      fail: () => undefined,
      arrived: () => undefined,
    };
    const answered = new Answers(onSlices ? sliceCount : 0);
    const abort = (): void => entry.fail(request.signal.reason ?? queryCancelled(String(query)));
    try {
      await new Promise<void>((resolve, reject) => {
        let missing = waitFor;
        entry.fail = reject;
        entry.arrived = () => {
          if (--missing === 0) resolve();
        };
        if (request.signal.aborted) return abort();
        if (cluster.outage !== undefined) return reject(cluster.outage);
        request.signal.addEventListener('abort', abort);
        this.running.set(query, entry);
        if (onSlices) {
          cluster.listen(query, (m) => {
            if (m.kind === 'parts-wanted') return this.sendParts(m);
            answered.note(m.slice);
            this.heard(m, entry, reject);
          });
        }
        const order = ++this.started;
        const fragments = (locus: 'compute' | 'leader'): Fragment[] =>
          segments.filter((s) => s.normal.spec.locus === locus).map((s) => toFragment(s, parameters));
        if (compiled.result.kind === 'slices') reader = this.openReader(request, entry, edges, compiled.result);
        if (onSlices) {
          const ours = fragments('compute');
          for (let slice = 0; slice < sliceCount; slice++) {
            for (const { normal, code } of segments) {
              if (normal.spec.locus === 'compute') cluster.giveModule(slice, code.moduleId, code.module);
            }
            cluster.send(slice, {
              kind: 'start',
              start: this.start(request, ours, { edges, recursions }, slice, order),
            });
          }
        }
        if (onLeader) {
          for (const { normal, code } of segments) {
            if (normal.spec.locus === 'leader') this.host.executor.addModule(code.moduleId, code.module);
          }
          this.host.executor.start(this.start(request, fragments('leader'), { edges, recursions }, -1, order));
          if (request.atOnce === true) this.host.executor.tickNow(query);
        }
        if (reader) this.host.add(reader);
        this.host.wake();
        if (waitFor === 0) resolve();
      });
      // The last rows may still be with a consumer that takes them in portions.
      await entry.output.last;
      // Work of a node that went down behind its answer is gone.
      if (outcome.changes.length > 0 && cluster.downCount !== downCount) throw cluster.lastDownError;
    } catch (error) {
      this.cancelEverywhere(query, onSlices);
      for (const edge of buffersOf(edges)) this.edges.lose(edge);
      if (request.loads === undefined || !(error instanceof SqlError)) throw error;
      // What the other slices refused before they heard of it is told too.
      if (this.running.has(query)) await answered.all;
      throw Object.assign(error, { loads: outcome.loads });
    } finally {
      request.signal.removeEventListener('abort', abort);
      this.running.delete(query);
      cluster.unlisten(query);
      if (reader) this.host.remove(reader);
      this.host.executor.cancel(query);
    }
    // Every participant is done, and closed its ends before it said so.
    for (const edge of buffersOf(edges)) this.edges.give(edge);
    return {
      ...outcome,
      segments,
      rowsOut: reader?.rowsOut ?? entry.leaderRows,
      bytesOut: reader?.bytesOut ?? entry.leaderBytes,
      result:
        reader && compiled.result.kind === 'slices'
          ? { edge: compiled.result.edge, received: reader.received }
          : undefined,
    };
  }
  private heard(m: QueryDone | QueryFailed, entry: Running, reject: (error: unknown) => void): void {
    const { outcome } = entry;
    if (m.loads.length > 0) outcome.loads.push({ slice: m.slice, results: m.loads });
    if (m.kind === 'query-failed') return reject(toError(m.error));
    outcome.participants.push({ participant: m.slice, steps: m.steps });
    outcome.changes.push(...m.changes);
    if (m.unloads.length > 0) outcome.unloads.push({ slice: m.slice, results: m.unloads });
    entry.arrived(m.slice);
  }
  /** Nothing is given when the query has ended meanwhile: its modules are not held any more. */
  private giveParts(
    query: QueryId,
    segment: number,
    joins: readonly number[],
    give: (parts: readonly SegmentPart[], fragments: readonly Fragment[]) => void,
  ): void {
    const entry = this.running.get(query);
    entry?.parts.of(segment, joins).then(
      (parts) => {
        if (this.running.get(query) !== entry) return;
        const { parameters } = entry.request;
        const fragments = parts.map(({ compiled, part }) => ({ ...toFragment(compiled, parameters), part }));
        give(parts, fragments);
      },
      (error: unknown) => entry.fail(error),
    );
  }
  private sendParts({ query, slice, segment, joins }: PartsWanted): void {
    this.giveParts(query, segment, joins, (parts, fragments) => {
      for (const { compiled } of parts) this.cluster.giveModule(slice, compiled.code.moduleId, compiled.code.module);
      this.cluster.send(slice, { kind: 'parts', query, segment, fragments });
    });
  }
  private cancelEverywhere(query: QueryId, onSlices: boolean): void {
    if (!onSlices) return;
    for (let slice = 0; slice < this.cluster.topology.sliceCount; slice++)
      this.cluster.send(slice, { kind: 'cancel', query });
  }
  private start(
    request: RunRequest,
    fragments: readonly Fragment[],
    { edges, recursions }: Pick<QueryStart, 'edges' | 'recursions'>,
    slice: number,
    order: number,
  ): QueryStart {
    return {
      query: request.query,
      fragments,
      edges,
      recursions,
      parameters: request.parameters,
      snapshot: request.snapshot,
      xid: request.xid,
      statement: request.statement,
      session: request.session,
      series: request.series,
      memoryBytesMax: Math.floor(this.regionBytes * QUERY_MEMORY_SHARE),
      order,
      memoryShare: Math.max(1, request.slots) / SLOTS_TOTAL,
      loads: slice >= 0 ? (request.loads?.(slice) ?? []) : [],
      unloads: request.unloads ?? [],
      identity: request.identity,
    };
  }
  private openReader(
    request: RunRequest,
    entry: Running,
    edges: QueryStart['edges'],
    result: Extract<CompiledPlan['result'], { kind: 'slices' }>,
  ): ResultReader {
    const number = (e: typeof result.limit): number | undefined => {
      const inner = e?.kind === 'cast' ? e.arg : e;
      const v =
        inner?.kind === 'const'
          ? inner.value
          : inner?.kind === 'param'
            ? request.parameters[inner.index]?.value
            : undefined;
      return v === null || v === undefined ? undefined : Number(v);
    };
    return new ResultReader(
      edges.find((e) => e.spec.edge === result.edge)!.buffer,
      this.cluster.topology.sliceCount,
      this.cluster.doorbells,
      result.ordered,
      number(result.offset) ?? 0,
      number(result.limit) ?? Number.MAX_SAFE_INTEGER,
      request.consumer,
      () => this.isCut(entry),
      { done: () => entry.arrived(-1), failed: (e) => entry.fail(e), wake: () => this.host.wake() },
    );
  }
  /** A node that takes part is out of service: none of these rows may reach the client. */
  private isCut({ onSlices }: Running): boolean {
    const { health } = this.cluster;
    return onSlices ? health.anyCondemned : health.isCondemned(health.leader);
  }
  /** Rows for a leader segment: undefined while the iterator works. */
  private nextRows(rows: number, run: QueryRun): readonly (readonly unknown[])[] | undefined | null {
    const entry = this.running.get(run.start.query);
    if (!entry) return null;
    let feed = entry.feeds.get(rows);
    if (!feed && isOneEmptyRow(entry.request.compiled.rows[rows])) {
      entry.feeds.set(rows, ENDED_FEED);
      return [[]];
    }
    if (!feed) {
      feed = { state: 'idle', batch: undefined, iterator: entry.request.rows(rows) };
      entry.feeds.set(rows, feed);
    }
    const f = feed;
    if (f.state === 'end') return null;
    if (f.state === 'have') {
      const batch = f.batch!;
      f.state = 'idle';
      return batch;
    }
    if (f.state === 'idle') {
      f.state = 'asking';
      f.iterator.next().then(
        (r) => {
          f.state = r.done ? 'end' : 'have';
          f.batch = r.done ? undefined : r.value;
          this.host.wake();
        },
        (error: unknown) => entry.fail(error),
      );
    }
    return undefined;
  }
  private takeOutput(run: QueryRun, bytes: Uint8Array, rows: number): boolean {
    const entry = this.running.get(run.start.query);
    if (!entry) return true;
    if (entry.output.busy || this.isCut(entry)) return false;
    entry.leaderRows += rows;
    entry.leaderBytes += bytes.length;
    const wait = hostCode(() => entry.request.consumer(Buffer.from(bytes), rows));
    if (wait) {
      entry.output.busy = true;
      entry.output.last = wait;
      wait.then(
        () => {
          entry.output.busy = false;
          this.host.wake();
        },
        (error: unknown) => entry.fail(error),
      );
    }
    return true;
  }
}

const buffersOf = (edges: QueryStart['edges']): readonly SharedArrayBuffer[] =>
  edges.flatMap(({ buffer, other }) => (other === undefined ? [buffer] : [buffer, other]));

/** Slices that have said how a query ended there. */
class Answers {
  private readonly missing: Set<number>;
  private resolve!: () => void;
  readonly all = new Promise<void>((resolve) => (this.resolve = resolve));
  constructor(slices: number) {
    this.missing = new Set(Array.from({ length: slices }, (_, slice) => slice));
    if (slices === 0) this.resolve();
  }
  note(slice: number): void {
    this.missing.delete(slice);
    if (slice === NO_SLICE || this.missing.size === 0) this.resolve();
  }
}

function toFragment(c: CompiledSegment, parameters: readonly SlotValue[]): Fragment {
  const { code, normal } = c;
  return {
    spec: normal.spec,
    moduleId: code.moduleId,
    layout: code.layout,
    distinctStores: code.distinctStores,
    hasFast: code.hasFast,
    literals: normal.literals,
    lists: normal.lists.map((l) => listBytes(l, parameters)),
    tables: normal.tables.map((t) => tableBytes(t, parameters)),
  };
}
