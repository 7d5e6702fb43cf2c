/**
 * Expression nodes of libpg-query's tree to our Expr. Whatever has no entry in CONVERTERS is refused with 0A000: the
 * list is what Redshift knows, not what Postgres knows.
 */
import { syntaxErrorAt } from '../../common/errors/catalogue.ts';
import type { Expr } from './ast.ts';
import { MARK_OUTER, MARK_PRIOR, MARK_TRY_CAST } from './dialect/rewrite.ts';
import type { PgNode } from './libpg.ts';
import { convertCall, plainCall } from './postgres-call.ts';
import { typeRef } from './postgres-type.ts';
import { child, flag, int, list, names, refuse, text, unwrap, type PgContext } from './postgres-node.ts';

/** AND and OR chains up to this length lean left as written; longer ones are balanced, to keep the tree shallow. */
const CHAIN_LEFT_MAX = 16;
/** Names that are functions without parentheses. */
const BARE_FUNCTIONS = new Set(['sysdate', 'current_user_id']);

const SQL_VALUES: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_USER: 'current_user',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
};

const SYMBOL_NAMES: Readonly<Record<string, string>> = {
  '~~': 'like',
  '!~~': 'not like',
  '~~*': 'ilike',
  '!~~*': 'not ilike',
  '!=': '<>',
};

type Converter = (ctx: PgContext, node: PgNode, pos: number) => Expr;

/** Any expression; `fallback` is the position when the tree gives none. */
export function convertExpr(ctx: PgContext, node: PgNode, fallback: number): Expr {
  const [type, fields] = unwrap(node);
  const pos = ctx.pos(fields.location, fallback);
  const convert = CONVERTERS[type];
  if (type === 'SetToDefault') throw syntaxErrorAt('default', pos + 1);
  if (convert === undefined) throw refuse(`this expression (${type})`, pos);
  return convert(ctx, fields, pos);
}

const part = (ctx: PgContext, node: PgNode, field: string, pos: number): Expr =>
  convertExpr(ctx, child(node, field) ?? {}, pos);
const parts = (ctx: PgContext, node: PgNode, field: string, pos: number): Expr[] =>
  list(node, field).map((item) => convertExpr(ctx, item, pos));

function constant(_ctx: PgContext, node: PgNode, pos: number): Expr {
  if (flag(node, 'isnull')) return { kind: 'literal', form: 'null', value: null, pos };
  const bool = child(node, 'boolval');
  if (bool !== undefined) return { kind: 'literal', form: 'bool', value: flag(bool, 'boolval'), pos };
  const string = child(node, 'sval');
  if (string !== undefined) return { kind: 'literal', form: 'string', value: text(string, 'sval'), pos };
  const integer = child(node, 'ival');
  const digits = integer !== undefined ? String(int(integer, 'ival')) : text(child(node, 'fval') ?? {}, 'fval');
  if (digits === '') throw refuse('a bit string literal', pos);
  // The grammar folds a minus sign into constants; the AST keeps it apart.
  if (!digits.startsWith('-')) return { kind: 'number', text: digits, pos };
  return { kind: 'unary', op: '-', arg: { kind: 'number', text: digits.slice(1), pos }, pos };
}

function column(ctx: PgContext, node: PgNode, pos: number): Expr {
  const fields = list(node, 'fields');
  const star = unwrap(fields[fields.length - 1])[0] === 'A_Star';
  const named = star ? fields.slice(0, -1) : fields;
  const path = names(ctx, named);
  if (star) return { kind: 'star', parts: path, exclude: [], pos };
  if (path.length === 1 && BARE_FUNCTIONS.has(path[0])) return plainCall(path[0], [], pos);
  const written = named.map((field) => ctx.written(text(unwrap(field)[1], 'sval')));
  return { kind: 'name', parts: path, ...(written.some((w, i) => w !== path[i]) ? { written } : {}), pos };
}

