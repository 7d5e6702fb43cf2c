/**
 * Function calls of libpg-query's tree to 'call' nodes: special syntax (EXTRACT, TRIM, POSITION ...), markers of the
 * rewrites, bare date parts, WITHIN GROUP, OVER. Refuses what Redshift has not: FILTER, VARIADIC, named arguments.
 */
import { syntaxErrorAt } from '../../common/errors/catalogue.ts';
import type { Expr, OrderItem, QualifiedName, WindowSpec } from './ast.ts';
import { MARK_APPROXIMATE, MARK_DISTINCT, MARK_IGNORE_NULLS } from './dialect/rewrite.ts';
import type { PgNode } from './libpg.ts';
import { child, flag, int, list, names, refuse, text, unwrap, type PgContext } from './postgres-node.ts';

export type ConvertExpr = (ctx: PgContext, node: PgNode, fallback: number) => Expr;

/** Functions whose first argument may be a bare date part. */
const DATE_PART_FIRST = new Set([
  'dateadd',
  'date_add',
  'datediff',
  'date_diff',
  'date_part',
  'pgdate_part',
  'datepart',
  'date_trunc',
]);
/** Grammar names of SQL-syntax calls to the names functions are registered under. */
const SYNTAX_NAMES: Readonly<Record<string, string>> = { extract: 'date_part' };

export function orderItems(ctx: PgContext, nodes: readonly PgNode[], expr: ConvertExpr, pos: number): OrderItem[] {
  return nodes.map((node) => {
    const sort = unwrap(node)[1];
    const direction = text(sort, 'sortby_dir');
    const nulls = text(sort, 'sortby_nulls');
    if (direction === 'SORTBY_USING') throw refuse('ORDER BY USING', ctx.pos(sort.location, pos));
    return {
      expr: expr(ctx, child(sort, 'node') ?? {}, pos),
      descending: direction === 'SORTBY_DESC',
      ...(nulls === 'SORTBY_NULLS_FIRST' ? { nulls: 'first' as const } : {}),
      ...(nulls === 'SORTBY_NULLS_LAST' ? { nulls: 'last' as const } : {}),
    };
  });
}

const FRAME = {
  nondefault: 0x1,
  rows: 0x4,
  groups: 0x8,
  startUnbounded: 0x20,
  startCurrent: 0x200,
  startPreceding: 0x800,
  endUnbounded: 0x100,
  endPreceding: 0x1000,
  endFollowing: 0x4000,
  exclusion: 0x38000,
};

function frameOffset(ctx: PgContext, node: PgNode | undefined, expr: ConvertExpr, pos: number): string {
  const value = node === undefined ? undefined : expr(ctx, node, pos);
  if (value?.kind !== 'number' || !/^\d+$/.test(value.text)) {
    throw refuse('a window frame offset that is not a constant', pos);
  }
  return value.text;
}

/** `rows between 1 preceding and current row`; undefined for the default frame. */
function frameText(ctx: PgContext, over: PgNode, expr: ConvertExpr, pos: number): string | undefined {
  const options = int(over, 'frameOptions');
  if ((options & FRAME.nondefault) === 0) return undefined;
  if ((options & FRAME.groups) !== 0) throw refuse('a GROUPS window frame', pos);
  if ((options & FRAME.exclusion) !== 0) throw refuse('EXCLUDE in a window frame', pos);
  if ((options & FRAME.rows) === 0) throw refuse('a RANGE window frame', pos);
  const bound = (field: string, preceding: number): string =>
    `${frameOffset(ctx, child(over, field), expr, pos)} ${(options & preceding) !== 0 ? 'preceding' : 'following'}`;
  let start = 'unbounded preceding';
  if ((options & FRAME.startCurrent) !== 0) start = 'current row';
  else if ((options & FRAME.startUnbounded) === 0) start = bound('startOffset', FRAME.startPreceding);
  let end = 'current row';
  if ((options & FRAME.endUnbounded) !== 0) end = 'unbounded following';
  else if ((options & (FRAME.endPreceding | FRAME.endFollowing)) !== 0) end = bound('endOffset', FRAME.endPreceding);
  return `rows between ${start} and ${end}`;
}

