/**
 * What slices report of a load, into the history: STL_LOAD_ERRORS, STL_LOAD_COMMITS, STL_FILE_SCAN. A file that was read in ranges
 * has its lines counted from the file's start.
 */
import type { TableId } from '../../common/ids.ts';
import { sshEndpoint } from '../../common/remote-source.ts';
import { pieceName, type LoadPiece, type LoadResult } from '../../formats/load-work.ts';
import type { LoadFormat } from '../../formats/load-format.ts';
import type { LoadConversion } from '../../formats/text/text-format.ts';
import type { ObjectStore } from '../../s3/store.ts';
import type { History } from '../history/types.ts';
import { loadErrorRecord, rawText, type LoadContext } from './load-errors.ts';
import { loadObject } from './split.ts';

export interface SliceLoad {
  readonly slice: number;
  readonly pieces: readonly LoadPiece[];
  readonly result: LoadResult;
}

/** What a format counts before a piece: line feeds, if it says nothing else. */
async function linesBefore(store: ObjectStore, format: LoadFormat, piece: LoadPiece): Promise<number> {
  if (piece.start === 0) return 0;
  const object = { bucket: piece.bucket, key: piece.key, ...piece.state };
  if (format.linesBefore !== undefined) return format.linesBefore(loadObject(store, object), piece.start);
  let lines = 0;
  for await (const chunk of (await store.getStream(
    piece.bucket,
    piece.key,
    0,
    piece.start,
  )) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  }
  return lines;
}

export async function recordLoadErrors(
  store: ObjectStore,
  format: LoadFormat,
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  context: LoadContext,
  nowMicros: bigint,
): Promise<void> {
  for (const { slice, pieces, result } of loads) {
    const before = new Map<number, number>();
    const refused = [...result.refused].sort((a, b) => a.piece - b.piece || a.line - b.line);
    for (const r of refused) {
      const piece = pieces[r.piece]!;
      if (!before.has(r.piece)) before.set(r.piece, await linesBefore(store, format, piece));
      history.add(
        'loadErrors',
        loadErrorRecord(
          { ...r, slice, file: pieceName(piece), line: r.line + before.get(r.piece)! },
          context,
          nowMicros,
        ),
      );
    }
  }
}

/** How system views name what COPY reads. */
export const loadFormatName = (format: string): string => FORMAT_NAMES[format] ?? 'Text';
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  avro: 'Avro',
  json: 'JSON',
  orc: 'ORC',
  parquet: 'Parquet',
  shapefile: 'Shapefile',
};

interface RecordContext {
  readonly userid: number;
  readonly pid: number;
  readonly query: number;
  readonly format: string;
  /** Job of COPY; undefined: none. */
  readonly copyJob?: number | undefined;
}
interface ReadPiece {
  readonly slice: number;
  readonly piece: LoadPiece;
  readonly done: LoadResult['pieces'][number];
}
/** The pieces that were begun, each with what its slice says of it. */
function* readPieces(loads: readonly SliceLoad[]): Generator<ReadPiece> {
  for (const { slice, pieces, result } of loads)
    for (const [i, done] of result.pieces.entries()) yield { slice, piece: pieces[i]!, done };
}
const isPartial = ({ start, end, state, remote }: LoadPiece): boolean =>
  remote === undefined ? start > 0 || end < state.size : remote.kind === 'dynamodb' && remote.segments > 1;

