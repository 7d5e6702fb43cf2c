/**
 * Statements the session itself runs: transaction control, settings, prepared statements and cursors. Each handler
 * returns the command tag and writes rows, if any, to the execution's sink. Called by session.ts.
 */
import * as errors from '../../common/errors/catalogue.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { FieldDescription } from '../../common/sql-service.ts';
import { typeOfValue } from '../catalog/value-types.ts';
import type { Statement, StatementKind } from '../parser/ast.ts';
import { textField, textRows } from './data-rows.ts';
import { evaluateArguments } from './execute-arguments.ts';
import { Portal } from './portal.ts';
import type { Analysed, Execution, ExecutorEntry, SessionEntry, SessionScope } from './scope.ts';
import { canonicalName } from './settings-store.ts';

type Handler<K extends StatementKind> = (
  scope: SessionScope,
  statement: Extract<Statement, { kind: K }>,
  execution: Execution,
  entry: SessionEntry,
) => Promise<string> | string;

const warning = (sqlstate: string, message: string): Notice => ({ severity: 'WARNING', sqlstate, message });
const ALREADY_OPEN = warning('25001', 'there is already a transaction in progress');
const NONE_OPEN = warning('25P01', 'there is no transaction in progress');

const READ_ONLY = /read only/i;
const READ_WRITE = /read write/i;

/** SET TRANSACTION is local; SET SESSION CHARACTERISTICS changes what later transactions start with. */
async function setTransactionMode(scope: SessionScope, words: string, local: boolean): Promise<void> {
  const mode = READ_ONLY.test(words) ? true : READ_WRITE.test(words) ? false : undefined;
  if (mode === undefined) return;
  if (local) await scope.block.changeMode(mode);
  else scope.settings.set('default_transaction_read_only', [mode ? 'on' : 'off'], false);
}

/** SET SESSION AUTHORIZATION, by whatever statement or function: only a superuser may become somebody else. */
export function setSessionUser(scope: SessionScope, name: string, local: boolean): void {
  if (name !== scope.loginUser.name && !scope.loginUser.superuser) {
    throw errors.permissionDenied('session authorization', name);
  }
  if (scope.deps.user(name) === undefined) throw errors.undefinedUser(name);
  scope.settings.set('session_authorization', [name], local);
}

const set: Handler<'set'> = async (scope, statement, { sink }) => {
  const name = canonicalName(statement.name);
  const words = statement.value === 'default' ? '' : statement.value.map(String).join(' ');
  if (name === 'transaction') await setTransactionMode(scope, words, statement.local);
  else if (statement.value === 'default') scope.settings.reset(name, statement.local);
  else if (name === 'session_authorization') setSessionUser(scope, words, statement.local);
  else {
    scope.settings.set(name, statement.value.map(String), statement.local);
    const remark = scope.settings.remark(name);
    if (remark !== undefined) sink.notice(warning('01000', remark));
  }
  return 'SET';
};

const show: Handler<'show'> = (scope, statement, { sink }) => {
  const name = canonicalName(statement.name);
  const rows = name === 'all' ? scope.settings.all() : [[scope.settings.get(name)]];
  void sink.rows(textRows(rows), rows.length);
  return 'SHOW';
};

const prepare: Handler<'prepare'> = async (scope, statement, _execution, { text }) => {
  if (scope.statements.has(statement.name)) throw errors.duplicatePrepared(statement.name);
  const types = statement.types.map((t) => (t.name === 'unknown' ? undefined : typeOfValue(t)));
  scope.statements.set(statement.name, await scope.analyse(statement.statement, text, types, []));
  return 'PREPARE';
};

const deallocate: Handler<'deallocate'> = (scope, { name }) => {
  if (name === null) scope.statements.clear();
  else if (!scope.statements.delete(name)) throw errors.undefinedPrepared(name);
  return 'DEALLOCATE';
};

const declare: Handler<'declare'> = async (scope, statement, execution, entry) => {
  const inner = entry.inner as ExecutorEntry;
  if (!scope.inTransactionBlock) throw errors.cursorOutsideTransaction();
  if (scope.cursors.has(statement.name)) throw errors.duplicateCursor(statement.name);
  if (scope.cursors.size > 0) throw errors.oneCursorOnly();
  await scope.lock(inner, 'share');
  const portal: Portal = new Portal(statement.name, (sink) => {
    const formats = scope.cursors.get(statement.name)?.formats ?? [];
    return scope.runExecutor(inner, { parameters: execution.parameters, formats, sink });
  });
  const fields = inner.prepared.fields ?? [];
  const declaredAtMicros = scope.deps.clock.nowMicros();
  scope.cursors.set(statement.name, { name: statement.name, portal, declaredAtMicros, fields, formats: undefined });
  return 'DECLARE CURSOR';
};

const fetch: Handler<'fetch'> = async (scope, statement, { formats, sink }) => {
  const cursor = scope.cursors.get(statement.name);
  if (cursor === undefined) throw errors.undefinedSqlCursor(statement.name);
  cursor.formats ??= formats;
  const count = statement.count === 'all' ? 0 : statement.count;
  if (statement.count !== 0) await scope.within(cursor.portal, () => cursor.portal.take(count, sink));
  return 'FETCH';
};