function windowSpec(ctx: PgContext, over: PgNode, expr: ConvertExpr, pos: number): WindowSpec {
  if (over.name !== undefined || over.refname !== undefined) throw refuse('a named window', pos);
  const frame = frameText(ctx, over, expr, pos);
  return {
    partitionBy: list(over, 'partitionClause').map((node) => expr(ctx, node, pos)),
    orderBy: orderItems(ctx, list(over, 'orderClause'), expr, pos),
    ...(frame === undefined ? {} : { frame }),
  };
}

interface Marks {
  name: string;
  ignoreNulls: boolean;
  approximate: boolean;
  distinct: boolean;
}

/** Takes the prefixes of the rewrites off a function name. */
function readMarks(marked: string): Marks {
  const marks: Marks = { name: marked, ignoreNulls: false, approximate: false, distinct: false };
  for (;;) {
    if (marks.name.startsWith(MARK_IGNORE_NULLS)) {
      marks.ignoreNulls = true;
      marks.name = marks.name.slice(MARK_IGNORE_NULLS.length);
    } else if (marks.name.startsWith(MARK_APPROXIMATE)) {
      marks.approximate = true;
      marks.name = marks.name.slice(MARK_APPROXIMATE.length);
    } else if (marks.name.startsWith(MARK_DISTINCT)) {
      marks.distinct = true;
      marks.name = marks.name.slice(MARK_DISTINCT.length);
    } else {
      return marks;
    }
  }
}

/** [catalog.][schema.]name from its parts. */
export function qualifiedFromParts(parts: readonly string[], pos: number): QualifiedName {
  const [name, schema, database] = [...parts].reverse();
  return {
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    name,
    pos,
  };
}

function bareDatePart(name: string, args: readonly Expr[]): readonly Expr[] {
  const first = args[0];
  if (!DATE_PART_FIRST.has(name) || first?.kind !== 'name' || first.parts.length !== 1) return args;
  return [{ kind: 'literal', form: 'string', value: first.parts[0], pos: first.pos }, ...args.slice(1)];
}

type Call = Extract<Expr, { kind: 'call' }>;

export function convertCall(ctx: PgContext, node: PgNode, expr: ConvertExpr, fallback: number): Call {
  const pos = ctx.pos(node.location, fallback);
  if (node.agg_filter !== undefined) throw syntaxErrorAt('filter', pos + 1);
  if (flag(node, 'func_variadic')) throw refuse('VARIADIC', pos);
  const parts = names(ctx, list(node, 'funcname'));
  const syntax = text(node, 'funcformat') === 'COERCE_SQL_SYNTAX';
  const written = parts[parts.length - 1];
  const marks = readMarks(written);
  const name = syntax ? (SYNTAX_NAMES[marks.name] ?? marks.name) : marks.name;
  const path = syntax ? [name] : [...parts.slice(0, -1), name];
  const args = list(node, 'args').map((arg) => {
    if (unwrap(arg)[0] === 'NamedArgExpr') throw refuse('a named argument', ctx.pos(unwrap(arg)[1].location, pos));
    return expr(ctx, arg, pos);
  });
  const over = child(node, 'over');
  return {
    kind: 'call',
    name: qualifiedFromParts(path, pos),
    args: bareDatePart(name, args),
    star: flag(node, 'agg_star'),
    distinct: flag(node, 'agg_distinct') || marks.distinct,
    orderBy: orderItems(ctx, list(node, 'agg_order'), expr, pos),
    withinGroup: flag(node, 'agg_within_group'),
    ...(over === undefined ? {} : { over: windowSpec(ctx, over, expr, pos) }),
    ...(marks.ignoreNulls ? { ignoreNulls: true } : {}),
    ...(marks.approximate ? { approximate: true } : {}),
    ...(syntax && marks.name === 'extract' ? { label: 'date_part' } : {}),
    pos,
  };
}

/** A call without special features. */
export function plainCall(name: string, args: readonly Expr[], pos: number, label?: string): Expr {
  return {
    kind: 'call',
    name: { name, pos },
    args,
    star: false,
    distinct: false,
    orderBy: [],
    withinGroup: false,
    ...(label === undefined ? {} : { label }),
    pos,
  };
}
