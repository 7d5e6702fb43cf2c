/**
 * Statements and expressions of a running procedure: prepared once for the types of their variables and run by the session
 * like any client's. Expressions that read no table are computed beside it and are no statements.
 */
import { assert } from '../../common/assert.ts';
import {
  executeNull,
  manyColumnsInExpression,
  manyRowsInExpression,
  notInExecute,
  notInProcedure,
  truncateInAtomicContext,
} from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { BOOL, sameType, varchar, type SqlType } from '../../types/sql-type.ts';
import type { Statement } from '../parser/ast.ts';
import { readCell, readTextRows, type TextRow } from '../session/data-rows.ts';
import type { Analysed, ExecutorEntry } from '../session/scope.ts';
import type { TypedValue } from '../session/types.ts';
import { ALL_FIELDS, type Sql } from './body.ts';
import type { CallStack } from './context.ts';
import { converted, type Frame } from './frame.ts';
import { sqlText } from './scope.ts';

/** Statements that need a transaction or a session to themselves. */
const REFUSED: Readonly<Partial<Record<Statement['kind'], string>>> = {
  prepare: 'PREPARE',
  'create-database': 'CREATE DATABASE',
  'alter-database': 'ALTER DATABASE',
  vacuum: 'VACUUM',
  'append-table': 'ALTER TABLE APPEND',
  use: 'USE',
  declare: 'DECLARE',
  fetch: 'FETCH',
};
const TRANSACTION: Readonly<Partial<Record<Statement['kind'], string>>> = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
};

interface Prepared {
  readonly types: readonly SqlType[];
  readonly statement: Statement;
  readonly text: string;
  readonly entry: Analysed;
}
export interface Outcome {
  readonly rows: number;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly first: readonly TypedValue[] | undefined;
}

export class SqlRunner {
  private readonly prepared = new Map<Sql, Prepared>();

  constructor(
    private readonly stack: CallStack,
    private readonly frame: Frame,
  ) {}

  private values(sql: Sql): readonly TypedValue[] {
    return sql.places.flatMap((place) =>
      place.field === ALL_FIELDS ? this.frame.fields(place) : [this.frame.get(place)],
    );
  }

  /** The statement for the types that its variables have now. */
  private async prepare(sql: Sql, values: readonly TypedValue[]): Promise<Prepared> {
    const known = this.prepared.get(sql);
    const isKnown =
      known?.types.length === values.length && known.types.every((t, i) => sameType(t, values[i]!.type));
    if (isKnown) return known;
    const text = sqlText(sql.parts, sql.uses, (place) => this.shown(sql, place, values));
    const types = values.map((v) => (v.type.name === 'super' ? varchar(16_000_000) : v.type));
    const made = await this.analysed(text, types);
    const entry = { ...made, types: values.map((v) => v.type) };
    this.prepared.set(sql, entry);
    return entry;
  }
  /** A variable in the text: SUPER is held as JSON, and a record's fields come one behind the other. */
  private shown(sql: Sql, place: number, values: readonly TypedValue[]): string {
    const widths = sql.places.map((p) => (p.field === ALL_FIELDS ? this.frame.fields(p).length : 1));
    const first = widths.slice(0, place).reduce((sum, width) => sum + width, 0);
    const one = (i: number): string => (values[i]!.type.name === 'super' ? `(json_parse($${i + 1}))` : `$${i + 1}`);
    return Array.from({ length: widths[place]! }, (_, i) => one(first + i)).join(', ');
  }
  private async analysed(text: string, types: readonly SqlType[]): Promise<Prepared> {
    const { scope } = this.stack;
    const keepsCase = scope.setting('enable_case_sensitive_identifier') === 'true';
    const [statement, second] = await scope.deps.executor.parse(text, keepsCase, scope.cancelSignal);
    if (statement === undefined || second !== undefined) throw notInExecute('More than one statement');
    return { types, statement, text, entry: await scope.analyse(statement, text, types, []) };
  }

  // ---- expressions ----------------------------------------------------------------------------------------------

  /** The value of an expression: at once when it can be computed here. */
  evaluate(sql: Sql): TypedValue | Promise<TypedValue> {
    const values = this.values(sql);
    const known = this.prepared.get(sql);
    if (known?.types.length === values.length && known.types.every((t, i) => sameType(t, values[i]!.type))) {
      const computed = this.computed(known, values);
      if (computed !== undefined) return computed;
    }
    return this.evaluated(sql, values);
  }
  private computed(prepared: Prepared, values: readonly TypedValue[]): TypedValue | Promise<TypedValue> | undefined {
    const { scope } = this.stack;
    const { entry } = prepared;
    if (entry.kind !== 'executor') return undefined;
    const row = scope.deps.executor.values(scope, scope.block.require(), entry.prepared, values);
    if (row === undefined) return undefined;
    return row instanceof Promise ? row.then((r) => r[0]!) : row[0]!;
  }
  private async evaluated(sql: Sql, values: readonly TypedValue[]): Promise<TypedValue> {
    const prepared = await this.prepare(queryOf(sql), values);
    this.prepared.set(sql, prepared);
    const columns = this.columnsOf(prepared.entry);
    if (columns.length !== 1) throw manyColumnsInExpression(prepared.text);
    const computed = this.computed(prepared, values);
    if (computed !== undefined) return computed;
    const { rows, first } = await this.run(prepared, values, true);
    if (rows > 1) throw manyRowsInExpression(prepared.text);
    return first?.[0] ?? { type: columns[0]!.type, value: null };
  }
  async condition(sql: Sql): Promise<boolean> {
    const { type, value } = await this.evaluate(sql);
    return converted({ type, value }, BOOL, this.stack.scope.textSettings()) === 1;
  }

