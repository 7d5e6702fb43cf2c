/**
 * Takes the literals out of a segment: each becomes a parameter slot, so that the code depends on the shape alone. Also
 * drops what only names things (labels, table names). The shape's text is the code cache's key.
 *
 * A literal is replaced by a `param` with index -1 - slot; parameters of a prepared statement keep theirs and follow
 * behind the literals. NULL and boolean literals stay: they decide what code there is.
 */
import { IN_LOOP_ITEMS_MIN } from '../common/limits.ts';
import type { ConstValue } from '../expressions/bound.ts';
import { exprKey } from '../expressions/walk.ts';
import { varchar, type SqlType } from '../types/sql-type.ts';
import type { SegmentSpec } from './spec.ts';

export interface SlotValue {
  readonly type: SqlType;
  readonly value: ConstValue;
}
export interface NormalSegment {
  readonly spec: SegmentSpec;
  readonly key: string;
  readonly literals: readonly SlotValue[];
  readonly nameSlots: readonly number[];
}

const DROPPED = new Set([
  'label',
  'name',
  'rows',
  'load',
  'unload',
  'edge',
  'segment',
  'stream',
  'dependsOn',
  'ranges',
]);

export function normaliseSegment(spec: SegmentSpec): NormalSegment {
  const literals: SlotValue[] = [];
  // Equal literals share a slot, so that equal expressions stay equal and are computed once.
  const slots = new Map<string, number>();
  const slotOf = (type: SqlType, value: ConstValue): number => {
    const key = exprKey([type, value]);
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
    if (node['kind'] === 'inlist' && isLongList(node['items'])) {
      // The items of a long list get slots side by side, for a loop. An equal list finds the same ones.
      const items = node['items'];
      const key = exprKey(items);
      const first = slots.get(key) ?? literals.length;
      if (!slots.has(key)) for (const { type, value: item } of items) literals.push({ type, value: item });
      slots.set(key, first);
      return {
        ...node,
        arg: visit(node['arg']),
        items: items.map(({ type }, i) => ({ kind: 'param', type, index: -1 - first - i })),
      };
    }
    for (const key in node) out[key] = key === 'ranges' || key === 'table' ? node[key] : visit(node[key]);
    return out;
  };
  const normal = visit(spec) as SegmentSpec;
  const nameSlots: number[] = [];
  if (spec.sink.kind === 'insert') {
    for (const c of spec.sink.columns) {
      nameSlots.push(literals.length);
      literals.push({ type: varchar(256), value: c.name });
    }
  }
  return { spec: normal, key: shapeKey(normal, literals.length), literals, nameSlots };
}

interface ListItem extends SlotValue {
  readonly kind: string;
}
function isLongList(items: unknown): items is readonly ListItem[] {
  return (
    Array.isArray(items) &&
    items.length >= IN_LOOP_ITEMS_MIN &&
    (items as ListItem[]).every((i) => i.kind === 'const' && i.value !== null && i.type.name !== 'bool')
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