/** Operator of an A_Expr: the last part of OPERATOR(schema.op). */
const operatorName = (node: PgNode): string => {
  const all = list(node, 'name');
  return text(unwrap(all[all.length - 1])[1], 'sval');
};

function like(ctx: PgContext, node: PgNode, pos: number, op: string): Expr {
  const left = part(ctx, node, 'lexpr', pos);
  const [type, call] = unwrap(child(node, 'rexpr'));
  const helper = type === 'FuncCall' ? text(unwrap(list(call, 'funcname')[1])[1], 'sval') : '';
  if (helper !== 'like_escape' && helper !== 'similar_to_escape') {
    return { kind: 'binary', op, left, right: part(ctx, node, 'rexpr', pos), pos };
  }
  const [right, escape] = parts(ctx, call, 'args', pos);
  return { kind: 'binary', op, left, right, ...(escape === undefined ? {} : { escape }), pos };
}

function listOf(ctx: PgContext, node: PgNode, pos: number): Expr[] {
  const [type, fields] = unwrap(child(node, 'rexpr'));
  return type === 'List' ? parts(ctx, fields, 'items', pos) : [part(ctx, node, 'rexpr', pos)];
}

function operator(ctx: PgContext, node: PgNode, pos: number): Expr {
  const written = operatorName(node);
  const op = SYMBOL_NAMES[written] ?? written;
  const kind = text(node, 'kind');
  if (kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE') return like(ctx, node, pos, op);
  if (kind === 'AEXPR_SIMILAR') return like(ctx, node, pos, written.startsWith('!') ? 'not similar' : 'similar');
  if (kind === 'AEXPR_OP' && child(node, 'lexpr') === undefined) {
    return { kind: 'unary', op, arg: part(ctx, node, 'rexpr', pos), pos };
  }
  const left = part(ctx, node, 'lexpr', pos);
  switch (kind) {
    case 'AEXPR_OP':
      return { kind: 'binary', op, left, right: part(ctx, node, 'rexpr', pos), pos };
    case 'AEXPR_DISTINCT':
      throw refuse('IS DISTINCT FROM', pos);
    case 'AEXPR_NOT_DISTINCT':
      throw refuse('IS NOT DISTINCT FROM', pos);
    case 'AEXPR_NULLIF':
      return plainCall('nullif', [left, part(ctx, node, 'rexpr', pos)], pos);
    case 'AEXPR_IN':
      return { kind: 'inlist', arg: left, items: listOf(ctx, node, pos), negated: op === '<>', pos };
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const [low, high] = listOf(ctx, node, pos);
      return { kind: 'between', arg: left, low, high, negated: kind === 'AEXPR_NOT_BETWEEN', pos };
    }
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      const quantifier = kind === 'AEXPR_OP_ANY' ? 'any' : 'all';
      return { kind: 'anyarray', op, quantifier, left, array: part(ctx, node, 'rexpr', pos), pos };
    }
    default:
      throw refuse(`this operator (${written})`, pos);
  }
}

/** A chain of AND or OR as binary nodes: leaning left when short, balanced when long. */
function chain(op: string, items: readonly Expr[], pos: number): Expr {
  if (items.length === 1) return items[0];
  const cut = items.length <= CHAIN_LEFT_MAX ? items.length - 1 : items.length >> 1;
  return {
    kind: 'binary',
    op,
    left: chain(op, items.slice(0, cut), pos),
    right: chain(op, items.slice(cut), pos),
    pos,
  };
}

function boolean(ctx: PgContext, node: PgNode, pos: number): Expr {
  const args = parts(ctx, node, 'args', pos);
  const op = text(node, 'boolop');
  if (op !== 'NOT_EXPR') return chain(op === 'AND_EXPR' ? 'and' : 'or', args, pos);
  const arg = args[0];
  // NOT IN (query) and NOT EXISTS reach us as NOT over the plain form.
  const negatable = arg.kind === 'subquery' && (arg.form === 'in' || arg.form === 'exists') && !arg.negated;
  if (negatable) return { ...arg, negated: true };
  return { kind: 'unary', op: 'not', arg, pos };
}

