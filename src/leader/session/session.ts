/**
 * One client's session: the simple and the extended protocol over the statement executor, the transaction block, the
 * settings, prepared statements, portals and cursors. The caller gives one request at a time; `cancel`, `terminate` and
 * `close` may come at any moment. Every error leaves as a SqlError after the block has been failed, so the session stays
 * usable. Created by service.ts.
 */
import * as errors from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { begins, ends, goesOn } from '../../common/newcomers.ts';
import { PORTALS_MAX, PREPARED_STATEMENTS_MAX, STATEMENT_BYTES_MAX } from '../../common/limits.ts';
import type { FieldDescription, ResultSink, SqlSession } from '../../common/sql-service.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';
import type { TextSettings } from '../../types/text.ts';
import type { UserObject } from '../catalog/objects.ts';
import { maskCredentials, maskError } from '../parser/mask-credentials.ts';
import type { Statement } from '../parser/ast.ts';
import type { Transaction } from '../transaction/types.ts';
import { fieldsOf, parametersOf } from './analysed.ts';
import { decodeValues } from './bound-values.ts';
import { forClient, shownFields } from './client-view.ts';
import { SessionDatabases } from './databases.ts';
import { fixSettings } from './fixed-settings.ts';
import { IdleTimeout } from './idle-timeout.ts';
import { declaredType } from './parameters.ts';
import { LeavingPortals, Portal } from './portal.ts';
import type {
  Analysed,
  BoundPortal,
  Cursor,
  Execution,
  ExecutorEntry,
  SessionEntry,
  SessionIdentity,
  SessionScope,
  SqlServiceDeps,
} from './scope.ts';
import {
  controlsTransaction,
  endsTransaction,
  fieldsOfSessionStatement,
  isSessionStatement,
  runSessionStatement,
  setSessionUser,
} from './session-statements.ts';
import { splitIdentifiers } from './settings/define.ts';
import { canonicalName, SettingsStore } from './settings-store.ts';
import { preparedUnder, refresh } from './prepared-under.ts';
import { recordFailure } from './record-failure.ts';
import { startupSettings, startupStatus, userSettings } from './startup.ts';
import { endTemporarySchema } from './temporary-schema.ts';
import { textSettingsOf } from '../../types/text-settings.ts';
import { isTooDeep } from '../../common/errors/too-deep.ts';
import { askedProtocol, formatsUnder } from './transfer-protocol.ts';
import { TransactionBlock } from './transaction-block.ts';
import type { ParameterTypes, PreparedStatement } from './types.ts';

/** A transaction counts statements from 1 and starts the next one before each: the first that runs is number 2. */
const FIRST_STATEMENT = 2;

export class ClientSession implements SqlSession, SessionScope {
  readonly pid: number;
  readonly secret: number;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly startedAtMicros: bigint;
  readonly startupParameters: ReadonlyMap<string, string>;
  readonly temporarySchema: string;
  readonly loginUser: UserObject;
  readonly last = { copyCount: 0, copyId: 0, queryId: 0, finishedId: -1, unloadCount: 0, unloadId: 0 };
  readonly settings = new SettingsStore();
  readonly statements = new Map<string, Analysed>();
  readonly cursors = new Map<string, Cursor>();
  readonly block: TransactionBlock;
  acting: UserObject | undefined;
  activity: { readonly text: string; readonly startedAtMicros: bigint } | undefined;
  private readonly portals = new Map<string, BoundPortal>();
  private controller = new AbortController();
  private abortReason: SqlError | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private busy = false;
  private closed = false;
  private closing: Promise<void> | undefined;
  terminated: SqlError | undefined;
  private multiStatement = false;
  private readonly idle = new IdleTimeout(this);
  private readonly terminationListeners: ((error: SqlError) => void)[] = [];

  constructor(
    readonly deps: SqlServiceDeps,
    private readonly identity: SessionIdentity,
  ) {
    const { startup } = identity;
    this.pid = identity.pid;
    this.secret = identity.secret;
    this.loginUser = identity.user;
    this.databases = new SessionDatabases(deps, identity.database);
    this.remoteHost = startup.remoteHost;
    this.remotePort = startup.remotePort;
    this.startupParameters = startup.parameters;
    this.startedAtMicros = deps.clock.nowMicros();
    this.temporarySchema = `pg_temp_${identity.number}`;
    for (const [name, value] of [...userSettings(identity.user), ...startupSettings(startup.parameters)])
      this.settings.startup(name, value);
    this.settings.fix('session_authorization', identity.user.name);
    fixSettings(this.settings, deps, this.database, this.user);
    this.block = new TransactionBlock({
      begin: (readOnly) => {
        const database = this.databases.current;
        const signal = (): AbortSignal => this.cancelSignal;
        const waits = (): void => deps.executor.lockWait(this);
        const lost = (error: SqlError): void => this.transactionLost(error);
        const options = { userid: this.user.oid, readOnly, signal, lost, waits };
        return deps.transactions.begin(database, this.pid, options);
      },
      readOnlyByDefault: () =>
        this.setting('default_transaction_read_only') === 'on' || this.setting('readonly') === 'on',
      beforeEnd: () => this.closePortals(),
      afterEnd: (committed) => this.settings.end(committed),
    });
    this.idle.start();
  }

