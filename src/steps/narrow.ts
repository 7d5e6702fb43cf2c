/**
 * Decides per row group whether the fast variant may run: every i128-typed arithmetic over base columns must provably
 * stay inside 62 bits for the group's actual minima and maxima. Interval arithmetic over the zone maps; one evaluation
 * per group of 65,536 rows.
 */
import type { ColId } from '../common/ids.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import { isInteger, physOf, type SqlType } from '../types/sql-type.ts';
import type { SegmentSpec } from './spec.ts';

interface Interval {
  readonly low: number;
  readonly high: number;
}
const BOUND = 2 ** 62;
/** A product that is rounded goes through a float division. */
const FLOAT_BOUND = 2 ** 52;

/** Arithmetic nodes whose result type is wider than 64 bits, found anywhere in the segment. */
export function wideArithmetic(spec: SegmentSpec): readonly BoundExpr[] {
  const found: BoundExpr[] = [];
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as Record<string, unknown>;
    if (node['kind'] === 'arith' && physOf(node['type'] as SqlType) === 'i128')
      found.push(node as unknown as BoundExpr);
    for (const key in node) if (key !== 'table') visit(node[key]);
  };
  visit(spec.transforms);
  visit(spec.sink);
  return found;
}

/** True when all of them fit; `column` gives a base column's range in the group, `parameter` a slot's value. */
export function fitsNarrow(
  exprs: readonly BoundExpr[],
  projections: ReadonlyMap<ColId, BoundExpr>,
  column: (id: ColId) => Interval | undefined,
  parameter: (index: number) => number | undefined,
): boolean {
  const of = (e: BoundExpr): Interval | undefined => {
    switch (e.kind) {
      case 'column': {
        const projected = projections.get(e.id);
        return projected ? of(projected) : column(e.id);
      }
      case 'param': {
        const v = parameter(e.index);
        return v === undefined ? undefined : { low: v, high: v };
      }
      case 'cast':
        return castInterval(e, of(e.arg));
      case 'neg': {
        const i = of(e.arg);
        return i && { low: -i.high, high: -i.low };
      }
      case 'arith':
        return arithInterval(e, of(e.left), of(e.right));
      default:
        return undefined;
    }
  };
  return exprs.every((e) => {
    const i = of(e);
    // Division and modulo use wide kernels in both variants.
    if (e.kind === 'arith' && (e.op === '/' || e.op === '%')) return true;
    return i !== undefined && i.low > -BOUND && i.high < BOUND;
  });
}

const scaleOf = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);

function castInterval(e: Extract<BoundExpr, { kind: 'cast' }>, i: Interval | undefined): Interval | undefined {
  if (!i || !(isInteger(e.arg.type) || e.arg.type.name === 'numeric') || e.type.name !== 'numeric') return undefined;
  const f = 10 ** (scaleOf(e.type) - scaleOf(e.arg.type));
  return { low: i.low * f - 1, high: i.high * f + 1 };
}

function arithInterval(
  e: Extract<BoundExpr, { kind: 'arith' }>,
  a: Interval | undefined,
  b: Interval | undefined,
): Interval | undefined {
  if (!a || !b || e.type.name !== 'numeric') return undefined;
  const s = scaleOf(e.type);
  if (e.op === '*') {
    const c = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
    const r = { low: Math.min(...c), high: Math.max(...c) };
    const rounded = scaleOf(e.left.type) + scaleOf(e.right.type) !== s;
    const bound = rounded ? FLOAT_BOUND : BOUND;
    if (r.low <= -bound || r.high >= bound) return undefined;
    const f = 10 ** (scaleOf(e.left.type) + scaleOf(e.right.type) - s);
    return { low: r.low / f - 1, high: r.high / f + 1 };
  }
  if (e.op !== '+' && e.op !== '-') return undefined;
  const fa = 10 ** (s - scaleOf(e.left.type));
  const fb = 10 ** (s - scaleOf(e.right.type));
  const r =
    e.op === '+'
      ? { low: a.low * fa + b.low * fb, high: a.high * fa + b.high * fb }
      : { low: a.low * fa - b.high * fb, high: a.high * fa - b.low * fb };
  return r.low > -BOUND && r.high < BOUND ? r : undefined;
}
