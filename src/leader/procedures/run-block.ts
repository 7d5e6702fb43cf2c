/**
 * Runs the statements of one call: blocks with their handlers, branches, loops and what they do. A statement ends
 * normally, leaves loops (EXIT, CONTINUE) or the procedure (RETURN), or throws.
 */
import {
  atomicContext as refusedInAtomic,
  caseNotFound,
  loopBoundNull,
  raised,
  raiseNothing,
} from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { Turns } from '../../common/steps.ts';
import { BOOL, INT4, INT8, varchar } from '../../types/sql-type.ts';
import { formatText } from '../../types/text.ts';
import type { TypedValue } from '../session/types.ts';
import { STEP_WORDS, type Block, type Place, type Program, type RaiseLevel, type Step } from './body.ts';
import type { CallStack } from './context.ts';
import { Cursors } from './cursors.ts';
import { declareVariable } from './declare.ts';
import { converted, Frame } from './frame.ts';
import { recordMessage } from './record-calls.ts';
import { SqlRunner, type Outcome } from './run-sql.ts';

/** How a statement ended: undefined goes on behind it. */
type Left = undefined | 'return' | { readonly how: 'exit' | 'continue'; readonly label: string | undefined };
type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

const truth = (value: boolean): TypedValue => ({ type: BOOL, value: value ? 1 : 0 });
/** Errors that no handler takes: the client, or the server, wants the call to end. */
const UNTRAPPED: ReadonlySet<string> = new Set(['57014', '57P01', '57P02', '57P03']);

export class BlockRunner {
  readonly frame: Frame;
  readonly sql: SqlRunner;
  private readonly cursors: Cursors;
  private readonly turns: Turns;
  private readonly found: Place;
  /** Rows of the last statement. */
  private rowCount = 0;
  /** Errors that handlers around here work on, the innermost last. */
  private readonly handled: SqlError[] = [];
  private readonly told = new WeakSet<SqlError>();
  /** BEGIN in a NONATOMIC procedure: statements commit together. */
  private together = false;

  constructor(
    readonly stack: CallStack,
    private readonly program: Program,
    foundAt: number,
  ) {
    const { scope } = stack;
    this.frame = new Frame(() => scope.textSettings());
    this.sql = new SqlRunner(stack, this.frame);
    this.cursors = new Cursors(stack, this.frame, this.sql);
    this.turns = new Turns(scope.cancelSignal);
    this.found = { variable: foundAt };
    this.frame.declare(foundAt, {
      name: 'found',
      kind: 'scalar',
      type: BOOL,
      value: 0,
      constant: false,
      notNull: false,
    });
  }

  async run(): Promise<void> {
    await this.step(this.program.block);
  }

  private async steps(list: readonly Step[]): Promise<Left> {
    for (const step of list) {
      const left = await this.step(step);
      if (left !== undefined) return left;
    }
    return undefined;
  }

  private async step(step: Step): Promise<Left> {
    const turn = this.turns.next();
    if (turn !== undefined) await turn;
    this.stack.scope.cancelSignal.throwIfAborted();
    try {
      const run = this.runs[step.kind] as (step: Step) => Promise<Left> | Left;
      return await run(step);
    } catch (error) {
      throw this.placed(error, step);
    }
  }
  /** An error learns once in each call where it was. */
  private placed(error: unknown, step: Step): unknown {
    if (!(error instanceof SqlError) || this.told.has(error)) return error;
    this.told.add(error);
    const { name } = this.stack.routine;
    error.context = [...error.context, `PL/pgSQL function "${name}" line ${step.line} at ${STEP_WORDS[step.kind]}`];
    error.position = undefined;
    return error;
  }

  private readonly runs: { readonly [K in Step['kind']]: (step: StepOf<K>) => Promise<Left> | Left } = {
    block: (step) => this.block(step),
    assign: (step) => this.assign(step),
    if: (step) => this.ifStep(step),
    case: (step) => this.caseStep(step),
    loop: (step) => this.loop(step.label, step.body, () => true),
    while: (step) => this.loop(step.label, step.body, () => this.sql.condition(step.condition)),
    'for-range': (step) => this.forRange(step),
    'for-query': (step) => this.forQuery(step),
    exit: (step) => this.leave(step),
    continue: (step) => this.leave(step),
    return: () => 'return',
    raise: (step) => this.raise(step),
    sql: async (step) => this.ran(await this.sql.statement(step.sql, step.into !== undefined), step.into),
    execute: async (step) =>
      this.ran(await this.sql.dynamic(await this.sql.evaluate(step.text), step.into !== undefined), step.into, true),
    perform: async (step) => this.ran(await this.sql.statement(step.sql, false), undefined),
    call: (step) => this.call(step),
    open: (step) => this.cursors.open(step),
    fetch: async (step) => this.setFound(await this.cursors.fetch(step)),
    close: (step) => this.cursors.close(step.variable),
    diagnostics: (step) => this.diagnostics(step),
    commit: () => this.endTransaction('commit'),
    rollback: () => this.endTransaction('rollback'),
    begin: () => this.begin(),
    null: () => undefined,
  };

