/**
 * Cursors of a procedure: those it opens, which the caller may FETCH from in the same transaction, and the ones that loops
 * over queries open by themselves. A session has one at a time; COMMIT, ROLLBACK and TRUNCATE close it.
 */
import { oneCursorOnly } from '../../common/errors/catalogue.ts';
import {
  cursorAlreadyOpen,
  cursorNotOpen,
  cursorVariableNull,
  invalidRoutine,
} from '../../common/errors/routine-errors.ts';
import { ROUTINE_FETCH_ROWS } from '../../common/limits.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { readCell, readTextRows, type TextRow } from '../session/data-rows.ts';
import { Portal } from '../session/portal.ts';
import type { Cursor, ExecutorEntry } from '../session/scope.ts';
import type { TypedValue } from '../session/types.ts';
import type { Sql, Step } from './body.ts';
import type { CallStack } from './context.ts';
import type { Frame } from './frame.ts';
import type { SqlRunner } from './run-sql.ts';

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;
interface Query {
  readonly entry: ExecutorEntry;
  readonly values: readonly TypedValue[];
}
type Columns = readonly { readonly name: string; readonly type: SqlType }[];

/** Rows of a cursor, one at a time. */
export interface RowReader {
  readonly columns: Columns;
  next(): Promise<readonly TypedValue[] | undefined>;
  close(): Promise<void>;
}

export class Cursors {
  private readonly columns = new WeakMap<Cursor, Columns>();
  /** Loops over queries that are running. */
  private loops = 0;
  private unnamed = 0;

  constructor(
    private readonly stack: CallStack,
    private readonly frame: Frame,
    private readonly sql: SqlRunner,
  ) {}

  get hasOpen(): boolean {
    return this.loops > 0 || this.stack.scope.cursors.size > 0;
  }
  /** The transaction ended, and its cursors with it. */
  forget(): void {
    this.loops = 0;
  }

  private start(name: string, { entry, values }: Query): Cursor {
    const { scope } = this.stack;
    if (scope.cursors.has(name)) throw cursorAlreadyOpen(name);
    if (scope.cursors.size > 0) throw oneCursorOnly();
    const parameters = values.map((v) => v.value);
    const portal: Portal = new Portal(name, (sink) => {
      const formats = scope.cursors.get(name)?.formats ?? [];
      return scope.runExecutor(entry, { parameters, formats, sink }, false);
    });
    const fields = entry.prepared.fields ?? [];
    const declaredAtMicros = scope.deps.clock.nowMicros();
    const cursor: Cursor = { name, portal, declaredAtMicros, fields, formats: undefined };
    scope.cursors.set(name, cursor);
    this.columns.set(cursor, scope.deps.executor.columnsOf(entry.prepared));
    return cursor;
  }
  private unnamedName(): string {
    return `<unnamed portal ${++this.unnamed}>`;
  }

  private async queryOf(variable: number, given: readonly Sql[]): Promise<Query> {
    const { cursor, name } = this.frame.at(variable);
    if (cursor === undefined) throw invalidRoutine(`cursor "${name}" has no query: OPEN ... FOR gives it one`);
    if (given.length !== cursor.parameters.length)
      throw invalidRoutine(`wrong number of arguments for cursor "${name}"`);
    for (const [i, sql] of given.entries()) {
      const { type, value } = await this.sql.evaluate(sql);
      const index = cursor.parameters[i]!;
      this.frame.declare(index, { ...this.frame.at(index), type, value });
    }
    return this.sql.query(cursor.query);
  }
  private async made(query: { readonly kind: 'query' | 'execute'; readonly sql: Sql }): Promise<Query> {
    if (query.kind === 'query') return this.sql.query(query.sql);
    return { entry: await this.sql.dynamicQuery(await this.sql.evaluate(query.sql)), values: [] };
  }

  async open({ variable, query, arguments: given }: StepOf<'open'>): Promise<undefined> {
    const source = query === undefined ? await this.queryOf(variable, given) : await this.made(query);
    const { value } = this.frame.at(variable);
    const name = value === null ? this.unnamedName() : String(value);
    this.start(name, source);
    this.frame.set({ variable }, { type: { name: 'refcursor' }, value: name });
    return undefined;
  }
  private opened(variable: number): Cursor {
    const { name, value } = this.frame.at(variable);
    if (value === null) throw cursorVariableNull(name);
    const cursor = this.stack.scope.cursors.get(String(value));
    if (cursor === undefined) throw cursorNotOpen(String(value));
    return cursor;
  }
  async fetch({ variable, into }: StepOf<'fetch'>): Promise<boolean> {
    const cursor = this.opened(variable);
    const columns = this.columns.get(cursor) ?? [];
    const [row] = await this.take(cursor, columns, 1);
    this.frame.setRow(into, columns, row);
    return row !== undefined;
  }
  async close(variable: number): Promise<undefined> {
    const cursor = this.opened(variable);
    this.stack.scope.cursors.delete(cursor.name);
    await cursor.portal.close();
    return undefined;
  }

  private async take(cursor: Cursor, columns: Columns, rowsMax: number): Promise<readonly (readonly TypedValue[])[]> {
    const { scope, sink } = this.stack;
    const cells: TextRow[] = [];
    const rows = (chunk: Uint8Array): void => readTextRows(chunk, cells, rowsMax);
    const notice = sink.notice.bind(sink);
    cursor.formats ??= [];
    await scope.within(cursor.portal, () => cursor.portal.take(rowsMax, { rows, notice }));
    return cells.map((row) =>
      row.map((cell, i): TypedValue => {
        const type = columns[i]!.type;
        return { type, value: cell === null ? null : readCell(type, cell) };
      }),
    );
  }

  /** The rows that FOR goes through. */
  async ofLoop(source: StepOf<'for-query'>['source']): Promise<RowReader> {
    const query =
      source.kind === 'cursor' ? await this.queryOf(source.variable, source.arguments) : await this.made(source);
    const cursor = this.start(this.unnamedName(), query);
    this.loops++;
    const columns = this.columns.get(cursor) ?? [];
    const { cursors } = this.stack.scope;
    let ready: readonly (readonly TypedValue[])[] = [];
    let at = 0;
    let ended = false;
    return {
      columns,
      next: async () => {
        if (cursors.get(cursor.name) !== cursor) throw cursorNotOpen(cursor.name);
        if (at === ready.length && !ended) {
          ready = await this.take(cursor, columns, ROUTINE_FETCH_ROWS);
          at = 0;
          ended = ready.length < ROUTINE_FETCH_ROWS;
        }
        return ready[at++];
      },
      close: async () => {
        this.loops = Math.max(0, this.loops - 1);
        if (cursors.get(cursor.name) !== cursor) return;
        cursors.delete(cursor.name);
        await cursor.portal.close();
      },
    };
  }
}