  // ---- statements -----------------------------------------------------------------------------------------------

  /** A statement of the body; `keep`: its first row is wanted. */
  async statement(sql: Sql, keep: boolean): Promise<Outcome> {
    const values = this.values(sql);
    try {
      return await this.run(await this.prepare(sql, values), values, keep);
    } catch (error) {
      throw withText(error, sql.text);
    }
  }
  /** EXECUTE of a text. */
  async dynamic(text: TypedValue, keep: boolean): Promise<Outcome> {
    if (text.value === null) throw executeNull();
    const source = String(text.value);
    try {
      const prepared = await this.analysed(source, []);
      const refused = TRANSACTION[prepared.statement.kind];
      if (refused !== undefined) throw notInExecute(refused);
      return await this.run(prepared, [], keep);
    } catch (error) {
      throw withText(error, source);
    }
  }

  private columnsOf(entry: Analysed): Outcome['columns'] {
    if (entry.kind !== 'executor') return [];
    return this.stack.scope.deps.executor.columnsOf(entry.prepared);
  }
  /** A query whose rows come one after the other. */
  async query(sql: Sql): Promise<{ readonly entry: ExecutorEntry; readonly values: readonly TypedValue[] }> {
    const values = this.values(sql);
    const { entry } = await this.prepare(sql, values);
    assert(entry.kind === 'executor', 'a query is run by the executor');
    return { entry, values };
  }
  async dynamicQuery(text: TypedValue): Promise<ExecutorEntry> {
    if (text.value === null) throw executeNull();
    const { entry, statement } = await this.analysed(String(text.value), []);
    if (entry.kind !== 'executor' || statement.kind !== 'query') throw notInExecute('A statement that gives no rows');
    return entry;
  }

  private async run(prepared: Prepared, values: readonly TypedValue[], keep: boolean): Promise<Outcome> {
    const { scope, atomicContext, sink } = this.stack;
    const { statement, entry } = prepared;
    const refused =
      REFUSED[statement.kind] ?? (statement.kind === 'set' && statement.local ? 'SET LOCAL' : undefined);
    if (refused !== undefined) throw notInProcedure(refused);
    if (statement.kind === 'truncate' && atomicContext) throw truncateInAtomicContext();
    assert(entry.kind !== 'empty', 'a statement is not empty');
    const columns = this.columnsOf(entry);
    const cells: TextRow[] = [];
    let rows = 0;
    const out = {
      notice: sink.notice.bind(sink),
      rows: (chunk: Uint8Array, count: number): void => {
        rows += count;
        if (keep && cells.length === 0) readTextRows(firstRow(chunk), cells, 1);
      },
    };
    const parameters = values.map((v) => v.value);
    const execution = { parameters, formats: [], sink: out };
    const tag =
      entry.kind === 'executor'
        ? await scope.runExecutor(entry, execution, false)
        : await scope.runSession(entry, execution);
    scope.block.settle();
    scope.block.enterImplicit();
    const counted = /^(?:INSERT 0|UPDATE|DELETE) (\d+)$/.exec(tag);
    const first = cells[0]?.map((cell, i): TypedValue => {
      const type = columns[i]?.type ?? varchar(65_535);
      return { type, value: cell === null ? null : readCell(type, cell) };
    });
    return { rows: counted === null ? rows : Number(counted[1]), columns, first };
  }
}

/** The first DataRow of a chunk. */
function firstRow(chunk: Uint8Array): Uint8Array {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return chunk.subarray(0, 1 + view.getInt32(1));
}

const QUERIES = new WeakMap<Sql, Sql>();
/** The query that an expression is. */
function queryOf(sql: Sql): Sql {
  let query = QUERIES.get(sql);
  if (query === undefined) {
    const [head = '', ...tail] = sql.parts;
    query = { ...sql, text: `SELECT ${sql.text}`, parts: [`SELECT ${head}`, ...tail] };
    QUERIES.set(sql, query);
  }
  return query;
}

/** An error of a statement inside says its text; where it stood in that is nothing a client could show. */
function withText(error: unknown, text: string): unknown {
  if (!(error instanceof SqlError)) return error;
  if (error.context.length === 0) error.context = [`SQL statement "${text}"`];
  error.position = undefined;
  return error;
}
