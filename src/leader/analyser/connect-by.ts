/**
 * [START WITH start] CONNECT BY condition: the rows of FROM as a hierarchy, which is a recursion. Its seed are the rows that
 * START WITH wants, all without it; each round joins the rows of the round before, which PRIOR names, with all rows of FROM by the
 * condition. LEVEL counts the rounds from 1. WHERE comes behind it.
 */
import { readColumn } from './privileges.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { relIsVolatile } from '../../expressions/rel-walk.ts';
import { someExpr } from '../../expressions/walk.ts';
import { INT4 } from '../../types/sql-type.ts';
import type { ConnectBy, FromItem } from '../parser/ast.ts';
import { constant, toBoolean } from './coerce.ts';
import { at, newColumn, type AnalyserState, type QueryEnv } from './context.ts';
import { bindExpr } from './expression.ts';
import { analyseFrom, scopeOf, type FromResult } from './from.ts';
import { bindBinary } from './operators.ts';
import type { ScopeColumn } from './scope.ts';

export interface Hierarchy {
  readonly from: FromResult;
  readonly level: ScopeColumn;
}
const LEVEL = 'level';
const colExpr = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });

/** All columns that a FROM clause shows in any way, each once, in the order of its items. */
const shown = (from: FromResult): readonly ColumnRef[] => [
  ...new Map(
    [...from.tables.flatMap((t) => t.columns), ...from.columns].map((c) => [c.column.id, c.column]),
  ).values(),
];
/** The clause's names for other columns. */
function renamed(from: FromResult, rel: Rel, columns: ReadonlyMap<number, ColumnRef>): FromResult {
  const other = (c: ScopeColumn): ScopeColumn => ({ ...c, column: columns.get(c.column.id)! });
  const tables = from.tables.map((t) => ({ ...t, columns: t.columns.map(other) }));
  return { rel, tables, columns: from.columns.map(other) };
}
const again = (state: AnalyserState, columns: readonly ColumnRef[]): readonly ColumnRef[] =>
  columns.map((c) => newColumn(state, c.name, c.type, c.origin));
const byId = (old: readonly ColumnRef[], columns: readonly ColumnRef[]): ReadonlyMap<number, ColumnRef> =>
  new Map(old.map((c, i) => [c.id, columns[i]!]));

export function hierarchy(clause: ConnectBy, items: readonly FromItem[], env: QueryEnv): Hierarchy {
  const { state } = env;
  if (items.length === 0) throw featureNotSupported('CONNECT BY without FROM is not supported', at(clause));
  const first = analyseFrom(items, env);
  if (relIsVolatile(first.rel))
    throw featureNotSupported('CONNECT BY over volatile functions in FROM is not supported', at(clause));
  const columns = shown(first);
  const seed = seedOf(clause, first, columns, env);
  const recursion = state.context.nextColId();
  const working = again(state, columns);
  const workingLevel = newColumn(state, LEVEL, INT4);
  const before: Rel = { kind: 'working', recursion, alias: 'prior', columns: [...working, workingLevel] };
  const step = stepOf(clause, items, { first, columns, working, before, workingLevel }, env);
  const out = again(state, columns);
  const level = newColumn(state, LEVEL, INT4);
  const rel: Rel = { kind: 'recursive', recursion, name: 'connect by', seed, step, columns: [...out, level] };
  return { from: renamed(first, rel, byId(columns, out)), level: { name: LEVEL, column: level } };
}

function seedOf(clause: ConnectBy, from: FromResult, columns: readonly ColumnRef[], env: QueryEnv): Rel {
  const { state } = env;
  const scope = scopeOf(from, env);
  const level = newColumn(state, LEVEL, INT4);
  const condition =
    clause.start === undefined
      ? undefined
      : toBoolean(
          state,
          bindExpr(clause.start, { env, scope, clause: 'START WITH' }),
          'argument of START WITH',
          at(clause.start),
        );
  const input: Rel = condition === undefined ? from.rel : { kind: 'filter', input: from.rel, condition };
  const out = again(state, columns);
  return {
    kind: 'project',
    input,
    columns: [...out, level],
    exprs: [...columns.map((c) => colExpr(readColumn(c))), constant(INT4, 1)],
  };
}

interface Before {
  readonly first: FromResult;
  readonly columns: readonly ColumnRef[];
  readonly working: readonly ColumnRef[];
  readonly before: Rel;
  readonly workingLevel: ColumnRef;
}

function stepOf(clause: ConnectBy, items: readonly FromItem[], b: Before, env: QueryEnv): Rel {
  const { state } = env;
  const next = analyseFrom(items, env);
  const columns = shown(next);
  const level = newColumn(state, LEVEL, INT4);
  const parents: Rel = {
    kind: 'project',
    input: b.before,
    columns: [...b.working, level],
    exprs: [
      ...b.working.map(colExpr),
      bindBinary(state, '+', colExpr(b.workingLevel), constant(INT4, 1), at(clause)),
    ],
  };
  const prior = scopeOf(renamed(b.first, b.before, byId(b.columns, b.working)), env);
  const priorLevel = { name: LEVEL, column: b.workingLevel };
  const scope = {
    ...scopeOf(next, env),
    pseudo: [{ name: LEVEL, column: level }],
    prior: { ...prior, pseudo: [priorLevel] },
  };
  const condition = toBoolean(
    state,
    bindExpr(clause.condition, { env, scope, clause: 'CONNECT BY' }),
    'argument of CONNECT BY',
    at(clause.condition),
  );
  const ofParent = new Set(b.working.map((c) => c.id));
  if (!someExpr(condition, (e) => e.kind === 'column' && ofParent.has(e.id)))
    throw featureNotSupported('CONNECT BY without PRIOR is not supported', at(clause));
  return {
    kind: 'project',
    input: {
      kind: 'filter',
      input: { kind: 'join', type: 'cross', left: parents, right: next.rel, on: undefined },
      condition,
    },
    columns: [...again(state, columns), newColumn(state, LEVEL, INT4)],
    exprs: [...columns.map((c) => colExpr(readColumn(c))), colExpr(level)],
  };
}
