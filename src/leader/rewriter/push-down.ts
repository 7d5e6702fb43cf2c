/**
 * Moves conditions as far down as their columns allow: through projections, derived tables, grouping (conditions on group
 * columns), both sides of UNION ALL and joins. An outer join's conditions stop where moving them would change which rows
 * get NULLs. Comma joins gain their ON here. Of an OR over both sides each side is asked what follows for it alone.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { factored, impliedOf } from '../../expressions/alternatives.ts';
import { columnsOf, isGroupingSets, type JoinType, type Rel } from '../../expressions/relation.ts';
import { mapInputs } from '../../expressions/rel-walk.ts';
import { conjunction, conjuncts, isVolatile } from '../../expressions/walk.ts';
import { columnsRead, substituteAll } from './shared-parts.ts';
import { passes } from './secure.ts';
import { simplifyJoinType } from './outer-joins.ts';

const idsOf = (rel: Rel): Set<ColId> => new Set(columnsOf(rel).map((c) => c.id));
const within = (e: BoundExpr, ids: ReadonlySet<ColId>): boolean => {
  for (const id of columnsRead(e)) if (!ids.has(id)) return false;
  return true;
};

function above(rel: Rel, preds: readonly BoundExpr[]): Rel {
  return preds.length === 0 ? rel : { kind: 'filter', input: rel, condition: conjunction(preds) };
}

/**
 * `preds` move into `rel`. `hints` hold above it for every row that survives, but stay where they are: they only tell
 * that NULLs added by an outer join below will be dropped anyway.
 */
export function pushDown(rel: Rel, preds: readonly BoundExpr[] = [], hints: readonly BoundExpr[] = []): Rel {
  switch (rel.kind) {
    case 'filter': {
      const own = factored(rel.condition);
      return pushDown(rel.input, [...own, ...preds], hints);
    }
    case 'project': {
      const map = new Map(rel.columns.map((c, i) => [c.id, rel.exprs[i]!]));
      const fixed = new Set(rel.columns.filter((_, i) => isVolatile(rel.exprs[i]!)).map((c) => c.id));
      const stays = (p: BoundExpr): boolean => fixed.size > 0 && [...columnsRead(p)].some((id) => fixed.has(id));
      const replace = substituteAll(map);
      const moved = preds.filter((p) => !stays(p)).map(replace);
      const below = hints.filter((p) => !stays(p)).map(replace);
      return above({ ...rel, input: pushDown(rel.input, moved, below) }, preds.filter(stays));
    }
    case 'subquery': {
      if (rel.secure === undefined) return { ...rel, input: pushDown(rel.input, preds, hints) };
      const may = passes(rel.input);
      return above(
        { ...rel, input: pushDown(rel.input, preds.filter(may)) },
        preds.filter((p) => !may(p)),
      );
    }
    case 'sort':
      return { ...rel, input: pushDown(rel.input, preds, hints) };
    case 'unnest': {
      const below = idsOf(rel.input);
      const moves = (p: BoundExpr): boolean => within(p, below) && !isVolatile(p);
      return above(
        { ...rel, input: pushDown(rel.input, preds.filter(moves)) },
        preds.filter((p) => !moves(p)),
      );
    }
    case 'distinct': {
      // Below, a volatile condition would be asked once per duplicate.
      const moved = preds.filter((p) => !isVolatile(p));
      return above({ ...rel, input: pushDown(rel.input, moved) }, preds.filter(isVolatile));
    }
    case 'join':
      return pushJoin(rel, preds, hints);
    case 'aggregate':
      return pushAggregate(rel, preds);
    case 'window':
      return pushWindow(rel, preds);
    case 'setop':
      return pushSetOperation(rel, preds);
    default:
      return above(
        mapInputs(rel, (r) => pushDown(r)),
        preds,
      );
  }
}

function pushAggregate(rel: Extract<Rel, { kind: 'aggregate' }>, preds: readonly BoundExpr[]): Rel {
  const groupIds = new Set(rel.groups.map((g) => g.column.id));
  const map = new Map(rel.groups.map((g) => [g.column.id, g.expr]));
  // A grouping set's group of no rows is not made from rows.
  const hasSets = isGroupingSets(rel.input);
  const movable = (p: BoundExpr): boolean =>
    !hasSets && columnsRead(p).size > 0 && within(p, groupIds) && !isVolatile(p);
  const moved = preds.filter(movable).map(substituteAll(map));
  return above(
    { ...rel, input: pushDown(rel.input, moved) },
    preds.filter((p) => !movable(p)),
  );
}

/** A condition on the PARTITION BY alone keeps or drops whole partitions. */
function pushWindow(rel: Extract<Rel, { kind: 'window' }>, preds: readonly BoundExpr[]): Rel {
  const keys = new Set(rel.partition.flatMap((e) => (e.kind === 'column' ? [e.id] : [])));
  const movable = (p: BoundExpr): boolean => columnsRead(p).size > 0 && within(p, keys) && !isVolatile(p);
  return above(
    { ...rel, input: pushDown(rel.input, preds.filter(movable)) },
    preds.filter((p) => !movable(p)),
  );
}

