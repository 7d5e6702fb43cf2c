/**
 * WITH RECURSIVE: a WITH query that reads itself is a UNION ALL of a seed, which does not, and of a recursive member, which
 * reads the rows of the round before once, in its FROM. Its columns have the seed's types. Forms that Redshift refuses are
 * refused with its messages where they are known; what PostgreSQL refuses besides, with PostgreSQL's.
 */
import { columnAliasCount, featureNotSupported, grammarError, unionColumns } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import { isString, sameType, type SqlType } from '../../types/sql-type.ts';
import type { Cte, FromItem, Query, SelectCore } from '../parser/ast.ts';
import { settle, tryCoerce, unify } from './coerce.ts';
import { shownType } from './type-rules.ts';
import { at, newColumn, type AnalyserState, type CteEntry, type QueryEnv } from './context.ts';
import { analyseQueryIn, coerceColumns, unwrapLiteral, type BoundQuery } from './query.ts';

type Reference = { readonly pos: number };

/** Where a query, or a part of one, names the WITH query itself; inner WITH queries of its name hide it. */
function references(node: unknown, name: string, into: Reference[] = []): Reference[] {
  if (node === null || typeof node !== 'object') return into;
  if (Array.isArray(node)) {
    for (const item of node) references(item, name, into);
    return into;
  }
  const { kind, ctes } = node as { readonly kind?: string; readonly ctes?: readonly Cte[] };
  if (ctes?.some((c) => c.name === name) === true) return into;
  if (kind === 'table') {
    const item = node as Extract<FromItem, { kind: 'table' }>;
    if (item.relation === undefined && item.name.schema === undefined && item.name.name === name) into.push(item);
    return into;
  }
  for (const value of Object.values(node)) references(value, name, into);
  return into;
}

export const isRecursive = (cte: Cte): boolean =>
  cte.recursive === true && references(cte.query, cte.name).length > 0;

/** 42P19: what makes no recursive query. */
const invalidRecursion = (name: string, what: string, position: number): SqlError =>
  new SqlError({
    sqlstate: '42P19',
    message: `recursive reference to query "${name}" must not appear ${what}`,
    position,
  });
const inMember = (name: string, what: string, position: number): SqlError =>
  featureNotSupported(`The recursive subquery of CTE ${name} can not have ${what}.`, position);

/** References that FROM makes of its own, those on the side of an outer join that may be NULL left out. */
function ownReferences(item: FromItem, name: string): readonly Reference[] {
  if (item.kind === 'table') return references(item, name);
  if (item.kind !== 'join') return [];
  const sides = [ownReferences(item.left, name), ownReferences(item.right, name)];
  const nulls = { inner: [], cross: [], left: [1], right: [0], full: [0, 1] }[item.type] as readonly number[];
  for (const side of nulls) {
    const [first] = sides[side]!;
    if (first !== undefined) throw invalidRecursion(name, 'within an outer join', at(first));
  }
  return sides.flat();
}

interface Members {
  readonly seed: Query;
  readonly member: Query;
}

/** The two members, when the WITH query has the form of one that may read itself. */
function membersOf({ name, columnAliases, query, pos }: Cte): Members {
  if (columnAliases.length === 0) throw grammarError(`recursive CTE "${name}" must have a column name list`, pos + 1);
  const { body } = query;
  if (body.kind !== 'setop' || query.ctes.length > 0)
    throw new SqlError({
      sqlstate: '42P19',
      message: `recursive query "${name}" does not have the form non-recursive-term UNION ALL recursive-term`,
      position: pos + 1,
    });
  const [first] = references(body.left, name);
  if (body.op !== 'union') {
    const [any] = references(body, name);
    throw invalidRecursion(name, `within ${body.op.toUpperCase()}`, at(any!));
  }
  if (first !== undefined) throw invalidRecursion(name, 'within its non-recursive term', at(first));
  if (!body.all)
    throw featureNotSupported(`The members of recursive CTE ${name} must be combined with UNION ALL.`, at(body));
  if (query.orderBy.length > 0)
    throw featureNotSupported('ORDER BY in a recursive query is not implemented', at(query));
  if (query.limit !== undefined || query.offset !== undefined)
    throw featureNotSupported('LIMIT in a recursive query is not implemented', at(query));
  checkMember(name, body.right);
  return { seed: body.left, member: body.right };
}