function subquery(ctx: PgContext, node: PgNode, pos: number): Expr {
  const query = ctx.query(unwrap(child(node, 'subselect'))[1]);
  const test = child(node, 'testexpr');
  const tested = test === undefined ? undefined : convertExpr(ctx, test, pos);
  const left = tested === undefined ? [] : tested.kind === 'row' ? tested.items : [tested];
  const names = list(node, 'operName');
  const written = names.length === 0 ? '=' : text(unwrap(names[names.length - 1])[1], 'sval');
  const op = SYMBOL_NAMES[written] ?? written;
  const base = { kind: 'subquery' as const, op, negated: false, left, query, pos };
  switch (text(node, 'subLinkType')) {
    case 'EXISTS_SUBLINK':
      return { ...base, form: 'exists' };
    case 'ANY_SUBLINK':
      return { ...base, form: names.length === 0 ? 'in' : 'any' };
    case 'ALL_SUBLINK':
      return { ...base, form: 'all' };
    case 'EXPR_SUBLINK':
      return { ...base, form: 'scalar' };
    case 'ARRAY_SUBLINK':
      return { ...base, form: 'array' };
    default:
      throw refuse('this form of subquery', pos);
  }
}

/** What TRY_CAST is called with; undefined for another cast's argument. */
function triedBy(arg: PgNode): PgNode | undefined {
  const [type, fields] = unwrap(arg);
  if (type !== 'FuncCall' || text(unwrap(list(fields, 'funcname')[0])[1], 'sval') !== MARK_TRY_CAST) return undefined;
  return list(fields, 'args')[0];
}

function cast(ctx: PgContext, node: PgNode, pos: number): Expr {
  const typeName = child(node, 'typeName') ?? {};
  const tried = triedBy(child(node, 'arg') ?? {});
  const arg = convertExpr(ctx, tried ?? child(node, 'arg') ?? {}, pos);
  if (tried !== undefined) return { kind: 'cast', arg, type: typeRef(ctx, typeName, pos), tries: true, pos };
  const typeNames = list(typeName, 'names');
  const type = text(unwrap(typeNames[typeNames.length - 1])[1], 'sval');
  const prefixed = node.location === -1;
  const reference = typeRef(ctx, typeName, pos);
  if (type === 'interval') {
    const { fields } = reference;
    const literal = arg.kind === 'literal' && typeof arg.value === 'string' ? arg.value : undefined;
    const at = ctx.pos(typeName.location, pos);
    if (literal !== undefined && (prefixed || fields !== undefined))
      return { kind: 'interval', text: literal, ...(fields === undefined ? {} : { fields }), pos: at };
  }
  return { kind: 'cast', arg, type: reference, pos: prefixed ? reference.pos : pos };
}

function caseOf(ctx: PgContext, node: PgNode, pos: number): Expr {
  const whens = list(node, 'args').map((item) => {
    const when = unwrap(item)[1];
    return { when: part(ctx, when, 'expr', pos), then: part(ctx, when, 'result', pos) };
  });
  return {
    kind: 'case',
    ...(node.arg === undefined ? {} : { arg: part(ctx, node, 'arg', pos) }),
    whens,
    ...(node.defresult === undefined ? {} : { otherwise: part(ctx, node, 'defresult', pos) }),
    pos,
  };
}

function booleanTest(ctx: PgContext, node: PgNode, pos: number): Expr {
  const words = text(node, 'booltesttype').toLowerCase().split('_');
  const test = words[words.length - 1] as 'true' | 'false' | 'unknown';
  return { kind: 'istest', arg: part(ctx, node, 'arg', pos), test, negated: words[1] === 'not', pos };
}

