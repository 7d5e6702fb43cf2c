/**
 * Bound expressions as text, in the deparse style of PostgreSQL 8.0 that EXPLAIN shows: every operator in parentheses,
 * strings compared as text, casts as `(x)::type`. `nameOf` gives the printed name of a column. Used by EXPLAIN and by
 * error texts; never parsed again.
 */
import type { ColId } from '../common/ids.ts';
import { PackedList } from '../types/packed-list.ts';
import { formatType, isFloat, isInteger, isString, type SqlType } from '../types/sql-type.ts';
import { formatText } from '../types/text.ts';
import type { BoundExpr } from './bound.ts';

export type NameOf = (id: ColId) => string;
type Const = Extract<BoundExpr, { kind: 'const' }>;

const castName = (type: SqlType): string => {
  if (type.name === 'char') return 'bpchar';
  return type.name === 'varchar' ? 'text' : formatType(type);
};

/** A value in output text form without quotes. */
export function constText(c: Const): string {
  if (c.value === null) return 'NULL';
  if (c.type.name === 'bool') return c.value === 1 ? 'true' : 'false';
  if (c.type.name === 'char') return c.value as string;
  return c.type.name === 'unknown' ? String(c.value) : formatText(c.type, c.value);
}

function printConst(c: Const): string {
  if (c.value === null) return c.type.name === 'unknown' ? 'NULL' : `NULL::${castName(c.type)}`;
  const text = constText(c);
  if (c.type.name === 'bool' || c.type.name === 'int4') return text;
  if (isInteger(c.type)) return c.type.name === 'int8' ? text : `${text}::${castName(c.type)}`;
  if (c.type.name === 'numeric') return text;
  if (isFloat(c.type)) return `${text}::${castName(c.type)}`;
  return `'${text.replaceAll("'", "''")}'::${castName(c.type)}`;
}

/** An operand of a string operator: columns of varchar show their cast to text. */
function textOperand(e: BoundExpr, nameOf: NameOf): string {
  const text = printExpr(e, nameOf);
  return e.kind !== 'const' && e.type.name === 'varchar' ? `(${text})::text` : text;
}

/** Calls that PostgreSQL prints as operators. */
const OPERATORS: Readonly<Record<string, string>> = {
  like: '~~',
  ilike: '~~*',
  regex_match: '~',
  concat_op: '||',
  date_add_days: '+',
  date_diff_days: '-',
  datetime_plus_interval: '+',
  datetime_minus_interval: '-',
  timestamp_minus_timestamp: '-',
  time_minus_time: '-',
  interval_add: '+',
  interval_sub: '-',
  interval_mul: '*',
  interval_div: '/',
  bit_and_op: '&',
  bit_or_op: '|',
  bit_xor_op: '#',
  shift_left_op: '<<',
  shift_right_op: '>>',
};

function printCall(e: Extract<BoundExpr, { kind: 'call' }>, nameOf: NameOf): string {
  const op = OPERATORS[e.name];
  if (op !== undefined && e.args.length === 2) {
    return `(${textOperand(e.args[0]!, nameOf)} ${op} ${textOperand(e.args[1]!, nameOf)})`;
  }
  return `${e.name}(${e.args.map((a) => textOperand(a, nameOf)).join(', ')})`;
}

/** Items above which Redshift plans IN as = ANY of an array. */
const IN_ITEMS_AS_OR_MAX = 10;
/** Items of a list that are shown: plans are kept in the history. */
export const PRINTED_ITEMS_MAX = 1000;

/** All items, or of a packed list those that are kept for showing. */
const shownItems = ({ items, arg }: Extract<BoundExpr, { kind: 'inlist' }>): readonly BoundExpr[] =>
  items instanceof PackedList ? items.head.map((value) => ({ kind: 'const', type: arg.type, value })) : items;

function printInList(e: Extract<BoundExpr, { kind: 'inlist' }>, nameOf: NameOf): string {
  const arg = textOperand(e.arg, nameOf);
  const first = shownItems(e);
  if (e.items.length > IN_ITEMS_AS_OR_MAX && first.every((i) => i.kind === 'const')) {
    const items = first.slice(0, PRINTED_ITEMS_MAX).map((i) => constText(i as Const));
    if (e.items.length > PRINTED_ITEMS_MAX) items.push('...');
    return `(${arg} ${e.negated ? '<> ALL' : '= ANY'} ('{${items.join(',')}}'::${castName(e.arg.type)}[]))`;
  }
  const list = first.map((i) => `(${arg} ${e.negated ? '<>' : '='} ${printExpr(i, nameOf)})`);
  return list.length === 1 ? list[0]! : `(${list.join(e.negated ? ' AND ' : ' OR ')})`;
}

function printCase(e: Extract<BoundExpr, { kind: 'case' }>, nameOf: NameOf): string {
  const whens = e.whens.map((w) => `WHEN ${printExpr(w.when, nameOf)} THEN ${printExpr(w.then, nameOf)}`);
  return `CASE ${whens.join(' ')} ELSE ${printExpr(e.otherwise, nameOf)} END`;
}

export function printExpr(e: BoundExpr, nameOf: NameOf): string {
  const p = (x: BoundExpr): string => printExpr(x, nameOf);
  switch (e.kind) {
    case 'const':
      return printConst(e);
    case 'param':
      return `$${e.index + 1}`;
    case 'column':
    case 'outer':
      return nameOf(e.id);
    case 'and':
    case 'or':
      return `(${e.args.map(p).join(e.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      if (e.arg.kind === 'call' && e.arg.args.length === 2) {
        const negated = { like: '!~~', ilike: '!~~*', regex_match: '!~' }[e.arg.name];
        if (negated !== undefined) {
          return `(${textOperand(e.arg.args[0]!, nameOf)} ${negated} ${textOperand(e.arg.args[1]!, nameOf)})`;
        }
      }
      return `(NOT ${p(e.arg)})`;
    case 'isnull':
      return `(${p(e.arg)} IS ${e.negated ? 'NOT ' : ''}NULL)`;
    case 'istest':
      return `(${p(e.arg)} IS ${e.negated ? 'NOT ' : ''}${e.test.toUpperCase()})`;
    case 'compare':
      return isString(e.left.type)
        ? `(${textOperand(e.left, nameOf)} ${e.op} ${textOperand(e.right, nameOf)})`
        : `(${p(e.left)} ${e.op} ${p(e.right)})`;
    case 'arith':
      return `(${p(e.left)} ${e.op} ${p(e.right)})`;
    case 'neg':
      return `(- ${p(e.arg)})`;
    case 'case':
      return printCase(e, nameOf);
    case 'coalesce':
      return `COALESCE(${e.args.map(p).join(', ')})`;
    case 'inlist':
      return printInList(e, nameOf);
    case 'cast':
      return `(${p(e.arg)})::${castName(e.type)}`;
    case 'trycast':
      return `TRY_CAST(${p(e.arg)} AS ${castName(e.type)})`;
    case 'call':
      return printCall(e, nameOf);
    case 'let':
      return `${e.name}(${e.args.map((a) => textOperand(a, nameOf)).join(', ')})`;
    case 'local':
      return `local ${e.id}`;
    case 'arms':
      return `${e.op}(${p(e.when)} ...)`;
    case 'item':
      return `item ${e.index}`;
    case 'subquery':
      return '(subplan)';
  }
}
