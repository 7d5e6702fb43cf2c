/**
 * Cuts a plan into streams, segments and steps. A pipeline of steps (a Flow) grows from a source; it ends in a sink
 * where rows have to be kept (hash, aggr, sort), moved (dist, bcast) or given out (return), and the next flow starts
 * there. Segments are numbered in the order they are closed; a segment's stream is one above the streams of what it
 * waits for, and a segment that receives rows runs in its sender's stream.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import { SEGMENT_JOINS_MAX } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsIn } from '../../expressions/columns-in.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import type { ScalarFunction } from '../../functions/define.ts';
import type { StorageTable } from '../../slices/storage.ts';
import {
  PACKED_KEY_ID,
  SORT_KEY_ID,
  type EdgeSpec,
  type RecursionSpec,
  type RowField,
  type RowShape,
  type SegmentSpec,
  type SinkSpec,
} from '../../steps/spec.ts';
import { stateType } from '../../functions/aggregate-lowering.ts';
import { identityOf } from '../../types/identity.ts';
import { INT8, varchar } from '../../types/sql-type.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import type { PlanNumbers } from '../plan/explain.ts';
import type { PlanNode } from '../plan/plan.ts';
import { leaderRows, type LiteralContext, type RowsRequest } from './leader-rows.ts';
import { distinctStates, stateNullable } from './aggregate-states.ts';
import { asksMembers } from '../../steps/hjoin/dense-key.ts';
import type { HjoinSpec } from '../../steps/hjoin/spec.ts';
import { evaluateOnce } from './evaluate-once.ts';
import { columnsOfShape, joined, planned, type Flow } from './flow.ts';
import { keptOf, union } from './needed-columns.ts';
import { mayBeNull } from './nullability.ts';
import { scanKeyOf } from './scan-key.ts';
import { groupedBy } from './side-by-side.ts';
import { besideRound, cutRecursion, cutWorking, inOneRound, type OpenRecursion } from './cut-recursion.ts';
import { cutMergeJoin } from './cut-merge.ts';
import { cutWindow } from './cut-window.ts';

export interface CutContext extends LiteralContext {
  storageTable(tableId: number): StorageTable;
  functionOf(name: string): ScalarFunction | undefined;
}
export class Cutter {
  readonly segments: SegmentSpec[] = [];
  readonly edges: EdgeSpec[] = [];
  readonly rows: RowsRequest[] = [];
  readonly recursions: RecursionSpec[] = [];
  /** Recursions whose members are being cut, by the number the plan gives them. */
  readonly working = new Map<ColId, OpenRecursion>();
  private nextStore = 1;
  private nextTable = 930;

  /** Number of the plan node whose steps are being made; undefined without a plan (COPY). */
  at: number | undefined;

  /** `draws`: the statement changes an ALL table by volatile values, which every copy must make alike. */
  constructor(
    readonly context: CutContext,
    private readonly draws = false,
    readonly numbers?: Pick<PlanNumbers, 'idOf' | 'belowOf'>,
  ) {}

  store(): number {
    return this.nextStore++;
  }
  /** Number of a transient table as labels print it. */
  transient(): number {
    return this.nextTable++;
  }
  edge(from: EdgeSpec['from'], to: EdgeSpec['to'], step: EdgeSpec['step'], recursion?: number): number {
    const edge = this.edges.length;
    this.edges.push({ edge, from, to, step, ...(recursion === undefined ? {} : { recursion }) });
    return edge;
  }
  nullable(flow: Pick<Flow, 'columns'>, e: BoundExpr): boolean {
    return mayBeNull(
      e,
      (id) => flow.columns.get(id)?.nullable ?? true,
      (n) => this.context.functionOf(n),
    );
  }
  /** Closes a flow; returns the segment's number. */
  close(open: Flow, sink: SinkSpec): SegmentSpec {
    const flow = planned(open, this.at);
    const once = evaluateOnce(flow, { planNode: this.at, ...sink }, this);
    const segment: SegmentSpec = {
      segment: this.segments.length,
      stream: flow.stream,
      locus: flow.locus,
      source: flow.source,
      transforms: once.transforms,
      sink: once.sink,
      dependsOn: flow.dependsOn,
      ...(flow.recursion === undefined ? {} : { recursion: flow.recursion }),
    };
    this.segments.push(segment);
    return segment;
  }
  shape(flow: Flow, ids: readonly ColId[], allNullable = false, sortKey = false): RowShape {
    const fields: RowField[] = ids.map((id) => {
      const c = flow.columns.get(id);
      assert(c, `column ${id} is not in the flow`);
      return { id, type: c.type, nullable: c.nullable || allNullable };
    });
    if (sortKey) fields.push({ id: SORT_KEY_ID, type: varchar(65535), nullable: false });
    return {
      fields,
      layout: layoutTuple(fields),
    };
  }
  /** A flow that reads what a closed segment left in a store. */
  fromStore(
    flow: Flow,
    closed: readonly SegmentSpec[],
    store: number,
    shape: RowShape,
    table: number,
    sorted = false,
  ): Flow {
    return {
      locus: flow.locus,
      single: flow.single,
      source: { kind: 'worktable', store, shape, label: `scan   tbl=${table} name=Internal Worktable` },
      transforms: [],
      dependsOn: closed.map((s) => s.segment),
      stream: Math.max(...closed.map((s) => s.stream)) + 1,
      columns: columnsOfShape(shape),
      sorted,
      ...(flow.recursion === undefined ? {} : { recursion: flow.recursion }),
    };
  }

  /** Steps made meanwhile belong to the node; those below it have theirs already. */
  plan(node: PlanNode, needed: ReadonlySet<ColId>): Flow {
    const outer = this.at;
    this.at = this.numbers?.idOf(node);
    const flow = planned(this.cut(node, needed), this.at);
    this.at = outer;
    return flow;
  }
  private cut(node: PlanNode, needed: ReadonlySet<ColId>): Flow {
    switch (node.kind) {
      case 'scan':
        return this.scan(node, needed);
      case 'virtual-scan':
      case 'values':
        return leaderRows(this, node);
      case 'filter': {
        const flow = this.plan(node.input, union(needed, node.condition));
        flow.transforms.push({ kind: 'filter', conditions: node.condition });
        return flow;
      }
      case 'project':
        return this.project(node, needed);
      case 'unnest':
        return this.unnest(node, needed);
      case 'subquery-scan':
        return this.plan(node.input, needed);
      case 'hash-join':
        return this.hashJoin(node, needed);
      case 'merge-join':
        return cutMergeJoin(this, node, needed);
      case 'nested-loop':
        return this.nestedLoop(node, needed);
      case 'exchange':
        return this.exchange(node, needed);
      case 'aggregate':
        return this.aggregate(node);
      case 'window':
        return cutWindow(this, node, needed);
      case 'sort':
        return this.sort(node, needed);
      case 'merge':
        return this.innerMerge(node, needed);
      case 'limit': {
        const flow = this.plan(node.input, needed);
        flow.transforms.push({ kind: 'limit', limit: node.limit, offset: node.offset });
        return flow;
      }
      case 'append':
        return this.append(node, needed);
      case 'expand':
        return this.expand(node, needed);
      case 'recursive-union':
        return cutRecursion(this, node);
      case 'working-scan':
        return cutWorking(this, node);
    }
  }

  private scan(node: Extract<PlanNode, { kind: 'scan' }>, needed: ReadonlySet<ColId>): Flow {
    const used = union(needed, node.filter);
    const table = this.context.storageTable(node.tableId);
    const columns = node.columns.flatMap((c, i) => {
      const attnum = node.attnums[i]!;
      const content = this.draws && node.allOwners === true && attnum > 0;
      if (!used.has(c.id) && !content) return [];
      const nullable = attnum > 0 && !(table.columns.find((t) => t.attnum === attnum)?.notNull ?? false);
      return [{ id: c.id, attnum, type: c.type, nullable }];
    });
    const read = node.readOnce
      ? 'first'
      : node.allOwners
        ? 'owners'
        : node.distribution.kind === 'all'
          ? 'node'
          : 'own';
    const flow: Flow = {
      locus: 'compute',
      single: node.distribution.kind === 'single',
      source: {
        kind: 'scan',
        table,
        columns,
        ranges: node.ranges,
        read,
        label: `scan   tbl=${node.tableId} name=${node.tableName}`,
      },
      transforms: [],
      dependsOn: [],
      stream: 0,
      sorted: false,
      columns: new Map(columns.map((c) => [c.id, { type: c.type, nullable: c.nullable }])),
    };
    if (node.filter.length > 0) flow.transforms.push({ kind: 'filter', conditions: node.filter });
    return flow;
  }

  pushProject(flow: Flow, columns: readonly ColumnRef[], exprs: readonly BoundExpr[]): void {
    const out: { id: ColId; expr: BoundExpr }[] = [];
    for (const [i, c] of columns.entries()) {
      const expr = exprs[i]!;
      if (expr.kind === 'column' && expr.id === c.id) continue;
      out.push({ id: c.id, expr });
      flow.columns.set(c.id, { type: c.type, nullable: this.nullable(flow, expr) });
    }
    if (out.length > 0) flow.transforms.push({ kind: 'project', columns: out });
  }
  private project(node: Extract<PlanNode, { kind: 'project' }>, needed: ReadonlySet<ColId>): Flow {
    const kept = keptOf(node, needed);
    const flow = this.plan(node.input, kept.below);
    this.pushProject(flow, kept.columns, kept.exprs);
    return flow;
  }

  private unnest(node: Extract<PlanNode, { kind: 'unnest' }>, needed: ReadonlySet<ColId>): Flow {
    const { count, outer, on, ordinal } = node;
    const flow = this.plan(node.input, union(needed, on === undefined ? [count] : [count, on]));
    const condition = on === undefined ? {} : { on };
    flow.transforms.push({ kind: 'unnest', count, outer, ...condition, ordinal: ordinal.id, label: 'unnest' });
    flow.columns.set(ordinal.id, { type: ordinal.type, nullable: outer });
    return flow;
  }

  /** Build side: join keys become columns of the tuple. */
  private build(
    inner: PlanNode,
    needed: ReadonlySet<ColId>,
    keys: readonly BoundExpr[],
    options: {
      planNode?: number | undefined;
      allNullable: boolean;
      singleRow: boolean;
      keepNullKeys: boolean;
      membersOnly?: boolean;
    },
  ): { segment: SegmentSpec; store: number; shape: RowShape; keys: BoundExpr[]; table: number } {
    const wanted = union(new Set(inner.columns.map((c) => c.id).filter((id) => needed.has(id))), keys);
    const flow = this.plan(inner, wanted);
    const keyColumns = keys.map((k): BoundExpr => {
      if (k.kind === 'column') return k;
      const id = this.context.nextColId();
      flow.transforms.push({ kind: 'project', columns: [{ id, expr: k }] });
      flow.columns.set(id, { type: k.type, nullable: this.nullable(flow, k) });
      return { kind: 'column', type: k.type, id };
    });
    const ids = new Set<ColId>([
      ...inner.columns.map((c) => c.id).filter((id) => needed.has(id)),
      ...keyColumns.map((k) => (k.kind === 'column' ? k.id : -1)),
    ]);
    const shape = this.shape(flow, [...ids], options.allNullable);
    const store = this.store();
    const table = this.transient();
    const segment = this.close(flow, {
      kind: 'hash',
      planNode: options.planNode ?? this.at,
      store,
      keys: keyColumns,
      shape,
      singleRow: options.singleRow,
      keepNullKeys: options.keepNullKeys,
      ...(options.membersOnly === true ? { membersOnly: true } : {}),
      label: `hash   tbl=${table}`,
    });
    return { segment, store, shape, keys: keyColumns, table };
  }

  private hashJoin(node: Extract<PlanNode, { kind: 'hash-join' }>, needed: ReadonlySet<ColId>): Flow {
    const below = union(needed, node.residual);
    const nullInner = node.joinType === 'left' || node.joinType === 'full';
    const nullOuter = node.joinType === 'right' || node.joinType === 'full';
    const built = this.build(
      node.inner,
      below,
      node.keys.map((k) => k.inner),
      {
        planNode: this.numbers?.belowOf(node),
        allNullable: nullInner,
        singleRow: false,
        keepNullKeys: nullOuter,
        membersOnly: asksMembers(node),
      },
    );
    const used = union(
      below,
      node.keys.map((k) => k.outer),
    );
    const first = besideRound(this, this.plan(node.outer, used), node.outer, used, built.segment);
    const outer = nullOuter ? this.materialise(first, node.outer, used) : this.withRoom(first, node.outer, used);
    outer.transforms.push({
      kind: 'hjoin',
      store: built.store,
      joinType: node.joinType,
      shape: built.shape,
      outerKeys: node.keys.map((k) => k.outer),
      innerKeys: built.keys,
      residual: node.residual,
      ...this.askFrom(outer, node, built.segment),
      label: `hjoin  tbl=${built.table}`,
    });
    return joined(outer, built, node.joinType, nullOuter);
  }
  /** Lets the scan at the flow's begin ask the join's table. */
  private askFrom(
    outer: Flow,
    node: Extract<PlanNode, { kind: 'hash-join' }>,
    { segment }: SegmentSpec,
  ): Pick<HjoinSpec, 'scanKey'> {
    const scanKey = scanKeyOf(outer, node);
    const built = this.segments[segment]!;
    if (scanKey === undefined || built.sink.kind !== 'hash') return {};
    this.segments[segment] = { ...built, sink: { ...built.sink, filter: true } };
    return { scanKey };
  }
  /** A segment keeps batches of rows between its joins, each with a tuple of every join before: chains of many are cut. */
  private withRoom(flow: Flow, node: PlanNode, needed: ReadonlySet<ColId>): Flow {
    const joins = flow.transforms.filter((t) => t.kind === 'hjoin' || t.kind === 'nloop').length;
    return joins < SEGMENT_JOINS_MAX || flow.sorted ? flow : this.materialise(flow, node, needed, false);
  }
  /** Rows of an outer side that may have to appear as NULLs are kept as tuples whose fields can all be NULL. */
  materialise(flow: Flow, node: PlanNode, needed: ReadonlySet<ColId>, allNullable = true): Flow {
    const ids = node.columns.map((c) => c.id).filter((id) => needed.has(id));
    return this.saved(flow, ids, allNullable);
  }
  saved(flow: Flow, ids: readonly ColId[], allNullable: boolean): Flow {
    const shape = this.shape(flow, ids, allNullable);
    const store = this.store();
    const table = this.transient();
    const segment = this.close(flow, { kind: 'save', store, shape, label: `save   tbl=${table}` });
    return this.fromStore(flow, [segment], store, shape, table);
  }
  private nestedLoop(node: Extract<PlanNode, { kind: 'nested-loop' }>, needed: ReadonlySet<ColId>): Flow {
    const below = union(needed, node.condition);
    const built = this.build(node.inner, below, [], {
      allNullable: node.joinType === 'left',
      singleRow: node.singleRowInner,
      keepNullKeys: false,
    });
    const first = besideRound(this, this.plan(node.outer, below), node.outer, below, built.segment);
    const outer = this.withRoom(first, node.outer, below);
    outer.transforms.push({
      kind: 'nloop',
      store: built.store,
      joinType: node.joinType,
      shape: built.shape,
      condition: node.condition,
      label: `nloop  tbl=${built.table}`,
    });
    return joined(outer, built, node.joinType, false);
  }

  private exchange(node: Extract<PlanNode, { kind: 'exchange' }>, needed: ReadonlySet<ColId>): Flow {
    const input = this.plan(node.input, union(needed, node.keys));
    const ids = node.input.columns.map((c) => c.id).filter((id) => needed.has(id));
    return this.move(input, ids, node.mode, node.keys);
  }
  /** Closes `input` with a dist or bcast step and opens the receiving flow. */
  move(
    input: Flow,
    ids: readonly ColId[],
    mode: Extract<SinkSpec, { kind: 'dist' }>['mode'],
    keys: readonly BoundExpr[],
  ): Flow {
    const to = mode === 'leader' ? 'leader' : 'slices';
    const edge = this.edge(
      input.locus === 'leader' ? 'leader' : 'slices',
      to,
      mode === 'broadcast' || mode === 'owners' ? 'bcast' : to === 'leader' ? 'return' : 'dist',
      input.recursion,
    );
    const shape = this.shape(input, ids);
    const segment = this.close(input, { kind: 'dist', edge, mode, keys, shape });
    return {
      locus: to === 'leader' ? 'leader' : 'compute',
      single: mode === 'single' || mode === 'leader',
      source: { kind: 'receive', edge, shape },
      transforms: [],
      dependsOn: [],
      stream: segment.stream,
      columns: columnsOfShape(shape),
      sorted: false,
      ...(input.recursion === undefined ? {} : { recursion: input.recursion }),
    };
  }

  private aggregate(node: Extract<PlanNode, { kind: 'aggregate' }>): Flow {
    const below = new Set<ColId>();
    columnsIn([node.groups.map((g) => g.expr), node.aggregates.map((a) => a.arg)], below);
    const flows = this.branches(node.input, below);
    const nullable = (e: BoundExpr): boolean => flows.some((flow) => this.nullable(flow, e));
    // A finished sketch is a column of its own: the aggregate's id is its estimate.
    const sketches = new Map(
      node.phase === 'partial'
        ? []
        : node.aggregates.filter((a) => a.prim === 'approx_distinct').map((a) => [a.id, this.context.nextColId()]),
    );
    const { kept, same } = distinctStates(
      node.aggregates.map((a) => ({ ...a, id: sketches.get(a.id) ?? a.id })),
      nullable,
    );
    const fields: RowField[] = [
      ...node.groups.map((g) => ({ id: g.id, type: g.expr.type, nullable: nullable(g.expr) })),
      ...kept.map((a) => {
        return {
          id: a.id,
          type: stateType(a.prim, a.type),
          nullable: stateNullable(a, node.groups.length > 0, nullable),
        };
      }),
    ];
    const packed: RowField[] = node.groups.flatMap((g, i) =>
      identityOf(g.expr.type) === 'string' ? [{ id: PACKED_KEY_ID + i, type: INT8, nullable: false }] : [],
    );
    fields.push(...packed);
    const shape: RowShape = {
      fields,
      layout: layoutTuple(fields),
    };
    const store = this.store();
    const table = this.transient();
    const single = flows.every((flow) => flow.single);
    const name = node.unique === true ? 'unique' : 'aggr';
    const segments = flows.map((flow) => {
      const grouped = groupedBy(flow, node.groups, kept);
      return this.close(grouped.flow, {
        kind: 'aggr',
        store,
        phase: node.phase,
        ...grouped.by,
        aggregates: kept,
        shape,
        single: single && flow.locus === 'compute',
        feeds: flows.length,
        name,
        label: `${name.padEnd(6)} tbl=${table}`,
      });
    });
    const flow = { ...flows[0]!, single };
    const next = this.fromStore(flow, segments, store, shape, table);
    for (const [id, other] of same) {
      const column = next.columns.get(other.id)!;
      next.transforms.push({
        kind: 'project',
        columns: [{ id, expr: { kind: 'column', type: other.type, id: other.id } }],
      });
      next.columns.set(id, column);
    }
    this.estimateSketches(next, sketches);
    return next;
  }
  /** A finished HyperLogLog sketch becomes its estimate. */
  private estimateSketches(flow: Flow, sketches: ReadonlyMap<ColId, ColId>): void {
    for (const [id, raw] of sketches) {
      const sketch: BoundExpr = { kind: 'column', type: varchar(2048), id: raw };
      const expr: BoundExpr = {
        kind: 'call',
        name: 'hll_estimate',
        signature: 0,
        type: { name: 'int8' },
        args: [sketch],
      };
      flow.transforms.push({ kind: 'project', columns: [{ id, expr }] });
      flow.columns.set(id, { type: { name: 'int8' }, nullable: true });
    }
  }

  private expand(node: Extract<PlanNode, { kind: 'expand' }>, needed: ReadonlySet<ColId>): Flow {
    const flow = this.withRoom(this.plan(node.input, needed), node.input, needed);
    flow.transforms.push({ kind: 'expand', column: node.number.id, count: node.count });
    flow.columns.set(node.number.id, { type: node.number.type, nullable: false });
    return { ...flow, sorted: false };
  }

  private sort(node: Extract<PlanNode, { kind: 'sort' }>, needed: ReadonlySet<ColId>): Flow {
    const below = union(
      needed,
      node.keys.map((k) => k.expr),
    );
    const flow = this.plan(node.input, below);
    const ids = node.columns.map((c) => c.id).filter((id) => needed.has(id));
    const shape = this.shape(flow, ids, false, true);
    const store = this.store();
    const table = this.transient();
    const segment = this.close(flow, {
      kind: 'sort',
      store,
      keys: node.keys,
      limit: node.limit,
      shape,
      label: `sort   tbl=${table}`,
    });
    return this.fromStore(flow, [segment], store, shape, table, true);
  }
  /** A merge whose rows are used further: gathered on the leader and put in order there. */
  private innerMerge(node: Extract<PlanNode, { kind: 'merge' }>, needed: ReadonlySet<ColId>): Flow {
    const below = union(
      needed,
      node.keys.map((k) => k.expr),
    );
    const input = this.plan(node.input, below);
    const ids = node.input.columns.map((c) => c.id).filter((id) => below.has(id));
    const gathered = input.locus === 'leader' ? input : this.move(input, ids, 'leader', []);
    const shape = this.shape(gathered, ids, false, true);
    const store = this.store();
    const table = this.transient();
    const segment = this.close(gathered, {
      kind: 'sort',
      store,
      keys: node.keys,
      limit: undefined,
      shape,
      label: `merge  tbl=${table}`,
    });
    return this.fromStore(gathered, [segment], store, shape, table, true);
  }

  /**
   * The flows whose rows together are the node's: the inputs of a UNION ALL, each with the output's columns, so that
   * nothing has to be kept. One flow for every other node; all or none of several are on the slices.
   */
  branches(node: PlanNode, needed: ReadonlySet<ColId>): readonly Flow[] {
    if (node.kind === 'subquery-scan') return this.branches(node.input, needed);
    if (node.kind === 'project' && node.input.kind === 'append') {
      const kept = keptOf(node, needed);
      const flows = this.branches(node.input, kept.below);
      for (const flow of flows) this.pushProject(flow, kept.columns, kept.exprs);
      return flows;
    }
    if (node.kind !== 'append' || node.distribution.kind === 'leader') return [this.plan(node, needed)];
    return this.appended(node, needed);
  }
  /** The inputs of a UNION ALL, each giving the output's columns. */
  private appended(node: Extract<PlanNode, { kind: 'append' }>, needed: ReadonlySet<ColId>): readonly Flow[] {
    const outputs = node.columns.map((c, i) => ({ c, i })).filter(({ c }) => needed.has(c.id));
    const flows = node.inputs.map((input) => {
      const given = outputs.map(({ i }) => input.columns[i]!);
      const flow = this.plan(input, new Set(given.map((c) => c.id)));
      this.pushProject(
        flow,
        outputs.map(({ c }) => c),
        given.map((c): BoundExpr => ({ kind: 'column', type: c.type, id: c.id })),
      );
      return flow;
    });
    return inOneRound(
      this,
      flows,
      outputs.map(({ c }) => c.id),
    );
  }
  private append(node: Extract<PlanNode, { kind: 'append' }>, needed: ReadonlySet<ColId>): Flow {
    const ids = node.columns.map((c) => c.id).filter((id) => needed.has(id));
    const store = this.store();
    const table = this.transient();
    const flows = this.appended(node, needed);
    const first = flows[0];
    const shape = first && this.shape(first, ids, true);
    assert(first && shape, 'append without inputs');
    const sink: SinkSpec = { kind: 'save', store, shape, label: `save   tbl=${table}` };
    const closed = flows.map((flow) => this.close(flow, sink));
    return this.fromStore({ ...first, single: node.distribution.kind === 'single' }, closed, store, shape, table);
  }
}
