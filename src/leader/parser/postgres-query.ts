/**
 * SELECT, set operations, VALUES and WITH of libpg-query's tree to Query; also reads the marker calls that the rewrites
 * put in front of a select list (TOP, QUALIFY) and behind a star (EXCLUDE). Refuses DISTINCT ON, FOR UPDATE, WINDOW,
 * INTERSECT ALL and the other things that Redshift has not.
 */
import { grammarError, limitInSetOperation, syntaxErrorAt, topWithLimit } from '../../common/errors/catalogue.ts';
import type { ConnectBy, Cte, Expr, GroupItem, Query, SelectCore, SelectItem, SetOperation } from './ast.ts';
import { MARK_CONNECT_BY, MARK_EXCLUDE, MARK_GROUP_BY_ALL, MARK_QUALIFY, MARK_TOP } from './dialect/rewrite.ts';
import type { PgNode } from './libpg.ts';
import { orderItems } from './postgres-call.ts';
import { convertExpr } from './postgres-expr.ts';
import { convertFrom, tableName } from './postgres-from.ts';
import { child, flag, list, names, refuse, text, unwrap, type PgContext } from './postgres-node.ts';

interface TargetList {
  readonly items: readonly SelectItem[];
  readonly top?: Expr;
  readonly qualify?: Expr;
  readonly connectBy?: ConnectBy;
}

const LIST_MARKS: readonly string[] = [MARK_TOP, MARK_QUALIFY, MARK_CONNECT_BY, MARK_EXCLUDE];
/** Name of a marker call of a select list, or undefined. */
const markerOf = (expr: Expr): string | undefined =>
  expr.kind === 'call' && LIST_MARKS.includes(expr.name.name) ? expr.name.name : undefined;

function excludeFrom(items: SelectItem[], call: Expr): void {
  const star = items[items.length - 1];
  if (star?.expr.kind !== 'star' || call.kind !== 'call') throw syntaxErrorAt('exclude', call.pos + 1);
  const exclude = call.args.map((arg) => {
    if (arg.kind !== 'name' || arg.parts.length !== 1)
      throw grammarError('EXCLUDE takes column names only', arg.pos + 1);
    return arg.parts[0];
  });
  items[items.length - 1] = { ...star, expr: { ...star.expr, exclude } };
}

function targets(ctx: PgContext, nodes: readonly PgNode[], pos: number): TargetList {
  const items: SelectItem[] = [];
  let top: Expr | undefined;
  let qualify: Expr | undefined;
  let connectBy: ConnectBy | undefined;
  for (const node of nodes) {
    const target = unwrap(node)[1];
    const at = ctx.pos(target.location, pos);
    const expr = convertExpr(ctx, child(target, 'val') ?? {}, at);
    const alias = text(target, 'name');
    const marker = markerOf(expr);
    if (marker !== undefined && expr.kind === 'call') {
      if (marker === MARK_TOP) top = expr.args[0];
      else if (marker === MARK_QUALIFY) qualify = expr.args[0];
      else if (marker === MARK_CONNECT_BY) connectBy = connectByOf(expr);
      else if (marker === MARK_EXCLUDE) excludeFrom(items, expr);
      continue;
    }
    items.push({ expr, ...(alias === '' ? {} : { alias: ctx.name(alias) }), pos: at });
  }
  return {
    items,
    ...(top === undefined ? {} : { top }),
    ...(qualify === undefined ? {} : { qualify }),
    ...(connectBy === undefined ? {} : { connectBy }),
  };
}
function connectByOf({ args, pos }: Extract<Expr, { kind: 'call' }>): ConnectBy {
  const [condition, start] = args;
  return { condition, ...(start === undefined ? {} : { start }), pos };
}

const GROUPING_FORMS: Readonly<Record<string, 'sets' | 'rollup' | 'cube' | 'list'>> = {
  GROUPING_SET_EMPTY: 'list',
  GROUPING_SET_ROLLUP: 'rollup',
  GROUPING_SET_CUBE: 'cube',
  GROUPING_SET_SETS: 'sets',
};

function groupItem(ctx: PgContext, node: PgNode, fallback: number): GroupItem {
  const [type, fields] = unwrap(node);
  if (type !== 'GroupingSet') {
    const expr = convertExpr(ctx, node, fallback);
    return expr.kind === 'row' ? { kind: 'grouping', form: 'list', items: expr.items, pos: expr.pos } : expr;
  }
  const pos = ctx.pos(fields.location, fallback);
  const items = list(fields, 'content').map((item) => groupItem(ctx, item, pos));
  return { kind: 'grouping', form: GROUPING_FORMS[text(fields, 'kind')]!, items, pos };
}

function groupBy(ctx: PgContext, select: PgNode, pos: number): SelectCore['groupBy'] {
  if (flag(select, 'groupDistinct')) throw syntaxErrorAt('distinct', pos + 1);
  const items = list(select, 'groupClause').map((node) => groupItem(ctx, node, pos));
  const [only] = items;
  return only?.kind === 'name' && only.parts[0] === MARK_GROUP_BY_ALL ? 'all' : items;
}

function intoClause(ctx: PgContext, select: PgNode, pos: number): SelectCore['into'] {
  const into = child(select, 'intoClause');
  if (into === undefined) return undefined;
  const relation = child(into, 'rel') ?? {};
  if (select !== ctx.into.select)
    throw grammarError('SELECT ... INTO is not allowed here', ctx.pos(relation.location, pos) + 1);
  if (text(relation, 'relpersistence') === 'u') throw syntaxErrorAt('unlogged', pos + 1);
  const name = tableName(ctx, relation, pos);
  return { ...name, temporary: text(relation, 'relpersistence') === 't' || name.name.startsWith('#') };
}