function checkMember(name: string, member: Query): void {
  const { body } = member;
  const position = at(member);
  if (body.kind !== 'select') {
    const [any] = references(body, name);
    throw invalidRecursion(name, 'within a set operation of its recursive member', at(any!));
  }
  if (member.orderBy.length > 0) throw inMember(name, 'order by clause', position);
  if (member.limit !== undefined || member.offset !== undefined) throw inMember(name, 'limit clause', position);
  checkClauses(name, body, position);
  const own = body.from.flatMap((item) => ownReferences(item, name));
  const all = references(member, name);
  const hidden = all.find((r) => !own.includes(r));
  if (hidden !== undefined) throw invalidRecursion(name, 'within a subquery', at(hidden));
  if (own.length > 1) throw invalidRecursion(name, 'more than once', at(own[1]!));
}

function checkClauses(name: string, body: SelectCore, position: number): void {
  if (body.distinct) throw inMember(name, 'distinct clause', position);
  if (body.groupBy === 'all' || body.groupBy.length > 0) throw inMember(name, 'group by clause', position);
  if (body.having !== undefined) throw inMember(name, 'having clause', position);
  if (body.qualify !== undefined) throw inMember(name, 'qualify clause', position);
  if (body.connectBy !== undefined) throw inMember(name, 'connect by clause', position);
}

/** Aggregates and window functions show in what the member became. */
function checkCalls(name: string, member: BoundQuery, position: number): void {
  let { rel } = member;
  for (;;) {
    if (rel.kind === 'aggregate')
      throw new SqlError({
        sqlstate: '42P19',
        message: `aggregate functions are not allowed in a recursive query's recursive term`,
        position,
      });
    if (rel.kind === 'window') throw inMember(name, 'window functions', position);
    if (rel.kind !== 'project' && rel.kind !== 'filter') return;
    rel = rel.input;
  }
}

function typeMismatch(name: string, column: number, seed: SqlType, all: SqlType, position: number): SqlError {
  return new SqlError({
    sqlstate: '42804',
    message: `recursive query "${name}" column ${column} has type ${shownType(seed)} in non-recursive term but type ${shownType(all)} overall`,
    hint: 'Cast the output of the non-recursive term to the correct type.',
    position,
  });
}

/** The member's columns as the seed's: texts must fit, every other type must be what a UNION ALL of both would have. */
function asSeed(
  name: string,
  seed: BoundQuery,
  member: BoundQuery,
  state: AnalyserState,
  position: number,
): BoundQuery {
  const columnOf = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });
  const types = seed.columns.map((c, i) => {
    const other = unwrapLiteral(member, member.columns[i]!);
    const { type } = unify(state, [columnOf(c), other], 'UNION', position);
    if (isString(c.type) && isString(type)) return c.type;
    if (!sameType(type, c.type)) throw typeMismatch(name, i + 1, c.type, type, position);
    return c.type;
  });
  return coerceColumns(state, member, (e, i) => {
    const mode = isString(types[i]!) ? 'assignment' : 'implicit';
    return tryCoerce(state, e, types[i]!, mode, position) ?? e;
  });
}

/** A WITH query that reads itself. */
export function analyseRecursion(entry: CteEntry, state: AnalyserState): BoundQuery {
  const { cte, env } = entry;
  const { name, columnAliases } = cte;
  const { seed, member } = membersOf(cte);
  const first = coerceColumns(state, analyseQueryIn(seed, env, true), (e) => settle(state, e));
  if (columnAliases.length > first.columns.length)
    throw columnAliasCount(name, String(first.columns.length), String(columnAliases.length), cte.pos + 1);
  const named = first.columns.map((c, i) => ({ name: columnAliases[i] ?? c.name, type: c.type }));
  const recursion = state.context.nextColId();
  const inner: QueryEnv = {
    ...env,
    ctes: new Map([...env.ctes, [name, { cte, env, used: true, working: { recursion, columns: named } }]]),
  };
  const again = analyseQueryIn(member, inner, true);
  checkCalls(name, again, at(member));
  if (again.columns.length !== first.columns.length) throw unionColumns('UNION', at(member));
  const step = asSeed(name, first, again, state, at(member));
  const columns = named.map((c) => newColumn(state, c.name, c.type));
  return { columns, rel: { kind: 'recursive', recursion, name, seed: first.rel, step: step.rel, columns } };
}
