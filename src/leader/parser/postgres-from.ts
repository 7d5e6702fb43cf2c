/**
 * FROM items of libpg-query's tree to FromItem. Refuses what Redshift has not: LATERAL, TABLESAMPLE, ROWS FROM, XMLTABLE and the like.
 */
import { grammarError, syntaxErrorAt } from '../../common/errors/catalogue.ts';
import type { Expr, FromItem, QualifiedName, Query, TypeRef } from './ast.ts';
import { MARK_PIVOT, MARK_UNPIVOT_CLAUSE } from './dialect/rewrite.ts';
import type { PgNode } from './libpg.ts';
import { convertCall } from './postgres-call.ts';
import { convertExpr } from './postgres-expr.ts';
import { typeRef } from './postgres-type.ts';
import { child, flag, list, names, refuse, text, unwrap, type PgContext } from './postgres-node.ts';

/** A table's name from a RangeVar. */
export function tableName(ctx: PgContext, range: PgNode, fallback: number): QualifiedName {
  const database = text(range, 'catalogname');
  const schema = text(range, 'schemaname');
  return {
    ...(database === '' ? {} : { database: ctx.name(database) }),
    ...(schema === '' ? {} : { schema: ctx.name(schema) }),
    name: ctx.name(text(range, 'relname')),
    pos: ctx.pos(range.location, fallback),
  };
}

interface Alias {
  readonly alias?: string;
  readonly columnAliases: readonly string[];
}

function aliasOf(ctx: PgContext, node: PgNode): Alias {
  const alias = child(node, 'alias');
  if (alias === undefined) return { columnAliases: [] };
  return { alias: ctx.name(text(alias, 'aliasname')), columnAliases: names(ctx, list(alias, 'colnames')) };
}

type Call = Extract<Expr, { kind: 'call' }>;
const textOf = (e: Expr | undefined): string => (e?.kind === 'literal' && typeof e.value === 'string' ? e.value : '');
const given = <K extends string>(key: K, name: string): { readonly [P in K]?: string } =>
  name === '' ? {} : ({ [key]: name } as { readonly [P in K]?: string });
/** Pairs of an expression and its label. */
const pairs = (args: readonly Expr[]): { readonly expr: Expr; readonly label?: string }[] =>
  args.flatMap((expr, i) => (i % 2 === 0 ? [{ expr, ...given('label', textOf(args[i + 1])) }] : []));

/** PIVOT and UNPIVOT, from the derived table that the rewrite made of them. */
function pivotOf(query: Query, alias: Alias): FromItem | undefined {
  if (query.body.kind !== 'select' || query.body.items.length !== 1) return undefined;
  const call = query.body.items[0]!.expr;
  if (call.kind !== 'call' || (call.name.name !== MARK_PIVOT && call.name.name !== MARK_UNPIVOT_CLAUSE))
    return undefined;
  const [input] = query.body.from;
  const base = { input: input!, ...alias, pos: call.pos };
  return call.name.name === MARK_PIVOT ? pivotItem(call, base) : unpivotItem(call, base);
}
type Base = Alias & { readonly input: FromItem; readonly pos: number };
function pivotItem({ args }: Call, base: Base): FromItem {
  const [aggregate, name, column, ...values] = args;
  const named = given('name', textOf(name));
  return { kind: 'pivot', aggregate: aggregate!, ...named, column: column!, values: pairs(values), ...base };
}
function unpivotItem({ args }: Call, base: Base): FromItem {
  const [nulls, value, name, ...columns] = args;
  return {
    kind: 'unpivot',
    value: textOf(value),
    name: textOf(name),
    columns: pairs(columns),
    includeNulls: textOf(nulls) === 'include',
    ...base,
  };
}

function derived(ctx: PgContext, node: PgNode, fallback: number): FromItem {
  const select = unwrap(child(node, 'subquery'))[1];
  if (flag(node, 'lateral')) throw syntaxErrorAt('lateral', fallback + 1);
  const query = ctx.query(select);
  const pivoted = pivotOf(query, aliasOf(ctx, node));
  if (pivoted !== undefined) return pivoted;
  return { kind: 'derived', query, ...aliasOf(ctx, node), pos: query.pos };
}

/** FROM f(..): a call, or a bare function such as current_date. */
function functionItem(ctx: PgContext, node: PgNode, fallback: number): FromItem {
  const functions = list(node, 'functions');
  if (flag(node, 'is_rowsfrom') || functions.length !== 1) throw refuse('ROWS FROM', fallback);
  const [type, fields] = unwrap(list(unwrap(functions[0])[1], 'items')[0]);
  if (type !== 'FuncCall') throw refuse('this function in FROM', ctx.pos(fields.location, fallback));
  const call = convertCall(ctx, fields, convertExpr, fallback);
  const definitions = list(node, 'coldeflist').map((item) => unwrap(item)[1]);
  const { alias, columnAliases } = aliasOf(ctx, node);
  const columnTypes: TypeRef[] = definitions.map((column) => typeRef(ctx, child(column, 'typeName') ?? {}, call.pos));
  return {
    kind: 'function',
    call,
    ...(alias === undefined ? {} : { alias }),
    columnAliases:
      definitions.length > 0 ? definitions.map((column) => ctx.name(text(column, 'colname'))) : columnAliases,
    columnTypes,
    ordinality: flag(node, 'ordinality'),
    pos: call.pos,
  };
}

const JOIN_TYPES: Readonly<Record<string, 'inner' | 'left' | 'right' | 'full'>> = {
  JOIN_INNER: 'inner',
  JOIN_LEFT: 'left',
  JOIN_RIGHT: 'right',
  JOIN_FULL: 'full',
};

function join(ctx: PgContext, node: PgNode, fallback: number): FromItem {
  const left = convertFrom(ctx, child(node, 'larg') ?? {}, fallback);
  const right = convertFrom(ctx, child(node, 'rarg') ?? {}, fallback);
  const written = JOIN_TYPES[text(node, 'jointype')];
  if (written === undefined) throw refuse('this kind of join', left.pos);
  const on = child(node, 'quals');
  const using = names(ctx, list(node, 'usingClause'));
  const natural = flag(node, 'isNatural');
  const cross = written === 'inner' && on === undefined && using.length === 0 && !natural;
  if (node.join_using_alias !== undefined) throw refuse('an alias of a USING clause', left.pos);
  const { alias, columnAliases } = aliasOf(ctx, node);
  if (columnAliases.length > 0) throw refuse('column aliases of a join', left.pos);
  return {
    kind: 'join',
    type: cross ? 'cross' : written,
    left,
    right,
    ...(on === undefined ? {} : { on: convertExpr(ctx, on, left.pos) }),
    using,
    natural,
    ...(alias === undefined ? {} : { alias }),
    pos: left.pos,
  };
}

export function convertFrom(ctx: PgContext, node: PgNode, fallback: number): FromItem {
  const [type, fields] = unwrap(node);
  switch (type) {
    case 'RangeVar': {
      const name = tableName(ctx, fields, fallback);
      return { kind: 'table', name, ...aliasOf(ctx, fields), pos: name.pos };
    }
    case 'RangeSubselect':
      return derived(ctx, fields, fallback);
    case 'RangeFunction':
      if (flag(fields, 'lateral')) throw syntaxErrorAt('lateral', fallback + 1);
      return functionItem(ctx, fields, fallback);
    case 'JoinExpr':
      return join(ctx, fields, fallback);
    case '':
      throw grammarError('empty FROM item', fallback + 1);
    default:
      throw refuse(`this item in FROM (${type})`, ctx.pos(fields.location, fallback));
  }
}