const close: Handler<'close'> = async (scope, { name }) => {
  if (name !== null && !scope.cursors.has(name)) throw errors.undefinedSqlCursor(name);
  for (const cursor of [...scope.cursors.values()]) {
    if (name !== null && cursor.name !== name) continue;
    scope.cursors.delete(cursor.name);
    await cursor.portal.close();
  }
  return 'CLOSE CURSOR';
};

const begin: Handler<'begin'> = (scope, statement, { sink }, { text }) => {
  const mode = statement.readOnly ?? undefined;
  if (!scope.block.begin(mode)) sink.notice(ALREADY_OPEN);
  return /^\s*start\b/i.test(text.slice(statement.start, statement.end)) ? 'START TRANSACTION' : 'BEGIN';
};

const commit: Handler<'commit'> = (scope, _statement, { sink }) => {
  if (scope.block.status === 'I') sink.notice(NONE_OPEN);
  return scope.block.commit();
};

const rollback: Handler<'rollback'> = async (scope, _statement, { sink }) => {
  if (scope.block.status === 'I') sink.notice(NONE_OPEN);
  await scope.block.rollback();
  return 'ROLLBACK';
};

const execute: Handler<'execute'> = async (scope, statement, { formats, sink }, { text }) => {
  const target = executeTarget(scope, statement.name);
  const parameters = await evaluateArguments(scope, statement, text, target);
  return scope.runExecutor(target, { parameters, formats, sink });
};

/** USE, RESET USE: later transactions work in that database, with the search path that sessions begin with. */
function changeDatabase(scope: SessionScope, name: string | undefined, what: string): void {
  if (scope.inTransactionBlock) throw errors.cannotRunInTransaction(what);
  scope.databases.use(name);
  scope.settings.reset('search_path', false);
}
const use: Handler<'use'> = (scope, { database }) => {
  changeDatabase(scope, database, 'USE');
  return 'USE';
};
const resetUse: Handler<'reset-use'> = (scope) => {
  changeDatabase(scope, undefined, 'RESET USE');
  return 'RESET';
};
const showUse: Handler<'show-use'> = (scope, _statement, { sink }) => {
  void sink.rows(textRows([[scope.databases.usedName ?? '']]), 1);
  return 'SHOW';
};

const call: Handler<'call'> = (scope, statement, execution, { text, types = 'none' }) =>
  scope.deps.procedures.call(scope, statement, text, types, execution);

const unsupported: Handler<'unsupported'> = (_scope, statement) => {
  throw new SqlError({ sqlstate: statement.sqlstate, message: statement.message });
};

const reset: Handler<'reset'> = (scope, { name }) => {
  if (canonicalName(name) === 'all') scope.settings.resetAll();
  else scope.settings.reset(name);
  return 'RESET';
};

const HANDLERS = {
  begin,
  commit,
  rollback,
  set,
  reset,
  show,
  prepare,
  execute,
  deallocate,
  declare,
  fetch,
  close,
  call,
  use,
  'reset-use': resetUse,
  'show-use': showUse,
  unsupported,
} as const;
type SessionKind = keyof typeof HANDLERS;

export const isSessionStatement = (statement: Statement): boolean => statement.kind in HANDLERS;
/** COMMIT and ROLLBACK, the only statements a failed block accepts. */
export const endsTransaction = (statement: Statement): boolean =>
  statement.kind === 'commit' || statement.kind === 'rollback';
export const controlsTransaction = (statement: Statement): boolean =>
  endsTransaction(statement) || statement.kind === 'begin';

export function runSessionStatement(
  scope: SessionScope,
  entry: SessionEntry,
  execution: Execution,
): Promise<string> | string {
  const handler = HANDLERS[entry.statement.kind as SessionKind] as Handler<StatementKind>;
  return handler(scope, entry.statement, execution, entry);
}

function executeTarget(scope: SessionScope, name: string): ExecutorEntry {
  const target: Analysed | undefined = scope.statements.get(name);
  if (target === undefined) throw errors.undefinedPrepared(name);
  if (target.kind !== 'executor') {
    throw errors.featureNotSupported(`EXECUTE cannot run prepared statement "${name}"`);
  }
  return target;
}

/** Columns a session statement will give; throws when it names a cursor or prepared statement that is not there. */
export function fieldsOfSessionStatement(
  scope: SessionScope,
  statement: Statement,
): readonly FieldDescription[] | null {
  if (statement.kind === 'execute') return executeTarget(scope, statement.name).prepared.fields;
  if (statement.kind === 'fetch') {
    const cursor = scope.cursors.get(statement.name);
    if (cursor === undefined) throw errors.undefinedSqlCursor(statement.name);
    return cursor.fields;
  }
  if (statement.kind === 'show-use') return [textField('Use Database')];
  if (statement.kind !== 'show') return null;
  const name = canonicalName(statement.name);
  if (name === 'all') return [textField('name'), textField('setting')];
  scope.settings.get(name);
  return [textField(name)];
}
