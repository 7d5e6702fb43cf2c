/**
 * The catalog checkpoint: two files, `catalog-a` and `catalog-b`, written in turn and never in place, so that
 * a crash while one is written leaves the other. The newest copy that verifies counts.
 *
 *   'SLHCAT03' | sequence f64 | lsn f64 | length u32 | crc32c u32 (of sequence, lsn, length and body) | body JSON
 *
 * The body names its warehouse. It holds everything up to `lsn`; the commit log behind that lsn is the rest. Written by
 * transaction-manager.ts after the slices' superblocks.
 */
import type { Disk } from '../../common/disk.ts';
import { settleFile } from '../../common/settle-file.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import { applyChanges, stateAsChanges } from '../catalog/catalog.ts';
import { EMPTY_CATALOG, type CatalogState } from '../catalog/state.ts';
import { fromJson, toJson } from '../catalog/serialise.ts';
import { crc32c } from '../../common/crc32c.ts';
import type { IdentityCounter } from './log-record.ts';
import type { CatalogChange } from '../catalog/changes.ts';

export interface Checkpoint {
  readonly sequence: number;
  readonly lsn: number;
  readonly catalog: CatalogState;
  readonly nextXid: number;
  readonly nextOid: number;
  readonly identities: readonly IdentityCounter[];
  readonly lastChanges: readonly { readonly tableId: TableId; readonly lsn: number; readonly xid: Xid }[];
}
interface Body extends Omit<Checkpoint, 'sequence' | 'lsn' | 'catalog'> {
  readonly warehouse: string;
  readonly catalog: readonly CatalogChange[];
}

const MAGIC = new TextEncoder().encode('SLHCAT03');
const HEADER_BYTES = 32;
const COPIES = ['catalog-a', 'catalog-b'] as const;

/** Path of a file in a directory of the disk, whose root is '.'. */
export const pathIn = (directory: string, name: string): string =>
  directory === '.' ? name : `${directory}/${name}`;
const pathOf = (directory: string, sequence: number): string => pathIn(directory, COPIES[sequence % 2]!);

function sum(bytes: Uint8Array): number {
  const covered = new Uint8Array(bytes.length - 12);
  covered.set(bytes.subarray(8, 28));
  covered.set(bytes.subarray(HEADER_BYTES), 20);
  return crc32c(covered);
}

/** Writes the copy that is not the newest and syncs it. */
export function writeCheckpoint(disk: Disk, directory: string, warehouse: string, checkpoint: Checkpoint): void {
  const { sequence, lsn, catalog, ...rest } = checkpoint;
  const body = new TextEncoder().encode(
    toJson({ ...rest, warehouse, catalog: stateAsChanges(catalog) } satisfies Body),
  );
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setFloat64(8, sequence, true);
  view.setFloat64(16, lsn, true);
  view.setUint32(24, body.length, true);
  bytes.set(body, HEADER_BYTES);
  view.setUint32(28, sum(bytes), true);
  const file = disk.open(pathOf(directory, sequence), 'create');
  file.truncate(0);
  file.write(0, bytes);
  file.sync();
  file.close();
  disk.syncDirectory(directory);
}

/** A copy, or what is wrong with it. */
function readCopy(disk: Disk, path: string, index: number, warehouse: string): Checkpoint | string {
  const file = disk.open(path, 'read');
  const bytes = new Uint8Array(file.size());
  file.read(0, bytes);
  file.close();
  if (bytes.length < HEADER_BYTES) return `it has only ${bytes.length} bytes`;
  if (MAGIC.some((b, i) => bytes[i] !== b)) return 'it does not begin as a checkpoint';
  const view = new DataView(bytes.buffer);
  const length = view.getUint32(24, true) + HEADER_BYTES;
  if (length !== bytes.length) return `it has ${bytes.length} bytes, not ${length}`;
  if (view.getUint32(28, true) !== sum(bytes)) return 'wrong checksum';
  const { catalog, ...rest } = fromJson<Body>(new TextDecoder().decode(bytes.subarray(HEADER_BYTES)));
  if (rest.warehouse !== warehouse) return 'it belongs to another warehouse';
  if (view.getFloat64(8, true) % 2 !== index) return `it is a copy of ${COPIES[1 - index]!}`;
  return {
    ...rest,
    sequence: view.getFloat64(8, true),
    lsn: view.getFloat64(16, true),
    catalog: applyChanges(EMPTY_CATALOG, catalog),
  };
}

export interface CheckpointSearch {
  readonly newest: Checkpoint | undefined;
  /** LSN up to which no copy needs the log. */
  readonly oldestLsn: number;
  /** Copies that do not verify, or are missing: path and what is wrong. */
  readonly damaged: readonly string[];
}

/** Reads both copies. `newest`: number of the checkpoint that must exist, -1 when none need. */
export function readCheckpoints(disk: Disk, directory: string, warehouse: string, newest = -1): CheckpointSearch {
  const good: Checkpoint[] = [];
  const damaged: string[] = [];
  for (const [index, name] of COPIES.entries()) {
    const path = pathIn(directory, name);
    // The oldest number that this copy may have.
    const least = newest % 2 === index ? newest : newest - 1;
    if (!disk.exists(path)) {
      if (least >= 0) damaged.push(`${path}: it is missing`);
      continue;
    }
    settleFile(disk, path);
    const copy = readCopy(disk, path, index, warehouse);
    if (typeof copy === 'string') damaged.push(`${path}: ${copy}`);
    else {
      good.push(copy);
      if (copy.sequence < least) damaged.push(`${path}: it is older than it should be`);
    }
  }
  good.sort((a, b) => b.sequence - a.sequence);
  return { newest: good[0], oldestLsn: good.length < 2 ? 0 : good[1]!.lsn, damaged };
}
