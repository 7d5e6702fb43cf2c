/**
 * UNLOAD: the inner query is bound and planned like any other; its top writes text instead of rows. Slices write their
 * own objects, or (PARALLEL OFF, or when the rows end on the leader) the leader writes them. All objects are sealed
 * first and placed together when every row has been written, so a failed UNLOAD leaves nothing.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../common/clock.ts';
import {
  fixedWidthColumns,
  partitionColumn,
  partitionOnly,
  partitionType,
  unloadNameTwice,
  unloadType,
} from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { inTurns } from '../../common/steps.ts';
import type { BoundStatement } from '../../expressions/relation.ts';
import type { Traffic } from '../../s3/object-io.ts';
import type { ParquetUnload } from '../../formats/parquet/parquet-rows.ts';
import { writtenType } from '../../formats/parquet/written-type.ts';
import { encrypted } from '../../s3/client-encryption.ts';
import type { PartsSpec, SealedPart } from '../../s3/part-writer.ts';
import { lineWriter } from '../../s3/line-writer.ts';
import type { ObjectStore } from '../../s3/store.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { UnloadFormat as LineFormat } from '../../steps/unload/spec.ts';
import { TYPE_INFO, varchar, type SqlType, type TypeName } from '../../types/sql-type.ts';
import { analysedInTurns } from '../analyser/converted-lists.ts';
import { requireAssumable } from '../copy/assume-role.ts';
import { analyseQuery } from '../analyser/index.ts';
import { maskCredentials } from '../parser/mask-credentials.ts';
import { asRedshift } from '../copy/sources.ts';
import { analyserContext, type ExecutorDeps } from '../statement/execute.ts';
import type { RunningTransfers, RunningUnload } from '../history/running-transfers.ts';
import type { History, UnloadRunRecord } from '../history/types.ts';
import { lockBound } from '../statement/lock-statement.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import { rewritten } from '../rewriter/index.ts';
import { orCancelled, uninterrupted } from '../transaction/waits.ts';
import { refuseWideRows } from '../statement/row-width.ts';
import type { RunOptions, StatementRunner } from '../statement/statement-runner.ts';
import {
  authorizeWriting,
  deleteKeys,
  headerLine,
  manifestKey,
  manifestText,
  prepareDestination,
  unloadNotice,
  unloadTarget,
  type UnloadTarget,
} from './files.ts';
import { ParquetWriter } from './parquet-writer.ts';
import { checkUnloadQuery, unloadOptions, type UnloadFormat, type UnloadOptions } from './options.ts';

/** What UNLOAD asks of the running leader. */
export interface UnloadServices {
  readonly clock: Pick<Clock, 'nowMicros'>;
  readonly history: Pick<History, 'add'>;
  readonly transfers: RunningTransfers;
  /** A request that every slice answers. */
  readonly slices: { tables(signal: AbortSignal): Promise<unknown> };
}
type Arguments = Parameters<ExecutorDeps['unload']>;
type BoundSelect = Extract<BoundStatement, { kind: 'select' }>;
interface Written {
  readonly slice: number;
  readonly part: SealedPart;
}

const UNLOAD_NUMBER = 1;
/** Types that text and CSV alone write. */
const TEXT_ALONE: readonly TypeName[] = ['geometry', 'geography', 'hllsketch', 'varbyte'];
const NOT_JSON: ReadonlySet<TypeName> = new Set(TEXT_ALONE);
const NOT_FIXED: ReadonlySet<TypeName> = new Set([...TEXT_ALONE, 'super']);
/** 'D' and the length in front of a framed line. */
const FRAME_BYTES = 5;