  // ---- what the rest of the leader sees -------------------------------------------------------------------------

  readonly databases: SessionDatabases;
  get database(): string {
    return this.databases.name;
  }
  get user(): UserObject {
    if (this.acting !== undefined) return this.acting;
    const name = this.settings.get('session_authorization');
    return this.deps.user(name) ?? this.loginUser;
  }
  get transaction(): Transaction | undefined {
    return this.block.transaction;
  }
  get inTransactionBlock(): boolean {
    // In a pipeline of the extended protocol, whatever ran before belongs to the same transaction.
    const behindOthers = (this.transaction?.statement ?? 0) > FIRST_STATEMENT;
    return this.block.state === 'open' || this.multiStatement || behindOthers;
  }
  get cancelSignal(): AbortSignal {
    return this.controller.signal;
  }
  get transferProtocol(): number {
    return askedProtocol(this.startupParameters) ?? 0;
  }
  get status(): 'I' | 'T' | 'E' {
    return this.block.status;
  }
  setting(name: string): string {
    return this.settings.get(name);
  }
  setSetting(name: string, value: string, local: boolean): void {
    if (canonicalName(name) === 'session_authorization') setSessionUser(this, value, local);
    else this.settings.set(name, [value], local);
  }
  private readonly ofSetting = (name: string): string => this.setting(name);
  private get keepsCase(): boolean {
    return this.setting('enable_case_sensitive_identifier') === 'true';
  }
  readonly nextRandomSeed = (): bigint => this.settings.nextRandomSeed();
  searchPath(): readonly string[] {
    const path = splitIdentifiers(this.setting('search_path')).map((n) => (n === '$user' ? this.user.name : n));
    const hasTemporary = this.transaction?.catalog().schema(this.temporarySchema) !== undefined;
    return hasTemporary ? [this.temporarySchema, ...path] : path;
  }
  textSettings(): TextSettings {
    return textSettingsOf((name) => this.setting(name));
  }
  parameterStatus(): ReadonlyMap<string, string> {
    return startupStatus(this.settings.startReporting(), this.startedAtMicros, this.pid, this.startupParameters);
  }

  // ---- cancel, terminate, close ---------------------------------------------------------------------------------

  /** Cancels what runs now; nothing when idle. True when something was running. */
  cancel(reason?: SqlError): boolean {
    if (this.busy) this.abort(reason ?? errors.queryCancelled(String(this.last.queryId)));
    return this.busy;
  }
  /** Ends the session from the server's side. */
  terminate(reason = errors.terminatedByAdministrator()): void {
    if (this.terminated !== undefined || this.closed) return;
    this.terminated = reason;
    if (this.busy) this.abort(reason);
    for (const listener of this.terminationListeners) listener(reason);
  }
  onTerminate(listener: (error: SqlError) => void): void {
    this.terminationListeners.push(listener);
  }
  private abort(reason: SqlError): void {
    this.abortReason = reason;
    this.controller.abort(reason);
  }

  private transactionLost(error: SqlError): void {
    if (this.busy) this.abort(error);
    else this.block.giveUp().catch((second: unknown) => this.deps.onBug?.(second));
  }

