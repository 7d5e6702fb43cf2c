/**
 * Arguments of SQL EXECUTE: expressions turned into parameter values. Plain literals are converted here; anything else
 * is run as a one-row query that casts each expression to its parameter's type. Called by session-statements.ts.
 */
import { assert } from '../../common/assert.ts';
import { wrongExecuteCount } from '../../common/errors/catalogue.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { isInteger } from '../../types/sql-type.ts';
import { parseText } from '../../types/text.ts';
import type { Expr, Query, Statement, TypeRef } from '../parser/ast.ts';
import { readTextRows, type TextRow } from './data-rows.ts';
import type { ExecutorEntry, SessionScope } from './scope.ts';

/** Rows the arguments of EXECUTE may be read as: one more would be a bug. */
const ARGUMENT_ROWS = 2;

export function typeRefOf(type: SqlType, pos: number): TypeRef {
  if (type.name === 'numeric') return { name: 'numeric', mods: [type.precision ?? 18, type.scale ?? 0], pos };
  if (type.fields !== undefined) return { name: 'interval', mods: [], fields: type.fields, pos };
  return { name: type.name, mods: type.length === undefined ? [] : [type.length], pos };
}

/** The value of a plain literal; undefined when the expression must be computed. */
function literalValue(scope: SessionScope, expr: Expr, type: SqlType): ConstValue | undefined {
  if (expr.kind === 'literal' && expr.value === null) return null;
  if (expr.kind === 'literal' && typeof expr.value === 'string') {
    return parseText(type, expr.value, scope.textSettings());
  }
  if (expr.kind === 'number' && isInteger(type) && /^\d+$/.test(expr.text)) return parseText(type, expr.text);
  return undefined;
}

export async function evaluateArguments(
  scope: SessionScope,
  statement: Extract<Statement, { kind: 'execute' }>,
  text: string,
  target: ExecutorEntry,
): Promise<readonly ConstValue[]> {
  const types = target.prepared.parameters;
  const { args, name } = statement;
  if (args.length !== types.length) throw wrongExecuteCount(name, String(args.length), String(types.length));
  const values = args.map((arg, i) => literalValue(scope, arg, types[i] as SqlType));
  if (values.every((v) => v !== undefined)) return values as readonly ConstValue[];
  const items = args.map((arg, i) => ({
    expr: { kind: 'cast' as const, arg, type: typeRefOf(types[i] as SqlType, arg.pos), pos: arg.pos },
    alias: `argument_${i + 1}`,
    pos: arg.pos,
  }));
  const pos = statement.start;
  const body = { kind: 'select' as const, distinct: false, items, from: [], groupBy: [], pos };
  const query: Query = { ctes: [], recursive: false, body, orderBy: [], pos };
  const { start, end } = statement;
  const entry = await scope.analyse({ kind: 'query', query, start, end }, text, 'none', []);
  assert(entry.kind === 'executor', 'a query is run by the executor');
  const rows: TextRow[] = [];
  const sink = { rows: (chunk: Uint8Array) => readTextRows(chunk, rows, ARGUMENT_ROWS), notice: () => undefined };
  await scope.runExecutor(entry, { parameters: [], formats: [], sink });
  const [cells] = rows;
  assert(cells !== undefined && rows.length === 1, 'arguments of EXECUTE give one row');
  return cells.map((cell, i) => (cell === null ? null : parseText(types[i] as SqlType, cell, scope.textSettings())));
}