export function unloadRunner(
  runner: StatementRunner,
  services: UnloadServices,
  store: ObjectStore,
  warehouse: string,
): ExecutorDeps['unload'] {
  return async (session, transaction, statement, text, sink) => {
    const options = unloadOptions(statement.options);
    const target = unloadTarget(statement.target, options.partition !== undefined);
    requireAssumable(transaction.catalog(), session.user, options.credentials, 'UNLOAD');
    const bound = await lockBound(transaction, () => bindInner(runner, session, transaction, statement, text));
    // What is wrong with the statement is told before what is wrong with its destination.
    refuseWideRows(bound, session.pid);
    await prepareDestination(store, target, options);
    const token = `${ownToken(warehouse)}${randomBytes(8).toString('hex')}-`;
    let rows = 0;
    let written: readonly Written[] = [];
    const transfer: RunningUnload = {
      kind: 'unload',
      userid: session.user.oid,
      pid: session.pid,
      xid: transaction.identify(),
      database: session.database,
      startMicros: services.clock.nowMicros(),
      format: formatName(options.write),
      compression: options.compression === 'none' ? 'NONE' : options.compression.toUpperCase(),
      location: statement.target,
      query: undefined,
    };
    const ended = (error: string): void => {
      if (transfer.query !== undefined)
        services.history.add(
          'unloadRuns',
          recordOf(transfer, transfer.query, written, error, services.clock.nowMicros()),
        );
    };
    try {
      const done = await services.transfers.during(transfer, () =>
        write(
          runner,
          services,
          store,
          session,
          transaction,
          bound,
          options,
          target,
          token,
          maskCredentials(text.slice(statement.start, statement.end)).trim(),
          (query) => (transfer.query = query),
        ),
      );
      written = done.written;
      const { query } = done;
      transfer.query = query;
      const traffic = await place(store, target, options, bound, written);
      rows = written.reduce((n, w) => n + w.part.rows, 0);
      ended('');
      for (const [i, { slice, part }] of written.entries()) {
        // What the upload took, where there was one.
        const { micros, packMicros } = part.traffic;
        const sent = traffic[i] ?? part.traffic;
        services.history.add('unloads', {
          userid: session.user.oid,
          query,
          slice,
          path: `s3://${target.bucket}/${part.key}`,
          startMicros: part.startMicros,
          endMicros: part.endMicros,
          lines: part.rows,
          bytes: part.bytes,
          pid: session.pid,
          xid: transfer.xid,
          format: transfer.format,
          textBytes: part.textBytes,
          transferMicros: Math.round(traffic[i]?.micros ?? micros),
          packMicros: Math.round(packMicros),
          retries: sent.retries,
          requestId: sent.requestId,
          extendedRequestId: sent.extendedRequestId,
        });
      }
      session.last.unloadCount = rows;
      session.last.unloadId = query;
    } catch (error) {
      ended(error instanceof SqlError ? error.message : 'internal error');
      const cleared = clearUp(services, store, token).catch(() => undefined);
      await orCancelled(cleared, session.cancelSignal).catch(() => undefined);
      throw error;
    }
    sink.notice(unloadNotice(rows));
    return 'UNLOAD';
  };
}

/**
 * Removes what was not placed. Every slice has told its object I/O thread that nobody wants its parts when it answers, and a
 * node that went down has ended its thread when it is back: none makes another file. Goes on when the client does not wait.
 */
async function clearUp(services: UnloadServices, store: ObjectStore, token: string): Promise<void> {
  await services.slices.tables(uninterrupted()).catch(() => undefined);
  await store.discard(token);
}
/** Begins the names of all that this warehouse has not placed; another server may have the same buckets. */
const ownToken = (warehouse: string): string => `unload-${warehouse}-`;
/** At the start: parts that a process left which was killed. A warehouse in memory has no name to know its own by. */
export async function dropAbandoned(store: Pick<ObjectStore, 'discard'>, warehouse: string): Promise<void> {
  if (warehouse !== '') await store.discard(ownToken(warehouse));
}

/** Binds the query; its errors point into the statement the user wrote. */
async function bindInner(
  runner: StatementRunner,
  session: Arguments[0],
  transaction: Arguments[1],
  statement: Arguments[2],
  text: string,
): Promise<BoundSelect> {
  try {
    const query = parseQueryTextSync(statement.query, session.setting('enable_case_sensitive_identifier') === 'true');
    checkUnloadQuery(query);
    const bound = await analysedInTurns(
      (lists) =>
        analyseQuery(query, { ...analyserContext({ runner }, session, transaction, 'none'), onSlices: true, lists }),
      session.cancelSignal,
    );
    const select = (await inTurns(rewritten(bound), session.cancelSignal)) as BoundSelect;
    refuseWideRows(select, session.pid);
    return select;
  } catch (error) {
    if (error instanceof SqlError && error.position !== undefined)
      error.position = outerPosition(text, statement.queryPos, error.position);
    throw error;
  }
}
/** Position in the statement of a position in the query: every doubled quote before it counts twice. */
function outerPosition(text: string, start: number, position: number): number {
  let at = start;
  const quoted = text[start - 1] === "'";
  for (let i = 1; i < position; i++) at += quoted && text[at] === "'" && text[at + 1] === "'" ? 2 : 1;
  return at + 1;
}

