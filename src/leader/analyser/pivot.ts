/**
 * PIVOT and UNPIVOT. PIVOT is a grouped query: columns that the aggregate and FOR do not name are its groups, and each value
 * of IN is the aggregate of the rows whose column has it. UNPIVOT gives each row once for every column of its list.
 */
import { readColumn } from './privileges.ts';
import { featureNotSupported, grammarError, unknownColumn } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { compare, isNull } from '../../expressions/walk.ts';
import { INT4, varchar } from '../../types/sql-type.ts';
import type { Expr, Pivot, SelectCore, SelectItem, Unpivot } from '../parser/ast.ts';
import { constant, unify } from './coerce.ts';
import { at, newColumn, type QueryEnv } from './context.ts';
import type { FromResult } from './from.ts';

type Call = Extract<Expr, { kind: 'call' }>;
const columnName = (name: string, pos: number): Expr => ({ kind: 'name', parts: [name], pos });

/** Names of columns an expression reads. */
function namesIn(value: unknown, into: Set<string>): Set<string> {
  if (typeof value !== 'object' || value === null) return into;
  const node = value as Partial<Extract<Expr, { kind: 'name' }>>;
  if (node.kind === 'name') into.add(node.parts![node.parts!.length - 1]!);
  else for (const member of Object.values(value)) namesIn(member, into);
  return into;
}

/** What a value's column is called when the query gives it no name. */
function constantText(e: Expr): string {
  switch (e.kind) {
    case 'literal':
      return String(e.value);
    case 'number':
      return e.text;
    case 'cast':
      return constantText(e.arg);
    case 'unary':
      if (e.op === '-' && e.arg.kind === 'number') return `-${e.arg.text}`;
      break;
    default:
  }
  throw featureNotSupported('the IN list of PIVOT takes constants only', at(e));
}

/** The aggregate of the rows that `when` holds for. */
function aggregateWhen(call: Call, when: Expr): Call {
  const { pos } = call;
  const [first, ...others] = call.args;
  const then: Expr = first ?? { kind: 'number', text: '1', pos };
  return { ...call, star: false, args: [{ kind: 'case', whens: [{ when, then }], pos }, ...others] };
}

export function pivotSelect(item: Pivot, input: FromResult, env: QueryEnv): SelectCore {
  const { aggregate, column, pos } = item;
  const known = aggregate.kind === 'call' ? env.state.context.functions.lookup(aggregate.name.name) : undefined;
  if (aggregate.kind !== 'call' || aggregate.over !== undefined || (known && known.kind !== 'aggregate'))
    throw grammarError('PIVOT takes an aggregate function', at(aggregate));
  if (column.kind !== 'name') throw grammarError('FOR of PIVOT takes a column', at(column));
  const taken = namesIn(aggregate, namesIn(column, new Set()));
  const groups = input.columns.filter((c) => !taken.has(c.name)).map((c) => columnName(c.name, pos));
  const values = item.values.map(({ expr, label }): SelectItem => {
    const text = constantText(expr);
    const isNullValue = expr.kind === 'literal' && expr.form === 'null';
    const when: Expr = isNullValue
      ? { kind: 'isnull', arg: column, negated: false, pos: expr.pos }
      : { kind: 'binary', op: '=', left: column, right: expr, pos: expr.pos };
    const alias = label ?? text;
    return {
      expr: aggregateWhen(aggregate, when),
      alias: item.name === undefined ? alias : `${alias}_${item.name}`,
      pos: expr.pos,
    };
  });
  return {
    kind: 'select',
    distinct: false,
    items: [...groups.map((expr) => ({ expr, pos })), ...values],
    from: [],
    groupBy: groups,
    pos,
  };
}

export function unpivot(
  item: Unpivot,
  input: FromResult,
  env: QueryEnv,
): { readonly rel: Rel; readonly columns: readonly ColumnRef[] } {
  const { state } = env;
  const column = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });
  const listed = item.columns.map(({ expr, label }) => {
    if (expr.kind !== 'name' || expr.parts.length !== 1)
      throw grammarError('the IN list of UNPIVOT takes columns', at(expr));
    const [name] = expr.parts;
    const found = input.columns.find((c) => c.name === name);
    if (found === undefined) throw unknownColumn(name!, at(expr));
    return { column: readColumn(found.column, at(expr)), label: label ?? name! };
  });
  const values = unify(
    state,
    listed.map((l) => column(l.column)),
    'UNPIVOT',
    at(item),
  );
  const number = newColumn(state, 'number', INT4);
  const rel: Rel = { kind: 'expand', input: input.rel, number, keys: [], count: listed.length, empty: [] };
  const width = Math.max(...listed.map((l) => Buffer.byteLength(l.label)));
  const names = listed.map((l): BoundExpr => constant(varchar(width), l.label));
  /** The row's own of one for each column. */
  const own = (list: readonly BoundExpr[]): BoundExpr => ({
    kind: 'case',
    type: list[0]!.type,
    whens: list.slice(1).map((then, i) => ({ when: compare('=', column(number), constant(INT4, i + 1)), then })),
    otherwise: list[0]!,
  });
  const value = newColumn(state, item.value, values.type);
  const name = newColumn(state, item.name, names[0]!.type);
  const used = new Set(listed.map((l) => l.column.id));
  const kept = input.columns.filter((c) => !used.has(c.column.id));
  const copies = kept.map((c) => ({ ...c.column, id: newColumn(state, c.name, c.column.type).id, name: c.name }));
  const columns = [...copies, name, value];
  const exprs = [
    ...kept.map((c) => column(c.column)),
    listed.length === 1 ? names[0]! : own(names),
    listed.length === 1 ? values.args[0]! : own(values.args),
  ];
  const all: Rel = { kind: 'project', input: rel, columns, exprs };
  if (item.includeNulls) return { rel: all, columns };
  return { rel: { kind: 'filter', input: all, condition: isNull(column(value), true) }, columns };
}
