/**
 * Expressions as graphs: a condition that moves through many projections holds what they compute many times over, as one
 * node that many hold. These look at each node once, and give what is one node as one again, so that time is in proportion
 * to the nodes there are and not to the text they stand for.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { children, mapChildren } from '../../expressions/walk.ts';

const NONE: ReadonlySet<ColId> = new Set();
const read = new WeakMap<BoundExpr, ReadonlySet<ColId>>();

/** The columns in an expression. */
export function columnsRead(e: BoundExpr): ReadonlySet<ColId> {
  if (e.kind === 'column') return new Set([e.id]);
  const parts = children(e);
  if (parts.length === 0) return NONE;
  const known = read.get(e);
  if (known !== undefined) return known;
  let all: ReadonlySet<ColId> = NONE;
  let own: Set<ColId> | undefined;
  for (const part of parts) {
    const more = columnsRead(part);
    if (all.size === 0) all = more;
    else
      for (const id of more) {
        if (all.has(id)) continue;
        own ??= new Set(all);
        own.add(id);
        all = own;
      }
  }
  read.set(e, all);
  return all;
}

/** Replaces columns by expressions, in any number of conditions. */
export function substituteAll(map: ReadonlyMap<ColId, BoundExpr>): (e: BoundExpr) => BoundExpr {
  const done = new Map<BoundExpr, BoundExpr>();
  const replace = (e: BoundExpr): BoundExpr => {
    if (e.kind === 'column') return map.get(e.id) ?? e;
    if (children(e).length === 0) return e;
    let made = done.get(e);
    if (made === undefined) {
      made = mapChildren(e, replace);
      done.set(e, made);
    }
    return made;
  };
  return replace;
}
