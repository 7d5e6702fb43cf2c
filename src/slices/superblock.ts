/**
 * The superblock: root of everything committed on a slice up to an LSN. Two copies are written in turn, so the valid one
 * is never overwritten; opening takes the copy with the higher sequence whose checksum fits.
 *
 *   +0   u32 magic "SHSB"   +4 u32 version   +8 u32 sequence   +12 u32 crc32c of everything, this word as 0
 *   +16  f64 lsn   +24 u32 bytes of the JSON part   +28 u32 bytes of the data part   +32 u32 slice   +36 zero
 *   +40  16 bytes warehouse   +56 zero to 64
 *   +64  JSON: { nextGroup, nextMerged,
 *                tables: [{ tableId, groups: [{ meta, deletes: [{ xid, statement, at, count, xidsAt? }] }] }] }
 *   then data: stored chunks of tail groups (chunk position = offset here), deleted rows (u32 each, at = offset here) and,
 *   of rows that several transactions deleted, their xids (f64 each, xidsAt = offset here)
 */
import { settleFile } from '../common/settle-file.ts';
import { corruptBlock } from '../common/errors/catalogue.ts';
import { align8 } from '../encodings/chunk-layout.ts';
import { crc32c } from '../common/crc32c.ts';
import type { GroupMeta } from './disk-layout.ts';
import { Group, TableState } from './row-group.ts';
import { onDisk, type SliceContext } from './slice-context.ts';

const MAGIC = 0x42534853;
const VERSION = 2;
const HEADER_BYTES = 64;
export const SUPERBLOCK_NAMES = ['superblock-0', 'superblock-1'] as const;

export interface Superblock {
  readonly slice: number;
  readonly warehouse: string;
  readonly lsn: number;
  readonly sequence: number;
  readonly nextGroup: number;
  readonly nextMerged: number;
  readonly tables: readonly TableState[];
}
interface SavedDelete {
  readonly xid: number;
  readonly statement: number;
  readonly at: number;
  readonly count: number;
  readonly xidsAt?: number | undefined;
}
interface SavedGroup {
  readonly meta: GroupMeta;
  readonly deletes: readonly SavedDelete[];
}
export interface SavedSuperblock {
  readonly nextGroup: number;
  readonly nextMerged: number;
  readonly tables: readonly { readonly tableId: number; readonly groups: readonly SavedGroup[] }[];
}

const bytesOf = (words: Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

class DataPart {
  readonly parts: Uint8Array[] = [];
  size = 0;
  put(bytes: Uint8Array): number {
    const at = this.size;
    this.parts.push(bytes);
    this.size += align8(bytes.length);
    return at;
  }
}

/** Only committed state: groups and deletes of running transactions are left out. */
export function encodeSuperblock(root: Superblock): Uint8Array {
  const data = new DataPart();
  const tables = root.tables.map((state) => ({
    tableId: state.tableId,
    groups: state.groups
      .filter((g) => g.live)
      .map((group): SavedGroup => {
        const chunks = [...group.chunks.values()].map((c) =>
          group.file === null ? { ...c.meta, position: data.put(c.data!) } : c.meta,
        );
        const deletes = group.deletes
          .filter((d) => d.committed)
          .map((d) => {
            const { xid, statement, rows, xids } = d;
            return {
              xid,
              statement,
              at: data.put(bytesOf(rows)),
              count: rows.length,
              xidsAt: xids && data.put(bytesOf(xids)),
            };
          });
        const parts = group.parts?.packed();
        return { meta: { ...group.meta, file: group.file, chunks, ...(parts && { parts }) }, deletes };
      }),
  }));
  const saved: SavedSuperblock = { nextGroup: root.nextGroup, nextMerged: root.nextMerged, tables };
  const json = new TextEncoder().encode(JSON.stringify(saved));
  const dataAt = HEADER_BYTES + align8(json.length);
  const bytes = new Uint8Array(dataAt + data.size);
  bytes.set(json, HEADER_BYTES);
  let at = dataAt;
  for (const part of data.parts) {
    bytes.set(part, at);
    at += align8(part.length);
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, root.sequence, true);
  view.setFloat64(16, root.lsn, true);
  view.setUint32(24, json.length, true);
  view.setUint32(28, data.size, true);
  view.setUint32(32, root.slice, true);
  bytes.set(new TextEncoder().encode(root.warehouse).subarray(0, 16), 40);
  view.setUint32(12, crc32c(bytes), true);
  return bytes;
}

export interface DecodedSuperblock {
  readonly slice: number;
  readonly warehouse: string;
  readonly lsn: number;
  readonly sequence: number;
  readonly saved: SavedSuperblock;
  readonly data: Uint8Array;
}
/** A copy, or what is wrong with it. */
export function decodeSuperblock(bytes: Uint8Array): DecodedSuperblock | string {
  if (bytes.length < HEADER_BYTES) return `it has only ${bytes.length} bytes`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== MAGIC) return 'it does not begin as a superblock';
  if (view.getUint32(4, true) !== VERSION) return `it has version ${view.getUint32(4, true)}, not ${VERSION}`;
  const jsonBytes = view.getUint32(24, true);
  const dataAt = HEADER_BYTES + align8(jsonBytes);
  const end = dataAt + view.getUint32(28, true);
  if (end !== bytes.length) return `it has ${bytes.length} bytes, not ${end}`;
  const sum = view.getUint32(12, true);
  const cleared = bytes.slice();
  new DataView(cleared.buffer).setUint32(12, 0, true);
  if (crc32c(cleared) !== sum) return 'wrong checksum';
  const text = new TextDecoder().decode(bytes.slice(HEADER_BYTES, HEADER_BYTES + jsonBytes));
  return {
    slice: view.getUint32(32, true),
    warehouse: new TextDecoder().decode(bytes.subarray(40, 56)),
    lsn: view.getFloat64(16, true),
    sequence: view.getUint32(8, true),
    saved: JSON.parse(text) as SavedSuperblock,
    data: bytes.slice(dataAt, end),
  };
}