async function write(
  runner: StatementRunner,
  services: UnloadServices,
  store: ObjectStore,
  session: Arguments[0],
  transaction: Arguments[1],
  bound: BoundSelect,
  options: UnloadOptions,
  target: UnloadTarget,
  token: string,
  text: string,
  begun: (query: number) => void,
): Promise<{ query: number; written: readonly Written[] }> {
  const { write: format } = options;
  const writtenColumns = bound.columns.filter(
    (c) => options.partition?.include !== false || !options.partition.names.includes(c.name),
  );
  const names = writtenColumns.map((c) => c.name);
  const header =
    options.header && (format.kind === 'csv' || format.kind === 'delimited')
      ? new TextEncoder().encode(headerLine(names, format))
      : undefined;
  const columnar: ParquetUnload | undefined =
    format.kind === 'parquet'
      ? {
          columns: writtenColumns.map(({ name, type }) => ({ name, type })),
          rowGroupBytes: format.rowGroupBytes,
          maxFileBytes: wholeGroups(options.maxFileBytes, format.rowGroupBytes),
          isPartitioned: options.partition !== undefined,
        }
      : undefined;
  const parts: PartsSpec = {
    bucket: target.bucket,
    prefix: target.prefix,
    parallel: options.parallel,
    extension: options.extension,
    compression: options.compression,
    maxFileBytes: options.maxFileBytes,
    header,
    token,
    partition: options.partition?.names,
    told: columnar !== undefined,
    masterKey: options.masterKey,
  };
  const nowMicros = (): bigint => services.clock.nowMicros();
  const partition = partitionColumns(options, bound.columns);
  const lines = lineWriter(store.io, parts, 0, nowMicros);
  const own = columnar === undefined ? lines : new ParquetWriter(lines, columnar);
  let writing: Promise<void> = Promise.resolve();
  const writes = <T>(work: () => Promise<T>): Promise<T> =>
    asRedshift(`S3 key being written : s3://${target.bucket}/${target.prefix}`, work);
  const unload: RunOptions['unload'] = {
    unload: UNLOAD_NUMBER,
    serial: !options.parallel,
    work: { unload: UNLOAD_NUMBER, options: parts, columnar },
    format: lineFormat(format, writtenColumns),
    partition,
  };
  try {
    const asked = { text, parameters: [], formats: [], unload };
    const planned = await runner.planned(session, transaction, bound, asked);
    begun(session.last.queryId);
    const framed = planned.compiled.result.kind === 'slices';
    const { query, outcome } = await runner.runPlanned(session, transaction, planned, {
      ...asked,
      consumer: (chunk, rows) => (writing = writes(() => own.write(framed ? unframe(chunk) : chunk, rows))),
      // Texts that any reader takes back: ISO dates, floats with all their digits.
      session: { dateStyle: 0, floatDigits: 3 },
    });
    const written = outcome.unloads.flatMap(({ slice, results }) =>
      (results as readonly (readonly SealedPart[])[]).flat().map((part) => ({ slice, part })),
    );
    written.sort((a, b) => a.slice - b.slice);
    // Without any row there is still one (empty) object, which COPY can read; of JSON there is none.
    const always = written.length === 0 && format.kind !== 'json' && partition === undefined;
    const last = (await writes(() => own.finish(always))).map((part) => ({
      slice: 0,
      part,
    }));
    return { query, written: [...written, ...last] };
  } catch (error) {
    await writing.catch(() => undefined);
    await own.abort();
    throw error;
  }
}

/** How system views name what UNLOAD writes. */
const formatName = ({ kind }: UnloadFormat): string =>
  kind === 'delimited' || kind === 'fixedwidth' ? 'TEXT' : kind.toUpperCase();
function recordOf(
  transfer: RunningUnload,
  query: number,
  written: readonly Written[],
  error: string,
  endMicros: bigint,
): UnloadRunRecord {
  const { userid, xid, pid, database, startMicros, format, compression, location } = transfer;
  const done = error === '' ? written : [];
  return {
    userid,
    query,
    xid,
    pid,
    database,
    status: error === '' ? 'completed' : 'aborted',
    startMicros,
    endMicros,
    format,
    compression,
    location,
    rows: done.reduce((n, w) => n + w.part.rows, 0),
    files: done.length,
    bytes: done.reduce((n, w) => n + w.part.bytes, 0),
    error,
  };
}
/** Files of Parquet are whole row groups, but for one that is smaller than a group. */
const wholeGroups = (bytes: number, group: number): number =>
  bytes < group ? bytes : Math.floor(bytes / group) * group;

const textConst = (value: string): BoundExpr => ({ kind: 'const', type: varchar(65535), value });