function pushSetOperation(rel: Extract<Rel, { kind: 'setop' }>, preds: readonly BoundExpr[]): Rel {
  if (preds.some(isVolatile))
    return above(
      mapInputs(rel, (r) => pushDown(r)),
      preds,
    );
  const side = (input: Rel): Rel => {
    const columns = columnsOf(input);
    const map = new Map(
      rel.columns.map((c, i): [ColId, BoundExpr] => {
        return [c.id, { kind: 'column', type: columns[i]!.type, id: columns[i]!.id }];
      }),
    );
    return pushDown(input, preds.map(substituteAll(map)));
  };
  return { ...rel, left: side(rel.left), right: side(rel.right) };
}

/** Where a condition of ON may go. */
interface OnRule {
  readonly toLeft: boolean;
  readonly toRight: boolean;
}
const ON_RULES: Readonly<Record<JoinType, OnRule>> = {
  inner: { toLeft: true, toRight: true },
  cross: { toLeft: true, toRight: true },
  semi: { toLeft: true, toRight: true },
  left: { toLeft: false, toRight: true },
  anti: { toLeft: false, toRight: true },
  right: { toLeft: true, toRight: false },
  full: { toLeft: false, toRight: false },
  'anti-null-aware': { toLeft: false, toRight: false },
};
/** Which sides conditions from above may enter. */
const ABOVE_RULES: Readonly<Record<JoinType, OnRule>> = {
  inner: { toLeft: true, toRight: true },
  cross: { toLeft: true, toRight: true },
  semi: { toLeft: true, toRight: false },
  left: { toLeft: true, toRight: false },
  anti: { toLeft: true, toRight: false },
  right: { toLeft: false, toRight: true },
  full: { toLeft: false, toRight: false },
  'anti-null-aware': { toLeft: true, toRight: false },
};

/** Whether a row of that side survives only with a match. */
const filtersLeft = (type: JoinType): boolean => type === 'inner' || type === 'semi' || type === 'right';
const filtersRight = (type: JoinType): boolean =>
  type === 'inner' || type === 'semi' || type === 'left' || type === 'anti';

/** What a condition over several relations implies for each of those joined in `rel`. */
function impliedFor(p: BoundExpr, rel: Rel): readonly BoundExpr[] {
  if (p.kind !== 'or') return [];
  if (rel.kind === 'join' && (rel.type === 'inner' || rel.type === 'cross'))
    return [...impliedFor(p, rel.left), ...impliedFor(p, rel.right)];
  const implied = impliedOf(p, idsOf(rel));
  return implied === undefined ? [] : [implied];
}

function pushJoin(
  rel: Extract<Rel, { kind: 'join' }>,
  preds: readonly BoundExpr[],
  hints: readonly BoundExpr[],
): Rel {
  const leftIds = idsOf(rel.left);
  const rightIds = idsOf(rel.right);
  const type = simplifyJoinType(rel.type, [...preds, ...hints], leftIds, rightIds);
  const symmetric = type === 'inner' || type === 'cross';
  const toLeft: BoundExpr[] = [];
  const toRight: BoundExpr[] = [];
  const on: BoundExpr[] = [];
  const stay: BoundExpr[] = [];
  const place = (p: BoundExpr, rule: OnRule, otherwise: BoundExpr[]): void => {
    const columns = columnsRead(p);
    if (isVolatile(p)) otherwise.push(p);
    else if (rule.toLeft && within(p, leftIds)) toLeft.push(p);
    else if (rule.toRight && columns.size > 0 && within(p, rightIds)) toRight.push(p);
    else {
      otherwise.push(p);
      if (rule.toLeft) toLeft.push(...impliedFor(p, rel.left));
      if (rule.toRight) toRight.push(...impliedFor(p, rel.right));
    }
  };
  for (const p of conjuncts(rel.on).flatMap(factored)) place(p, ON_RULES[type], on);
  for (const p of preds) place(p, ABOVE_RULES[type], symmetric && !isVolatile(p) ? on : stay);
  const condition = on.length === 0 ? undefined : conjunction(on);
  const joined: Rel = {
    kind: 'join',
    type: symmetric ? (condition === undefined ? 'cross' : 'inner') : type,
    left: pushDown(rel.left, toLeft, [...stay, ...hints, ...(filtersLeft(type) ? on : [])]),
    right: pushDown(rel.right, toRight, [
      ...(symmetric ? [...stay, ...hints] : []),
      ...(type === 'full' ? [] : filtersRight(type) ? on : []),
    ]),
    on: symmetric ? condition : (condition ?? conjunction([])),
  };
  return above(joined, stay);
}
