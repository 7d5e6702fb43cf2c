/**
 * What slices report of a load, into the history: STL_LOAD_ERRORS and STL_LOAD_COMMITS. A file that was read in ranges
 * has its lines counted from the file's start.
 */
import type { LoadPiece, LoadResult } from '../../formats/load-work.ts';
import type { LoadFormat } from '../../formats/load-format.ts';
import type { ObjectStore } from '../../s3/store.ts';
import type { History } from '../history/types.ts';
import { loadErrorRecord, type LoadContext } from './load-errors.ts';
import { loadObject } from './split.ts';

export interface SliceLoad {
  readonly slice: number;
  readonly pieces: readonly LoadPiece[];
  readonly result: LoadResult;
}
const urlOf = (p: LoadPiece): string => `s3://${p.bucket}/${p.key}`;

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
        loadErrorRecord({ ...r, slice, file: urlOf(piece), line: r.line + before.get(r.piece)! }, context, nowMicros),
      );
    }
  }
}

/** One row for each file and slice. */
export function recordLoadCommits(
  history: Pick<History, 'add'>,
  loads: readonly SliceLoad[],
  userid: number,
  query: number,
  timeMicros: bigint,
): void {
  for (const { slice, pieces, result } of loads) {
    const files = new Map<string, { lines: number; errors: number }>();
    for (const [i, done] of result.pieces.entries()) {
      const filename = urlOf(pieces[i]!);
      const f = files.get(filename) ?? { lines: 0, errors: 0 };
      files.set(filename, { lines: f.lines + done.lines, errors: f.errors + done.errors });
    }
    for (const [filename, f] of files)
      history.add('loadCommits', { userid, query, slice, filename, ...f, timeMicros, status: 1 });
  }
}