type Place = Pick<SliceContext, 'disk' | 'directory' | 'slice' | 'warehouse'>;

/** What `path` holds, or what is wrong with it. */
function readFile(place: Place, path: string): DecodedSuperblock | string {
  const file = place.disk.open(path, 'read');
  const bytes = new Uint8Array(file.size());
  try {
    file.read(0, bytes);
  } finally {
    file.close();
  }
  const copy = decodeSuperblock(bytes);
  if (typeof copy === 'string') return copy;
  if (copy.warehouse !== place.warehouse) return 'it belongs to another warehouse';
  return copy.slice === place.slice ? copy : `it belongs to slice ${copy.slice}`;
}
/** The copy at `path`, or what is wrong with it. */
function readCopy(place: Place, path: string, index: number): DecodedSuperblock | string {
  const copy = readFile(place, path);
  if (typeof copy === 'string') return copy;
  return copy.sequence % 2 === index ? copy : `it is a copy of ${SUPERBLOCK_NAMES[1 - index]!}`;
}

export const writeSuperblock = (place: Place, root: Superblock): void =>
  writeFile(place, SUPERBLOCK_NAMES[root.sequence & 1]!, root);

/** An image (images.ts) is a superblock under another name. */
export const writeImage = writeFile;
export function readImage(place: Place, name: string): Superblock | string {
  const image = readFile(place, `${place.directory}/${name}`);
  return typeof image === 'string' ? image : restore(image);
}

function writeFile(place: Place, name: string, root: Superblock): void {
  const bytes = encodeSuperblock(root);
  onDisk(place, () => {
    const file = place.disk.open(`${place.directory}/${name}`, 'create');
    try {
      file.write(0, bytes);
      file.sync();
    } finally {
      file.close();
    }
    place.disk.syncDirectory(place.directory);
  });
}

export interface SuperblockSearch {
  /** The newest valid copy as running state; undefined when there is none (a new slice). */
  readonly newest: Superblock | undefined;
  /** Copies that do not verify or are missing beside a good one: path and what is wrong. */
  readonly notes: readonly string[];
}

/** Puts on disk what a thread that ended may only have begun to write. */
export function settleSuperblocks(place: Place): void {
  onDisk(place, () => {
    for (const name of SUPERBLOCK_NAMES) settleFile(place.disk, `${place.directory}/${name}`);
    place.disk.syncDirectory(place.directory);
  });
}

export function readSuperblock(place: Place): SuperblockSearch {
  const notes: string[] = [];
  const valid: DecodedSuperblock[] = [];
  for (const [index, name] of SUPERBLOCK_NAMES.entries()) {
    const path = `${place.directory}/${name}`;
    if (!place.disk.exists(path)) continue;
    const copy = readCopy(place, path, index);
    if (typeof copy === 'string') notes.push(`${path}: ${copy}`);
    else valid.push(copy);
  }
  valid.sort((a, b) => b.sequence - a.sequence);
  const newest = valid[0];
  if (newest === undefined && notes.length === SUPERBLOCK_NAMES.length) {
    throw corruptBlock(`both superblocks in ${place.directory}: ${notes.join('; ')}`, `slice: ${place.slice}`);
  }
  if (newest !== undefined && newest.sequence > 1 && valid.length + notes.length < SUPERBLOCK_NAMES.length) {
    notes.push(`${place.directory}/${SUPERBLOCK_NAMES[(newest.sequence + 1) & 1]}: it is missing`);
  }
  return { newest: newest && restore(newest), notes };
}

function restore(newest: DecodedSuperblock): Superblock {
  const { saved, data } = newest;
  const tables = saved.tables.map(({ tableId, groups }) => {
    const state = new TableState(tableId);
    for (const { meta, deletes } of groups) {
      const group = new Group(meta, data);
      group.committed = true;
      for (const d of deletes) {
        const rows = new Uint32Array(data.slice(d.at, d.at + d.count * 4).buffer);
        const xids =
          d.xidsAt === undefined ? undefined : new Float64Array(data.slice(d.xidsAt, d.xidsAt + d.count * 8).buffer);
        group.addDelete({ xid: d.xid, statement: d.statement, rows, xids, committed: true });
      }
      state.add(group);
    }
    return state;
  });
  return {
    slice: newest.slice,
    warehouse: newest.warehouse,
    lsn: newest.lsn,
    sequence: newest.sequence,
    nextGroup: saved.nextGroup,
    nextMerged: saved.nextMerged,
    tables,
  };
}
