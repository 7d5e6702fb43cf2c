/**
 * Takes the literals out of a segment: each becomes a parameter slot, so that the code depends on the shape alone. Also
 * drops what only names things (labels, table names). The shape's text is the code cache's key.
 *
 * A literal is replaced by a `param` with index -1 - slot; parameters of a prepared statement keep theirs and follow
 * behind the literals. NULL and boolean literals stay: they decide what code there is. The items of a long IN list, and
 * what the arms of a long chain differ in (arms.ts), become data of their own, so that neither code nor shape grows with
 * them.
 */
import { assert } from '../common/assert.ts';
import { LIST_ITEMS_MIN } from '../common/limits.ts';
import type { BoundExpr, ConstValue } from '../expressions/bound.ts';
import { exprKey, typeKey } from '../expressions/walk.ts';
import { PackedList } from '../types/packed-list.ts';
import { varchar, type SqlType } from '../types/sql-type.ts';
import { listForm, packList, type ListForm } from '../types/value-list.ts';
import { packTable } from '../types/value-table.ts';
import { tabledCase, tabledLogic, type ValueTable } from './arms.ts';
import { sinkStep } from './registry.ts';
import type { SegmentSpec } from './spec.ts';

export interface SlotValue {
  readonly type: SqlType;
  readonly value: ConstValue;
}
export interface NormalSegment {
  readonly spec: SegmentSpec;
  readonly key: string;
  readonly literals: readonly SlotValue[];
  /** Items of long IN lists, by number. */
  readonly lists: readonly ValueList[];
  /** What the arms of long chains of one shape differ in, by number. */
  readonly tables: readonly ValueTable[];
  readonly nameSlots: readonly number[];
}
/** What a long IN list is looked up in: constants and parameters. */
export interface ValueList {
  readonly form: ListForm;
  readonly items: readonly BoundExpr[] | PackedList;
}

const DROPPED = new Set([
  'label',
  'planNode',
  'name',
  'rows',
  'load',
  'unload',
  'edge',
  'segment',
  'origin',
  'stream',
  'recursion',
  'dependsOn',
  'ranges',
]);

export function normaliseSegment(spec: SegmentSpec, itemsMin = LIST_ITEMS_MIN): NormalSegment {
  const literals: SlotValue[] = [];
  const lists: ValueList[] = [];
  const tables: ValueTable[] = [];
  // Equal literals share a slot, so that equal expressions stay equal and are computed once.
  const slots = new Map<string, number>();
  const slotOf = (type: SqlType, value: ConstValue): number => {
    const key = `${typeKey(type)}${Number.isSafeInteger(value) && value !== 0 ? value : exprKey(value)}`;
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = literals.length;
      slots.set(key, slot);
      literals.push({ type, value });
    }
    return slot;
  };
  const visit = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(visit);
    const node = value as Record<string, unknown>;
    if (node['kind'] === 'const') {
      const type = node['type'] as SqlType;
      if (node['value'] === null || type.name === 'bool') return node;
      return { kind: 'param', type, index: -1 - slotOf(type, node['value'] as ConstValue) };
    }
    const out: Record<string, unknown> = {};
    if (node['kind'] === 'inlist') {
      const { arg, items } = node as unknown as InList;
      const form = items instanceof PackedList ? items.form : listForm(arg.type);
      if (form !== undefined && isData(items, itemsMin)) {
        let list = lists.findIndex((l) => l.items === items && l.form === form);
        if (list < 0) list = lists.push({ form, items }) - 1;
        return { ...node, arg: visit(arg), items: [], list };
      }
    }
    if ((node['kind'] === 'and' || node['kind'] === 'or') && (node['args'] as unknown[]).length >= itemsMin)
      return tabledLogic(node as unknown as Logic, tables, itemsMin, visit);
    if (node['kind'] === 'case' && (node['whens'] as unknown[]).length >= itemsMin) {
      const tabled = tabledCase(node as unknown as Case, tables, itemsMin, visit);
      if (tabled) return tabled;
    }
    for (const key in node) out[key] = key === 'ranges' || key === 'table' ? node[key] : visit(node[key]);
    return out;
  };
  const normal = visit(spec) as SegmentSpec;
  const nameSlots: number[] = [];
  for (const value of sinkStep(spec.sink).names?.(spec.sink) ?? []) {
    nameSlots.push(literals.length);
    literals.push({ type: varchar(256), value });
  }
  return { spec: normal, key: shapeKey(normal, literals.length), literals, lists, tables, nameSlots };
}

/** Items that are packed already, or enough values. */
const isData = (items: InList['items'], itemsMin: number): boolean =>
  items instanceof PackedList ||
  (items.length >= itemsMin && items.every((i) => i.kind === 'const' || i.kind === 'param'));

type InList = Extract<BoundExpr, { kind: 'inlist' }>;
type Logic = Extract<BoundExpr, { kind: 'and' | 'or' }>;
type Case = Extract<BoundExpr, { kind: 'case' }>;

const given =
  (parameters: readonly SlotValue[]) =>
  (e: BoundExpr): unknown => {
    if (e.kind === 'const') return e.value;
    assert(e.kind === 'param', 'items are values');
    return parameters[e.index]?.value;
  };
/** A list in memory, with what a prepared statement's parameters are now. */
export function listBytes({ form, items }: ValueList, parameters: readonly SlotValue[]): Uint8Array {
  return items instanceof PackedList ? items.bytes : packList(form, items.map(given(parameters)));
}
export function tableBytes({ types, rows }: ValueTable, parameters: readonly SlotValue[]): Uint8Array {
  const value = given(parameters);
  return packTable(
    types,
    rows.map((row) => row.map(value)),
  );
}

/** JSON of everything code generation looks at. Function calls keep their name: it is the shape. */
function shapeKey(spec: SegmentSpec, literals: number): string {
  const text = JSON.stringify(spec, function (this: unknown, key: string, value: unknown) {
    if (key === 'table') return undefined;
    if (DROPPED.has(key) && !(key === 'name' && isTyped(this))) return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
  return `${literals}:${text}`;
}

/** `name` matters in types and function calls, not in columns and tables. */
function isTyped(holder: unknown): boolean {
  const h = holder as Record<string, unknown>;
  return !('attnum' in h);
}