  /** Ends the session; every caller waits until it is gone. */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }
  private async end(): Promise<void> {
    this.closed = true;
    if (this.busy) this.abort(errors.queryCancelled(String(this.last.queryId)));
    await this.running;
    try {
      await this.block.rollback();
      for (const oid of this.databases.all) await endTemporarySchema(this, oid);
    } finally {
      this.statements.clear();
      this.identity.onClose();
    }
  }

  // ---- one request at a time ------------------------------------------------------------------------------------

  private request<T>(text: string | undefined, work: () => Promise<T>): Promise<T> {
    if (this.terminated !== undefined) throw this.terminated;
    if (this.closed) throw errors.terminatedByAdministrator();
    const run = async (): Promise<T> => {
      this.idle.stop();
      this.busy = true;
      this.abortReason = undefined;
      this.controller = new AbortController();
      begins(this.controller.signal);
      if (text !== undefined)
        this.activity = { text: maskCredentials(text), startedAtMicros: this.deps.clock.nowMicros() };
      fixSettings(this.settings, this.deps, this.database, this.user);
      try {
        return await work();
      } catch (error) {
        throw await this.failed(error);
      } finally {
        ends(this.controller.signal);
        this.busy = false;
        if (!this.closed) this.idle.start();
        this.activity = undefined;
        this.multiStatement = false;
      }
    };
    const promise = run();
    this.running = promise.catch(() => undefined);
    return promise;
  }

  /** Fails the block and gives the error the client shall see. */
  private async failed(error: unknown): Promise<SqlError> {
    const cause: unknown =
      this.abortReason ?? (isTooDeep(error) ? errors.statementTooComplex('stack depth limit exceeded') : error);
    const { transaction } = this;
    try {
      this.block.settle();
      await this.block.fail();
    } catch (second) {
      this.deps.onBug?.(second);
    }
    const known = cause instanceof SqlError;
    if (!known) this.deps.onBug?.(cause);
    const sql = known
      ? maskError(cause, this.activity?.text ?? '')
      : errors.internalFailure(cause instanceof Error ? cause.message : String(cause));
    recordFailure(this, sql, transaction);
    return sql;
  }

  /** Runs `work` under statement_timeout. */
  private async timed<T>(work: () => Promise<T>): Promise<T> {
    const limit = Number(this.setting('statement_timeout'));
    if (limit <= 0) return work();
    const timer = setTimeout(() => this.cancel(), limit);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  async within<T>(portal: Portal, work: () => Promise<T>): Promise<T> {
    if (this.abortReason !== undefined) throw this.abortReason;
    const outer = this.controller;
    this.controller = portal.controller;
    goesOn(outer.signal, portal.controller.signal);
    try {
      return await work();
    } finally {
      goesOn(portal.controller.signal, outer.signal);
      this.controller = outer;
    }
  }

  private report(sink: ResultSink): void {
    for (const [name, value] of this.settings.changes()) sink.parameterStatus(name, value);
  }

  // ---- simple protocol ------------------------------------------------------------------------------------------

  simpleQuery(text: string, given: ResultSink): Promise<void> {
    const sink = forClient(given, this.ofSetting);
    return this.request(text, async () => {
      this.checkSize(text);
      this.portals.delete('');
      this.statements.delete('');
      const statements = await this.deps.executor.parse(text, this.keepsCase, this.cancelSignal);
      if (statements.length === 0) sink.emptyQuery();
      this.multiStatement = statements.length > 1;
      for (const [i, statement] of statements.entries()) {
        await this.timed(() => this.simpleStatement(statement, text, i === statements.length - 1, sink));
      }
    });
  }

  private async simpleStatement(statement: Statement, text: string, last: boolean, sink: ResultSink): Promise<void> {
    this.admit(statement);
    const entry = await this.analyse(statement, text, 'none', []);
    if (entry.kind === 'executor') await this.lock(entry, 'full', false);
    const fields = fieldsOf(entry);
    if (fields !== null) sink.rowDescription(fields, []);
    const execution = { parameters: [], formats: [], sink };
    const tag =
      entry.kind === 'session' ? await this.runSession(entry, execution) : await this.runDirect(entry, sink);
    this.block.settle();
    if (last && this.block.state === 'implicit') await this.block.commit();
    this.report(sink);
    sink.commandComplete(tag);
  }

  private async runDirect(entry: Analysed, sink: ResultSink): Promise<string> {
    const portal = new Portal('', (rows) =>
      this.runExecutor(entry as ExecutorEntry, { parameters: [], formats: [], sink: rows }),
    );
    return (await this.within(portal, () => portal.take(0, sink))).tag;
  }

  /** A failed block takes nothing but its end; everything else outside a block is an implicit transaction. */
  private admit(statement: Statement): void {
    if (this.block.state === 'failed' && !endsTransaction(statement)) throw errors.transactionAborted();
    if (!controlsTransaction(statement)) this.block.enterImplicit();
  }
  private checkSize(text: string): void {
    const size = text.length > STATEMENT_BYTES_MAX / 4 ? Buffer.byteLength(text) : 0;
    if (size > STATEMENT_BYTES_MAX) throw errors.statementTooLarge(String(size), String(STATEMENT_BYTES_MAX));
  }

  // ---- statements -----------------------------------------------------------------------------------------------

  async analyse(
    statement: Statement,
    text: string,
    types: ParameterTypes,
    oids: readonly number[],
  ): Promise<Analysed> {
    if (statement.kind === 'call') {
      const { fields, args } = await this.deps.procedures.bind(this, statement, text, types);
      const entry = { kind: 'session', statement, text, oids, fields, types } as const;
      return { ...entry, parameters: args?.prepared.parameters ?? [], ...(args && { inner: args }) };
    }
    if (isSessionStatement(statement)) {
      const inner =
        statement.kind === 'declare'
          ? await this.analyse({ ...statement, kind: 'query', query: statement.query }, text, types, oids)
          : undefined;
      const parameters = inner?.kind === 'executor' ? inner.prepared.parameters : [];
      const fields = fieldsOfSessionStatement(this, statement);
      const entry: SessionEntry = { kind: 'session', statement, text, oids, parameters, fields };
      return inner?.kind === 'executor' ? { ...entry, inner } : entry;
    }
    const transaction = this.block.require();
    this.block.markUsed();
    // Of before: what others commit while it is prepared has it prepared again.
    const { catalog, environment } = preparedUnder(this, transaction);
    const prepared = await this.deps.executor.prepare(this, transaction, statement, text, types);
    return { kind: 'executor', statement, text, types, oids, prepared, catalog, environment };
  }

  async runExecutor(entry: ExecutorEntry, execution: Execution, described = true): Promise<string> {
    const transaction = this.block.require();
    this.block.markUsed();
    await this.lock(entry, 'full', described);
    transaction.nextStatement();
    const { parameters, formats, sink } = execution;
    return this.deps.executor.execute(this, transaction, entry.prepared, parameters, formats, sink);
  }

  /** Takes the statement's locks; what its names mean is settled then, and the statement prepared under that catalog. */
  async lock(entry: ExecutorEntry, strength: 'share' | 'full', described = true): Promise<void> {
    const transaction = this.block.require();
    const current = async (): Promise<PreparedStatement> => {
      await refresh(this, entry, transaction, described);
      return entry.prepared;
    };
    await this.deps.executor.lock(transaction, current, strength);
  }

  async runSession(entry: SessionEntry, execution: Execution): Promise<string> {
    const started = this.deps.clock.nowMicros();
    const before = this.transaction;
    const tag = await runSessionStatement(this, entry, execution);
    const { kind, start, end } = entry.statement;
    if (kind !== 'execute' && kind !== 'fetch' && kind !== 'show') {
      this.deps.history.add('utilities', {
        userid: this.user.oid,
        pid: this.pid,
        xid: (before ?? this.transaction)?.identify() ?? this.deps.transactions.takeXid(),
        label: this.setting('query_group'),
        text: maskCredentials(entry.text.slice(start, end).trim()),
        startMicros: started,
        endMicros: this.deps.clock.nowMicros(),
        kind: 'utility',
      });
    }
    return tag;
  }

  // ---- extended protocol ----------------------------------------------------------------------------------------

  parse(name: string, text: string, parameterTypes: readonly number[]): Promise<void> {
    return this.request(text, async () => {
      this.checkSize(text);
      if (name !== '' && this.statements.has(name)) throw errors.duplicatePrepared(name);
      if (this.statements.size >= PREPARED_STATEMENTS_MAX) {
        throw errors.tooManyPrepared('prepared statements', String(PREPARED_STATEMENTS_MAX));
      }
      if (name === '') this.statements.delete('');
      const statements = await this.deps.executor.parse(text, this.keepsCase, this.cancelSignal);
      if (statements.length > 1) throw errors.multipleCommandsPrepared();
      const statement = statements[0];
      if (statement === undefined) {
        this.statements.set(name, { kind: 'empty' });
        return;
      }
      this.admit(statement);
      const types = parameterTypes.map(declaredType);
      const entry = await this.timed(async () => {
        const analysed = await this.analyse(statement, text, types, parameterTypes);
        if (analysed.kind === 'executor') await this.lock(analysed, 'share', false);
        return analysed;
      });
      this.statements.set(name, entry);
    });
  }

  private entryOf(name: string): Analysed {
    const entry = this.statements.get(name);
    if (entry === undefined) throw errors.undefinedPrepared(name);
    return entry;
  }
  private portalOf(name: string): BoundPortal {
    const portal = this.portals.get(name);
    if (portal === undefined) throw errors.undefinedCursor(name);
    return portal;
  }

  describeStatement(
    name: string,
  ): Promise<{ parameters: readonly number[]; fields: readonly FieldDescription[] | null }> {
    return this.request(undefined, async () => {
      const entry = this.entryOf(name);
      const oids = entry.kind === 'empty' ? [] : entry.oids;
      const parameters = parametersOf(entry).map((type, i) =>
        oids[i] !== undefined && declaredType(oids[i]) !== undefined ? oids[i] : TYPE_INFO[type.name].oid,
      );
      return { parameters, fields: shownFields(fieldsOf(entry), this.ofSetting) };
    });
  }

  bind(
    portal: string,
    statement: string,
    values: readonly (Uint8Array | null)[],
    valueFormats: readonly number[],
    resultFormats: readonly number[],
  ): Promise<void> {
    return this.request(undefined, async () => {
      const entry = this.entryOf(statement);
      if (entry.kind !== 'empty') this.admit(entry.statement);
      if (portal !== '' && this.portals.has(portal)) throw errors.duplicateCursor(portal);
      if (this.portals.size >= PORTALS_MAX) throw errors.tooManyPrepared('portals', String(PORTALS_MAX));
      await this.portals.get(portal)?.portal?.close();
      const decoded = decodeValues(entry, statement, values, valueFormats, this.textSettings());
      this.portals.set(portal, {
        entry,
        values: decoded,
        formats: formatsUnder(this.transferProtocol, resultFormats, fieldsOf(entry)),
        portal: undefined,
        done: undefined,
      });
    });
  }

  describePortal(name: string): Promise<{ fields: readonly FieldDescription[] | null; formats: readonly number[] }> {
    return this.request(undefined, async () => {
      const cursor = this.portals.has(name) ? undefined : this.cursors.get(name);
      if (cursor !== undefined)
        return { fields: shownFields(cursor.fields, this.ofSetting), formats: cursor.formats ?? [] };
      const { entry, formats } = this.portalOf(name);
      const fetched = entry.kind === 'session' && entry.statement.kind === 'fetch' ? entry.statement.name : undefined;
      const fixed = fetched === undefined ? undefined : this.cursors.get(fetched)?.formats;
      return { fields: shownFields(fieldsOf(entry), this.ofSetting), formats: fixed ?? formats };
    });
  }

  execute(portal: string, maxRows: number, given: ResultSink): Promise<void> {
    const sink = forClient(given, this.ofSetting);
    const text = this.portals.get(portal)?.entry;
    return this.request(text !== undefined && text.kind !== 'empty' ? text.text : undefined, async () => {
      const bound = this.portalOf(portal);
      const { entry } = bound;
      if (entry.kind === 'empty') {
        sink.emptyQuery();
        return;
      }
      this.admit(entry.statement);
      await this.timed(() => this.executePortal(portal, bound, entry, maxRows, sink));
    });
  }

  private async executePortal(
    name: string,
    bound: BoundPortal,
    entry: ExecutorEntry | SessionEntry,
    maxRows: number,
    sink: ResultSink,
  ): Promise<void> {
    const { values: parameters, formats } = bound;
    if (entry.kind === 'session' && entry.statement.kind !== 'execute') {
      bound.done ??= await this.runSession(entry, { parameters, formats, sink });
      this.report(sink);
      sink.commandComplete(bound.done);
      return;
    }
    const portal = (bound.portal ??= new Portal(name, async (rows) =>
      entry.kind === 'session'
        ? this.runSession(entry, { parameters, formats, sink: rows })
        : this.runExecutor(entry, { parameters, formats, sink: rows }),
    ));
    const portion = await this.within(portal, () => portal.take(maxRows, sink));
    if (portion.suspended) {
      sink.portalSuspended();
      return;
    }
    this.block.settle();
    this.report(sink);
    sink.commandComplete(portion.tag);
  }

  closeStatement(name: string): void {
    this.statements.delete(name);
  }
  closePortal(name: string): void {
    const bound = this.portals.get(name);
    this.portals.delete(name);
    this.leaving.release(bound?.portal);
    const cursor = bound === undefined ? this.cursors.get(name) : undefined;
    if (cursor === undefined) return;
    this.cursors.delete(name);
    this.leaving.release(cursor.portal);
  }
  private readonly leaving = new LeavingPortals();
  private async closePortals(): Promise<void> {
    for (const { portal } of [...this.portals.values(), ...this.cursors.values()]) this.leaving.release(portal);
    this.portals.clear();
    this.cursors.clear();
    await this.leaving.gone();
  }

  sync(failed: boolean, sink: ResultSink): Promise<void> {
    return this.request(undefined, async () => {
      if (failed) await this.block.fail();
      else if (this.block.state === 'implicit') await this.block.commit();
      this.report(sink);
    });
  }
}
