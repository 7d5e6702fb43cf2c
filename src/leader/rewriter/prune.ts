/**
 * Column pruning: every node gives only columns that somebody above reads, so scans list just the columns in use. A get
 * or values that nobody reads keeps one column for its row count; rows of system views stay whole.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, ROW_ADDRESS_ATTNUM, type Rel } from '../../expressions/relation.ts';
import { relExprs, relInputs, relIsVolatile } from '../../expressions/rel-walk.ts';
import { collectColumns } from '../../expressions/walk.ts';
import { PHYS_BYTES, physOf } from '../../types/sql-type.ts';
import { exactly } from './fresh.ts';

type Needed = ReadonlySet<ColId>;

function plus(needed: Needed, exprs: readonly (BoundExpr | undefined)[]): Needed {
  const out = new Set(needed);
  for (const e of exprs) if (e !== undefined) collectColumns(e, out);
  return out;
}

/** Indexes of kept columns, never empty when there were any. */
function keep(ids: readonly ColId[], needed: Needed): readonly number[] {
  const kept = ids.flatMap((id, i) => (needed.has(id) ? [i] : []));
  return kept.length > 0 || ids.length === 0 ? kept : [0];
}

function pruneGet(rel: Extract<Rel, { kind: 'get' }>, needed: Needed, pinned: Needed): Rel {
  let kept = rel.columns.flatMap((c, i) => (needed.has(c.id) || pinned.has(c.id) ? [i] : []));
  if (kept.length === 0) {
    const narrowest = rel.columns.map((c, i) => ({
      i,
      bytes: PHYS_BYTES[physOf(c.type)] + (physOf(c.type) === 'str' ? 100 : 0),
    }));
    kept = narrowest.length === 0 ? [] : [narrowest.reduce((a, b) => (b.bytes < a.bytes ? b : a)).i];
  }
  return { ...rel, columns: kept.map((i) => rel.columns[i]!), attnums: kept.map((i) => rel.attnums[i]!) };
}

function pruneSetOperation(rel: Extract<Rel, { kind: 'setop' }>, needed: Needed, pinned: Needed): Rel {
  const left = columnsOf(rel.left);
  const right = columnsOf(rel.right);
  const all = rel.op !== 'union' || !rel.all;
  const kept = all
    ? rel.columns.map((_, i) => i)
    : keep(
        rel.columns.map((c) => c.id),
        needed,
      );
  const side = (input: Rel, columns: typeof left): Rel => {
    const want = kept.map((i) => columns[i]!);
    const out = prune(input, new Set(want.map((c) => c.id)), pinned);
    return exactly(out, columnsOf(out), want);
  };
  return {
    ...rel,
    left: side(rel.left, left),
    right: side(rel.right, right),
    columns: kept.map((i) => rel.columns[i]!),
  };
}

/** `pinned`: columns that stay at their get although nobody reads them. */
export function prune(rel: Rel, needed: Needed, pinned: Needed = new Set()): Rel {
  switch (rel.kind) {
    case 'get':
      return pruneGet(rel, needed, pinned);
    case 'virtual':
    case 'working':
      return rel;
    case 'values': {
      const kept = keep(
        rel.columns.map((c) => c.id),
        needed,
      );
      return {
        ...rel,
        columns: kept.map((i) => rel.columns[i]!),
        rows: rel.rows.map((row) => kept.map((i) => row[i]!)),
      };
    }
    case 'filter':
      return { ...rel, input: prune(rel.input, plus(needed, [rel.condition]), pinned) };
    case 'project': {
      const kept = keep(
        rel.columns.map((c) => c.id),
        needed,
      );
      const exprs = kept.map((i) => rel.exprs[i]!);
      return {
        ...rel,
        columns: kept.map((i) => rel.columns[i]!),
        exprs,
        input: prune(rel.input, plus(new Set(), exprs), pinned),
      };
    }
    case 'join': {
      const all = plus(needed, [rel.on]);
      return { ...rel, left: prune(rel.left, all, pinned), right: prune(rel.right, all, pinned) };
    }
    case 'aggregate': {
      let aggregates = rel.aggregates.filter((a) => needed.has(a.id));
      if (aggregates.length === 0 && rel.groups.length === 0) aggregates = rel.aggregates.slice(0, 1);
      const used = plus(new Set(), [...rel.groups.map((g) => g.expr), ...aggregates.flatMap((a) => a.args)]);
      return { ...rel, aggregates, input: prune(rel.input, used, pinned) };
    }
    case 'window': {
      const calls = rel.calls.filter((c) => needed.has(c.id));
      if (calls.length === 0) return prune(rel.input, needed, pinned);
      const kept = { ...rel, calls };
      return { ...kept, input: prune(rel.input, plus(needed, relExprs(kept)), pinned) };
    }
    case 'expand':
      return {
        ...rel,
        input: prune(
          rel.input,
          plus(
            needed,
            rel.keys.map((k) => k.expr),
          ),
          pinned,
        ),
      };
    case 'sort':
      return {
        ...rel,
        input: prune(
          rel.input,
          plus(
            needed,
            rel.keys.map((k) => k.expr),
          ),
          pinned,
        ),
      };
    case 'distinct':
      return { ...rel, input: prune(rel.input, new Set(columnsOf(rel.input).map((c) => c.id)), pinned) };
    case 'unnest':
      return { ...rel, input: prune(rel.input, plus(needed, relExprs(rel)), pinned) };
    case 'limit':
    case 'subquery':
    case 'single-row':
      return { ...rel, input: prune(rel.input, needed, pinned) };
    case 'setop':
      return pruneSetOperation(rel, needed, pinned);
    case 'recursive': {
      // What nobody above reads may decide about the next round.
      const part = (input: Rel): Rel => {
        const all = columnsOf(input);
        const out = prune(input, new Set(all.map((c) => c.id)), pinned);
        return exactly(out, columnsOf(out), all);
      };
      return { ...rel, seed: part(rel.seed), step: part(rel.step) };
    }
  }
}

/**
 * The target's columns of an UPDATE or DELETE that calls volatile functions: the copies of an ALL table draw the numbers of a
 * row from its whole content.
 */
export function drawnFrom(rel: Rel): Needed {
  const pinned = new Set<ColId>();
  const visit = (r: Rel): void => {
    if (r.kind === 'get' && r.attnums.includes(ROW_ADDRESS_ATTNUM)) for (const c of r.columns) pinned.add(c.id);
    relInputs(r).forEach(visit);
  };
  visit(rel);
  return pinned.size > 0 && relIsVolatile(rel) ? pinned : new Set();
}