/** One row for each piece that was begun, whatever became of the load. */
export function recordFileScans(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  context: RecordContext,
  nowMicros: bigint,
): void {
  for (const { slice, piece, done } of readPieces(loads)) {
    const { traffic } = done;
    history.add('fileScans', {
      ...context,
      format: loadFormatName(context.format),
      slice,
      bucket: piece.bucket,
      key: piece.key,
      isPartial: isPartial(piece),
      startOffset: piece.start,
      lines: done.lines,
      errors: done.errors,
      bytes: done.bytes,
      objectBytes: done.objectBytes,
      startMicros: BigInt(done.start),
      endMicros: done.end === 0 ? nowMicros : BigInt(done.end),
      transferMicros: traffic && Math.round(traffic.micros),
      unpackMicros: traffic && Math.round(traffic.packMicros),
      etag: piece.state.etag,
      modifiedMs: piece.state.modifiedMs,
      retries: traffic?.retries,
      requestId: traffic?.requestId,
      extendedRequestId: traffic?.extendedRequestId,
      source: piece.remote === undefined ? undefined : pieceName(piece),
    });
  }
}
/** What reading objects failed with, and what connections that were made again had failed with. */
export function recordReadErrors(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  { userid, pid, query }: Pick<RecordContext, 'userid' | 'pid' | 'query'>,
  timeMicros: bigint,
): void {
  for (const { slice, piece, done } of readPieces(loads)) {
    const { failed, traffic } = done;
    if (piece.remote !== undefined) continue;
    const { bucket, key, start: startOffset } = piece;
    const place = { bucket, key, isPartial: isPartial(piece), startOffset };
    for (const error of [...(traffic?.errors ?? []), ...(failed === undefined ? [] : [failed])])
      history.add('readErrors', { userid, query, slice, timeMicros, pid, ...place, error });
  }
}
/** What SIMPLIFY did. */
export function recordSimplifications(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  { userid, query }: RecordContext,
  shapes: LoadConversion['shapes'],
): void {
  if (shapes === undefined || shapes.simplify === 'never') return;
  const { tolerance } = shapes;
  const maximumTolerance = Number.isFinite(tolerance) ? tolerance : -1;
  const nothing = { line: undefined, initialBytes: undefined, fits: undefined, finalBytes: undefined };
  if (shapes.simplify === 'all')
    return history.add('simplifications', { userid, query, maximumTolerance, ...nothing, tolerance });
  for (const shape of loads.flatMap(({ result }) => result.simplified ?? []))
    history.add('simplifications', { userid, query, maximumTolerance, ...shape });
}
/** Records in which ACCEPTINVCHARS replaced something, whatever became of the load. */
export function recordReplacements(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  { userid, pid, query }: RecordContext,
  load: {
    readonly tableId: TableId;
    readonly columns: readonly { readonly name: string }[];
    readonly startMicros: bigint;
  },
): void {
  const { tableId, columns, startMicros } = load;
  for (const { slice, pieces, result } of loads)
    for (const { piece, line, column, rawLine } of result.replaced)
      history.add('replacements', {
        userid,
        query,
        slice,
        tableId,
        pid,
        startMicros,
        filename: pieceName(pieces[piece]!),
        line,
        column: columns[column]?.name ?? '',
        rawLine: rawText(rawLine),
      });
}
/** One row for each piece. */
export function recordLoadCommits(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  { userid, query, format, copyJob }: RecordContext,
  timeMicros: bigint,
): void {
  for (const { slice, piece, done } of readPieces(loads)) {
    const { lines, errors } = done;
    history.add('loadCommits', {
      userid,
      query,
      slice,
      filename: pieceName(piece),
      lines,
      errors,
      timeMicros,
      status: 1,
      format: loadFormatName(format),
      isPartial: isPartial(piece),
      startOffset: piece.start,
      copyJob,
    });
  }
}
/** STL_SSHCLIENT_ERROR: hosts that were passed over, and what ended a load. */
export function recordSshErrors(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  { userid, pid, query }: Pick<RecordContext, 'userid' | 'pid' | 'query'>,
  timeMicros: bigint,
): void {
  for (const { slice, piece, done } of readPieces(loads)) {
    const { remote } = piece;
    const error = done.failed ?? done.traffic?.skipped;
    if (remote?.kind !== 'ssh' || error === undefined) continue;
    const { username, command } = remote;
    history.add('sshErrors', {
      userid,
      pid,
      query,
      slice,
      timeMicros,
      username,
      endpoint: sshEndpoint(remote),
      command,
      error,
    });
  }
}
/** What all slices read together. */
export function loadTotals(loads: readonly SliceLoad[]): {
  readonly rows: number;
  readonly bytes: number;
  readonly scannedFiles: number;
  readonly scannedBytes: number;
  readonly errors: number;
} {
  const files = new Set<string>();
  const total = { rows: 0, bytes: 0, scannedBytes: 0, errors: 0 };
  for (const { piece, done } of readPieces(loads)) {
    files.add(pieceName(piece));
    total.rows += done.rows;
    total.bytes += done.bytes;
    total.scannedBytes += done.objectBytes;
    total.errors += done.errors;
  }
  return { ...total, scannedFiles: files.size };
}
