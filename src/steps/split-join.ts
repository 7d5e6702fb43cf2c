/**
 * A segment that probes a table which went to disk, as several: what stands before the join sets its rows aside by the
 * bits of their keys' hash, what stands behind begins with the join and reads them partition by partition. Each such join
 * adds one segment. Made by the leader when a participant asks for it; answers stay what they were.
 */
import { assert } from '../common/assert.ts';
import type { ColId } from '../common/ids.ts';
import { columnsIn } from '../expressions/columns-in.ts';
import { layoutTuple } from '../types/tuple-layout.ts';
import { INT4, INT8, type SqlType } from '../types/sql-type.ts';
import { transformStep } from './registry.ts';
import type { RowField, SegmentSpec, TransformSpec } from './spec.ts';

/** A part of the segment: `before` transforms of the whole stand in front of its own. */
export interface SegmentPart {
  readonly spec: SegmentSpec;
  readonly before: number;
}

/** `joins`: indices of hjoin transforms, ascending; `next` gives numbers that no segment or store of the query has. */
export function splitSegment(whole: SegmentSpec, joins: readonly number[], next: () => number): SegmentPart[] {
  const parts: SegmentPart[] = [];
  let spec: SegmentSpec = whole;
  let before = 0;
  for (const join of joins) {
    const { first, rest } = splitAt(spec, join - before, next);
    parts.push({ spec: first, before });
    spec = rest;
    before = join;
  }
  return [...parts, { spec, before }];
}

function splitAt(spec: SegmentSpec, at: number, next: () => number): { first: SegmentSpec; rest: SegmentSpec } {
  const join = spec.transforms[at];
  assert(join?.kind === 'hjoin' || join?.kind === 'nloop', 'only a join has a table that goes to disk');
  const outerKeys = join.kind === 'hjoin' ? join.outerKeys : [];
  const store = next();
  const fields = keptFields(spec, at);
  const shape = { fields, layout: layoutTuple(fields) };
  const origin = spec.origin ?? spec.segment;
  const first: SegmentSpec = {
    ...spec,
    origin,
    transforms: spec.transforms.slice(0, at),
    sink: {
      kind: 'hash',
      store,
      keys: outerKeys,
      shape,
      singleRow: false,
      keepNullKeys: !['inner', 'semi', 'right'].includes(join.joinType),
      aside: true,
      label: join.label,
    },
  };
  const segment = next();
  const rest: SegmentSpec = {
    ...spec,
    origin,
    segment,
    source: {
      kind: 'worktable',
      store,
      shape,
      label: join.label,
      paired: { store: join.store, joinType: join.joinType },
    },
    transforms: [{ ...join, blocks: true }, ...spec.transforms.slice(at + 1).map(behindBlocks)],
    dependsOn: [...spec.dependsOn, first.segment],
  };
  return { first, rest };
}

/** A target row's matches come block by block, not next to each other. */
const behindBlocks = (t: TransformSpec): TransformSpec => (t.kind === 'delete' ? { ...t, comesAgain: true } : t);

/** Columns in front of transform `at` that it or anything behind it reads. */
function keptFields(spec: SegmentSpec, at: number): RowField[] {
  const there = new Map<ColId, SqlType>();
  const { source } = spec;
  for (const f of 'shape' in source ? source.shape.fields : source.columns) there.set(f.id, f.type);
  if (source.kind === 'windowed') for (const f of source.results.fields) there.set(f.id, f.type);
  for (const t of spec.transforms.slice(0, at)) addColumns(t, there);
  const read = new Set<ColId>();
  columnsIn([spec.transforms.slice(at), spec.sink], read);
  if ('shape' in spec.sink) for (const f of spec.sink.shape.fields) read.add(f.id);
  for (const t of spec.transforms.slice(at)) for (const id of transformStep(t).reads?.(t) ?? []) read.add(id);
  return [...read].flatMap((id) => {
    const type = there.get(id);
    return type === undefined ? [] : [{ id, type, nullable: true }];
  });
}
function addColumns(t: TransformSpec, there: Map<ColId, SqlType>): void {
  if (t.kind === 'project' || t.kind === 'evaluate') for (const c of t.columns) there.set(c.id, c.expr.type);
  if (t.kind === 'expand') there.set(t.column, INT4);
  if (t.kind === 'hjoin' || t.kind === 'nloop') for (const f of t.shape.fields) there.set(f.id, f.type);
  if (t.kind === 'mscan') for (const c of t.columns) there.set(c.id, c.type);
  if (t.kind === 'unnest') there.set(t.ordinal, INT8);
}