  private setFound(found: boolean): undefined {
    this.frame.set(this.found, truth(found));
  }
  private async ran({ rows, columns, first }: Outcome, into: readonly Place[] | undefined, isDynamic = false) {
    if (into !== undefined) this.frame.setRow(into, columns, first);
    this.rowCount = into === undefined ? rows : Math.min(rows, 1);
    if (!isDynamic) this.setFound(rows > 0);
    await this.autocommit();
    return undefined;
  }
  /** NONATOMIC: what a statement did stays, whatever comes. */
  private async autocommit(): Promise<void> {
    const { autocommit, scope } = this.stack;
    if (autocommit && !this.together && !this.cursors.hasOpen) await scope.block.renew('commit');
  }

  // ---- blocks ---------------------------------------------------------------------------------------------------

  private async block(step: Block): Promise<Left> {
    const { handler } = step;
    if (handler === undefined) return this.inside(step);
    try {
      return await this.inside(step);
    } catch (error) {
      if (!(error instanceof SqlError) || UNTRAPPED.has(error.sqlstate)) throw error;
      this.stack.scope.cancelSignal.throwIfAborted();
      return this.handle(handler, error);
    }
  }
  private async inside(step: Block): Promise<Left> {
    for (const declaration of step.declarations) await declareVariable(this, declaration);
    const left = await this.steps(step.body);
    const isMine = typeof left === 'object' && left.label !== undefined && left.label === step.label;
    return isMine ? undefined : left;
  }
  /**
   * The transaction is undone and the handler works in another one, which commits. The error goes on behind it unless the
   * procedure is NONATOMIC.
   */
  private async handle(handler: NonNullable<Block['handler']>, error: SqlError): Promise<Left> {
    const { scope, autocommit } = this.stack;
    await scope.block.renew('rollback');
    this.together = false;
    const of = (variable: number, name: string, value: string): void =>
      this.frame.declare(variable, {
        name,
        kind: 'scalar',
        type: varchar(65_535),
        value,
        constant: false,
        notNull: false,
      });
    of(handler.sqlstate, 'sqlstate', error.sqlstate);
    of(handler.sqlerrm, 'sqlerrm', error.message);
    this.handled.push(error);
    try {
      const left = await this.steps(handler.body);
      await scope.block.renew('commit');
      if (autocommit) return left;
    } finally {
      this.handled.pop();
    }
    throw error;
  }

  // ---- variables and branches -----------------------------------------------------------------------------------

  private assign({ target, value }: StepOf<'assign'>): Left | Promise<Left> {
    const computed = this.sql.evaluate(value);
    if (computed instanceof Promise) return computed.then((v) => void this.frame.set(target, v));
    this.frame.set(target, computed);
    return undefined;
  }
  private async ifStep({ branches, otherwise }: StepOf<'if'>): Promise<Left> {
    for (const { condition, body } of branches) if (await this.sql.condition(condition)) return this.steps(body);
    return this.steps(otherwise);
  }
  private async caseStep({ branches, otherwise, subject }: StepOf<'case'>): Promise<Left> {
    if (subject !== undefined) {
      const { type, value } = await this.sql.evaluate(subject.value);
      const { variable } = subject;
      this.frame.declare(variable, { name: 'case', kind: 'scalar', type, value, constant: false, notNull: false });
    }
    for (const { condition, body } of branches) if (await this.sql.condition(condition)) return this.steps(body);
    if (otherwise === undefined) throw caseNotFound();
    return this.steps(otherwise);
  }
  private diagnostics({ items }: StepOf<'diagnostics'>): Left {
    for (const { target, item } of items) {
      const value = item === 'row_count' ? BigInt(this.rowCount) : 0n;
      this.frame.set(target, { type: INT8, value });
    }
    return undefined;
  }

  // ---- loops ----------------------------------------------------------------------------------------------------