/** arg[i], arg[i].field ...: fields become calls of field_select(arg, 'field'), with the name as written where that differs. */
function indirection(ctx: PgContext, node: PgNode, pos: number): Expr {
  let value = part(ctx, node, 'arg', pos);
  for (const step of list(node, 'indirection')) {
    const [type, fields] = unwrap(step);
    if (type === 'A_Indices') {
      if (flag(fields, 'is_slice')) throw refuse('an array slice', pos);
      value = { kind: 'subscript', arg: value, index: part(ctx, fields, 'uidx', pos), pos };
    } else if (type === 'String') {
      const name = ctx.name(text(fields, 'sval'));
      const written = ctx.written(text(fields, 'sval'));
      const literals = (name === written ? [name] : [name, written]).map((word): Expr => ({
        kind: 'literal',
        form: 'string',
        value: word,
        pos,
      }));
      value = plainCall('field_select', [value, ...literals], pos, name);
    } else {
      throw refuse('.* behind an expression', pos);
    }
  }
  return value;
}

function collate(ctx: PgContext, node: PgNode, pos: number): Expr {
  const all = names(ctx, list(node, 'collname'));
  const name = all[all.length - 1];
  if (name !== 'default' && name !== 'c' && name !== 'posix') throw refuse(`COLLATE "${name}"`, pos);
  const arg = part(ctx, node, 'arg', pos);
  if (name === 'default') return arg;
  // Byte by byte.
  const cs: Expr = { kind: 'literal', form: 'string', value: 'case_sensitive', pos };
  return plainCall('collate', [arg, cs], pos, arg.kind === 'name' ? arg.parts.at(-1) : undefined);
}

function sqlValue(_ctx: PgContext, node: PgNode, pos: number): Expr {
  const name = SQL_VALUES[text(node, 'op')];
  if (name === undefined) throw refuse('this value function', pos);
  return plainCall(name, [], pos);
}

const CONVERTERS: Readonly<Record<string, Converter>> = {
  A_Const: constant,
  ColumnRef: column,
  ParamRef: (_ctx, node, pos) => ({ kind: 'param', index: int(node, 'number'), pos }),
  A_Expr: operator,
  BoolExpr: boolean,
  NullTest: (ctx, node, pos) => ({
    kind: 'isnull',
    arg: part(ctx, node, 'arg', pos),
    negated: text(node, 'nulltesttype') === 'IS_NOT_NULL',
    pos,
  }),
  BooleanTest: booleanTest,
  SubLink: subquery,
  CaseExpr: caseOf,
  TypeCast: cast,
  FuncCall: (ctx, node, pos) => {
    const lifted = ctx.literals(text(unwrap(list(node, 'funcname')[0])[1], 'sval'));
    const name = text(unwrap(list(node, 'funcname')[0])[1], 'sval');
    const [marked] = name === MARK_OUTER || name === MARK_PRIOR ? parts(ctx, node, 'args', pos) : [];
    if (marked !== undefined) return { kind: name === MARK_OUTER ? 'outer' : 'prior', arg: marked, pos: marked.pos };
    return lifted === undefined ? convertCall(ctx, node, convertExpr, pos) : { kind: 'literals', list: lifted, pos };
  },
  CoalesceExpr: (ctx, node, pos) => plainCall('coalesce', parts(ctx, node, 'args', pos), pos),
  MinMaxExpr: (ctx, node, pos) =>
    plainCall(text(node, 'op') === 'IS_LEAST' ? 'least' : 'greatest', parts(ctx, node, 'args', pos), pos),
  SQLValueFunction: sqlValue,
  A_ArrayExpr: (ctx, node, pos) => ({ kind: 'array', items: parts(ctx, node, 'elements', pos), pos }),
  A_Indirection: indirection,
  RowExpr: (ctx, node, pos) => ({ kind: 'row', items: parts(ctx, node, 'args', pos), pos }),
  CollateClause: collate,
  GroupingFunc: (ctx, node, pos) => plainCall('grouping', parts(ctx, node, 'args', pos), pos),
};