/** Types of columns that PARTITION BY takes. */
const PARTITION_TYPES: ReadonlySet<TypeName> = new Set([
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'bool',
  'char',
  'varchar',
  'date',
  'timestamp',
]);
function partitionColumns(
  { partition }: UnloadOptions,
  columns: BoundSelect['columns'],
): NonNullable<RunOptions['unload']>['partition'] {
  if (partition === undefined) return undefined;
  const numbers = partition.names.map((name) => {
    const at = columns.findIndex((c) => c.name === name);
    if (at < 0) throw partitionColumn(name);
    const { type } = columns[at]!;
    if (!PARTITION_TYPES.has(type.name)) throw partitionType(name, TYPE_INFO[type.name].sqlName);
    return at;
  });
  if (!partition.include && columns.every((_, i) => numbers.includes(i))) throw partitionOnly();
  return { columns: numbers, include: partition.include };
}

function refuseTypes(columns: BoundSelect['columns'], format: string, isRefused: (type: SqlType) => boolean): void {
  const bad = columns.find(({ type }) => isRefused(type));
  if (bad !== undefined) throw unloadType(format, TYPE_INFO[bad.type.name].sqlName);
}
/** The format as the unload step has it; refuses columns that it cannot write. */
function lineFormat(format: UnloadFormat, columns: BoundSelect['columns']): LineFormat {
  if (format.kind === 'json') {
    const twice = columns.find((c, i) => columns.findIndex((o) => o.name === c.name) < i);
    if (twice !== undefined) throw unloadNameTwice(twice.name);
    refuseTypes(columns, 'FORMAT JSON', ({ name }) => NOT_JSON.has(name));
    const heads = columns.map((c, i) => textConst(`${i === 0 ? '{' : ','}${JSON.stringify(c.name)}:`));
    return { kind: 'json', heads };
  }
  if (format.kind === 'parquet') {
    refuseTypes(columns, 'FORMAT PARQUET', (type) => writtenType(type) === undefined);
    return { kind: 'values' };
  }
  const nullAs = textConst(format.nullText);
  if (format.kind === 'fixedwidth') {
    if (format.widths.length !== columns.length) throw fixedWidthColumns(format.widths.length, columns.length);
    refuseTypes(columns, 'FIXEDWIDTH', ({ name }) => NOT_FIXED.has(name));
    return { kind: 'fixedwidth', widths: format.widths, nullAs };
  }
  const { delimiter, addQuotes, escape } = format;
  return { kind: 'delimited', csv: format.kind === 'csv', delimiter, addQuotes, escape, nullAs };
}

/** The lines of framed rows, moved together in place. */
function unframe(chunk: Uint8Array): Uint8Array {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let to = 0;
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    bytes.copyWithin(to, at + FRAME_BYTES, end);
    to += end - at - FRAME_BYTES;
    at = end;
  }
  return bytes.subarray(0, to);
}

/** CLEANPATH with PARTITION BY: what lies in the partitions that are written goes. */
async function cleanPartitions(
  store: ObjectStore,
  target: UnloadTarget,
  options: UnloadOptions,
  written: readonly Written[],
): Promise<void> {
  const folders = new Set(written.flatMap(({ part }) => (part.folder === undefined ? [] : [part.folder])));
  for (const prefix of folders) {
    const { objects } = await store.list(target.bucket, { prefix });
    await deleteKeys(store, target, objects, options);
  }
}

async function place(
  store: ObjectStore,
  target: UnloadTarget,
  options: UnloadOptions,
  bound: BoundSelect,
  written: readonly Written[],
): Promise<readonly Traffic[]> {
  let traffic: readonly Traffic[] = [];
  await asRedshift(`S3 key being written : s3://${target.bucket}/${target.prefix}`, async () => {
    const keys = written.map(({ part }) => part.key);
    const isListed = options.manifest !== 'none';
    await authorizeWriting(store, target, isListed ? [...keys, manifestKey(target.prefix)] : keys, options);
    const headers = options.encryption && (await store.encryptionHeaders(target.bucket, options.encryption));
    if (options.cleanPath) await cleanPartitions(store, target, options, written);
    traffic = await store.place(
      target.bucket,
      written.map(({ part }) => ({ key: part.key, sealed: part.temporary, metadata: part.metadata, headers })),
    );
    if (!isListed) return;
    const files = written.map(({ part }) => ({
      key: part.key,
      bytes: part.bytes,
      rows: part.rows + (options.header ? 1 : 0),
    }));
    const isColumnar = options.write.kind === 'parquet';
    const text = manifestText(target, files, bound.columns, options.manifest === 'verbose', isColumnar);
    const { masterKey } = options;
    const bytes = Buffer.from(text);
    const manifest = masterKey === undefined ? { bytes, metadata: undefined } : encrypted(bytes, masterKey);
    const { metadata } = manifest;
    await store.put(target.bucket, manifestKey(target.prefix), manifest.bytes, { metadata, headers });
  });
  return traffic;
}