  private async leave({ kind, label, when }: StepOf<'exit' | 'continue'>): Promise<Left> {
    if (when !== undefined && !(await this.sql.condition(when))) return undefined;
    return { how: kind as 'exit', label };
  }
  /** What a round's end means for its loop: it goes on, ends, or is left for something outside. */
  private after(left: Left, label: string | undefined): 'on' | { readonly left: Left } {
    if (left === undefined) return 'on';
    if (typeof left === 'string' || (left.label !== undefined && left.label !== label)) return { left };
    return left.how === 'continue' ? 'on' : { left: undefined };
  }
  private async loop(
    label: string | undefined,
    body: readonly Step[],
    next: () => boolean | Promise<boolean>,
  ): Promise<Left> {
    while (await next()) {
      const after = this.after(await this.steps(body), label);
      if (after !== 'on') return after.left;
      const turn = this.turns.next();
      if (turn !== undefined) await turn;
      this.stack.scope.cancelSignal.throwIfAborted();
    }
    return undefined;
  }
  private async forRange({ label, variable, reverse, from, to, body }: StepOf<'for-range'>): Promise<Left> {
    const bound = async (sql: typeof from, which: string): Promise<number> => {
      const value = converted(await this.sql.evaluate(sql), INT4, this.stack.scope.textSettings());
      if (value === null) throw loopBoundNull(which);
      return Number(value);
    };
    let at = await bound(from, 'lower bound');
    const last = await bound(to, 'upper bound');
    const step = reverse ? -1 : 1;
    let any = false;
    const next = (): boolean => {
      if (reverse ? at < last : at > last) return false;
      any = true;
      this.frame.declare(variable, {
        name: this.program.variables[variable]!,
        kind: 'scalar',
        type: INT4,
        value: at,
        constant: false,
        notNull: false,
      });
      at += step;
      return true;
    };
    const left = await this.loop(label, body, next);
    this.setFound(any);
    return left;
  }
  private async forQuery({ label, into, source, body }: StepOf<'for-query'>): Promise<Left> {
    const cursor = await this.cursors.ofLoop(source);
    let any = false;
    const next = async (): Promise<boolean> => {
      const row = await cursor.next();
      if (row === undefined) {
        if (!any) this.frame.setRow(into, cursor.columns, undefined);
        return false;
      }
      any = true;
      this.frame.setRow(into, cursor.columns, row);
      return true;
    };
    let left: Left;
    try {
      left = await this.loop(label, body, next);
    } finally {
      await cursor.close();
    }
    this.setFound(any);
    await this.autocommit();
    return left;
  }

  // ---- messages -------------------------------------------------------------------------------------------------

  private async raise({ line, message }: StepOf<'raise'>): Promise<Left> {
    if (message === undefined) {
      const error = this.handled[this.handled.length - 1];
      if (error === undefined) throw raiseNothing();
      throw error;
    }
    const shown: string[] = [];
    for (const value of message.values) shown.push(this.shownText(await this.sql.evaluate(value)));
    let used = 0;
    const words = message.format.replace(/%%|%/g, (mark) => (mark === '%%' ? '%' : shown[used++]!));
    recordMessage(this.stack, message.level, words, line);
    if (message.level === 'exception') throw raised(words);
    const severity = NOTICES[message.level];
    if (severity !== undefined) this.stack.sink.notice({ severity, sqlstate: '00000', message: words });
    return undefined;
  }
  private shownText({ type, value }: TypedValue): string {
    return value === null ? '<NULL>' : formatText(type, value, this.stack.scope.textSettings());
  }

  // ---- calls and transactions -----------------------------------------------------------------------------------

  private async call(step: StepOf<'call'>): Promise<Left> {
    const { outputs, row } = await this.stack.nested(this.stack, this.frame, step.sql);
    if (step.into !== undefined) this.frame.setRow(step.into, outputs, row);
    else
      for (const [i, { argument }] of outputs.entries()) {
        const place = argument === undefined ? undefined : step.variables[argument];
        if (place !== undefined) this.frame.set(place, row[i]!);
      }
    await this.autocommit();
    return undefined;
  }
  private async endTransaction(how: 'commit' | 'rollback'): Promise<Left> {
    const { scope, atomicContext } = this.stack;
    if (atomicContext) throw refusedInAtomic(how.toUpperCase());
    this.cursors.forget();
    await scope.block.renew(how);
    this.together = false;
    return undefined;
  }
  private begin(): Left {
    const { autocommit } = this.stack;
    if (!autocommit) throw refusedInAtomic('BEGIN');
    this.together = true;
    return undefined;
  }
}

/** Severities that clients are told; the others are for the log. */
const NOTICES: Readonly<Partial<Record<RaiseLevel, 'INFO' | 'NOTICE' | 'WARNING'>>> = {
  info: 'INFO',
  notice: 'NOTICE',
  warning: 'WARNING',
};
