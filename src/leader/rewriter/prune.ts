/**
 * Column pruning: every node gives only columns that somebody above reads, so scans list just the columns in use. A get
 * or values that nobody reads keeps one column for its row count; rows of system views stay whole.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
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

function pruneGet(rel: Extract<Rel, { kind: 'get' }>, needed: Needed): Rel {
  let kept = rel.columns.flatMap((c, i) => (needed.has(c.id) ? [i] : []));
  if (kept.length === 0) {
    const narrowest = rel.columns.map((c, i) => ({
      i,
      bytes: PHYS_BYTES[physOf(c.type)] + (physOf(c.type) === 'str' ? 100 : 0),
    }));
    kept = narrowest.length === 0 ? [] : [narrowest.reduce((a, b) => (b.bytes < a.bytes ? b : a)).i];
  }
  return { ...rel, columns: kept.map((i) => rel.columns[i]!), attnums: kept.map((i) => rel.attnums[i]!) };
}

function pruneSetOperation(rel: Extract<Rel, { kind: 'setop' }>, needed: Needed): Rel {
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
    const out = prune(input, new Set(want.map((c) => c.id)));
    return exactly(out, columnsOf(out), want);
  };
  return {
    ...rel,
    left: side(rel.left, left),
    right: side(rel.right, right),
    columns: kept.map((i) => rel.columns[i]!),
  };
}

export function prune(rel: Rel, needed: Needed): Rel {
  switch (rel.kind) {
    case 'get':
      return pruneGet(rel, needed);
    case 'virtual':
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
      return { ...rel, input: prune(rel.input, plus(needed, [rel.condition])) };
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
        input: prune(rel.input, plus(new Set(), exprs)),
      };
    }
    case 'join': {
      const all = plus(needed, [rel.on]);
      return { ...rel, left: prune(rel.left, all), right: prune(rel.right, all) };
    }
    case 'aggregate': {
      let aggregates = rel.aggregates.filter((a) => needed.has(a.id));
      if (aggregates.length === 0 && rel.groups.length === 0) aggregates = rel.aggregates.slice(0, 1);
      const used = plus(new Set(), [...rel.groups.map((g) => g.expr), ...aggregates.flatMap((a) => a.args)]);
      return { ...rel, aggregates, input: prune(rel.input, used) };
    }
    case 'sort':
      return {
        ...rel,
        input: prune(
          rel.input,
          plus(
            needed,
            rel.keys.map((k) => k.expr),
          ),
        ),
      };
    case 'distinct':
      return { ...rel, input: prune(rel.input, new Set(columnsOf(rel.input).map((c) => c.id))) };
    case 'limit':
    case 'subquery':
    case 'single-row':
      return { ...rel, input: prune(rel.input, needed) };
    case 'setop':
      return pruneSetOperation(rel, needed);
  }
}