/** True for a target that a rewrite put in front of the list. */
function isMarkerTarget(node: PgNode): boolean {
  const [type, call] = unwrap(child(unwrap(node)[1], 'val'));
  if (type !== 'FuncCall') return false;
  const name = text(unwrap(list(call, 'funcname')[0])[1], 'sval');
  return name === MARK_TOP || name === MARK_QUALIFY || name === MARK_CONNECT_BY;
}

/** Position of a SELECT: the tree has none, so that of its first item. */
function selectPos(ctx: PgContext, select: PgNode, fallback: number): number {
  const first = list(select, 'targetList').find((node) => !isMarkerTarget(node));
  if (first !== undefined) return ctx.pos(unwrap(first)[1].location, fallback);
  const left = child(select, 'larg');
  return left === undefined ? fallback : selectPos(ctx, left, fallback);
}

interface Core {
  readonly core: SelectCore;
  readonly top?: Expr;
}

function selectCore(ctx: PgContext, select: PgNode, pos: number): Core {
  const distinct = list(select, 'distinctClause');
  if (distinct.some((node) => unwrap(node)[0] !== '')) throw refuse('SELECT DISTINCT ON', pos);
  if (list(select, 'windowClause').length > 0) throw refuse('the WINDOW clause', pos);
  const { items, top, qualify, connectBy } = targets(ctx, list(select, 'targetList'), pos);
  const where = child(select, 'whereClause');
  const having = child(select, 'havingClause');
  const into = intoClause(ctx, select, pos);
  const core: SelectCore = {
    kind: 'select',
    distinct: distinct.length > 0,
    items,
    from: list(select, 'fromClause').map((node) => convertFrom(ctx, node, pos)),
    ...(where === undefined ? {} : { where: convertExpr(ctx, where, pos) }),
    groupBy: groupBy(ctx, select, pos),
    ...(having === undefined ? {} : { having: convertExpr(ctx, having, pos) }),
    ...(qualify === undefined ? {} : { qualify }),
    ...(connectBy === undefined ? {} : { connectBy }),
    ...(into === undefined ? {} : { into }),
    pos,
  };
  return { core, ...(top === undefined ? {} : { top }) };
}

const SET_OPERATIONS: Readonly<Record<string, SetOperation['op']>> = {
  SETOP_UNION: 'union',
  SETOP_INTERSECT: 'intersect',
  SETOP_EXCEPT: 'except',
};

function setOperation(ctx: PgContext, select: PgNode, pos: number): SetOperation {
  const op = SET_OPERATIONS[text(select, 'op')];
  const all = flag(select, 'all');
  const left = convertQuery(ctx, child(select, 'larg') ?? {}, pos);
  const right = convertQuery(ctx, child(select, 'rarg') ?? {}, pos);
  if (all && op !== 'union') throw refuse(`${op.toUpperCase()} ALL`, right.pos);
  for (const input of [left, right]) {
    if (input.limit !== undefined || input.offset !== undefined) throw limitInSetOperation(input.pos + 1);
  }
  return { kind: 'setop', op, all, left, right, pos };
}

/** WITH of any statement. */
export function ctesOf(ctx: PgContext, node: PgNode, pos: number): Pick<Query, 'ctes' | 'recursive'> {
  const clause = child(node, 'withClause');
  if (clause === undefined) return { ctes: [], recursive: false };
  const recursive = flag(clause, 'recursive');
  const ctes = list(clause, 'ctes').map((item): Cte => {
    const cte = unwrap(item)[1];
    const at = ctx.pos(cte.location, pos);
    const [type, query] = unwrap(child(cte, 'ctequery'));
    if (type !== 'SelectStmt') throw refuse('a statement that changes data inside WITH', at);
    return {
      name: ctx.name(text(cte, 'ctename')),
      columnAliases: names(ctx, list(cte, 'aliascolnames')),
      query: ctx.query(query),
      ...(recursive ? { recursive } : {}),
      pos: at,
    };
  });
  return { ctes, recursive };
}

function limitOf(ctx: PgContext, select: PgNode, field: string, pos: number): Expr | undefined {
  const node = child(select, field);
  if (node === undefined) return undefined;
  const expr = convertExpr(ctx, node, pos);
  return expr.kind === 'literal' && expr.form === 'null' ? undefined : expr;
}

/** A SelectStmt, with everything around its core. */
export function convertQuery(ctx: PgContext, select: PgNode, fallback: number): Query {
  const pos = selectPos(ctx, select, fallback);
  if (list(select, 'lockingClause').length > 0) throw refuse('SELECT FOR UPDATE/SHARE', pos);
  if (text(select, 'limitOption') === 'LIMIT_OPTION_WITH_TIES') throw refuse('FETCH FIRST', pos);
  const isSet = text(select, 'op') !== 'SETOP_NONE' && text(select, 'op') !== '';
  const { ctes, recursive } = ctesOf(ctx, select, pos);
  const plain: Core | undefined = isSet ? undefined : selectCore(ctx, select, pos);
  const written = limitOf(ctx, select, 'limitCount', pos);
  if (written !== undefined && plain?.top !== undefined) throw topWithLimit(written.pos + 1);
  const limit = written ?? plain?.top;
  const offset = limitOf(ctx, select, 'limitOffset', pos);
  return {
    ctes,
    recursive,
    body: plain?.core ?? setOperation(ctx, select, pos),
    orderBy: orderItems(ctx, list(select, 'sortClause'), convertExpr, pos),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    pos,
  };
}
