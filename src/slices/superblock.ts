/**
 * The superblock: root of everything committed on a slice up to an LSN. Two copies are written in turn, so the valid one
 * is never overwritten; opening takes the copy with the higher sequence whose checksum fits.
 *
 *   +0   u32 magic "SHSB"   +4 u32 version   +8 u32 sequence   +12 u32 crc32c of everything behind byte 64
 *   +16  f64 lsn   +24 u32 bytes of the JSON part   +28 u32 bytes of the data part   +32 zero to 64
 *   +64  JSON: { nextGroup, nextMerged,
 *                tables: [{ tableId, groups: [{ meta, deletes: [{ xid, statement, at, count }] }] }] }
 *   then data: stored chunks of tail groups (chunk position = offset here) and deleted rows (u32 each, at = offset here)
 */
import { corruptBlock } from '../common/errors/catalogue.ts';
import { align8 } from '../encodings/chunk-layout.ts';
import { crc32c } from './checksum.ts';
import type { GroupMeta } from './disk-layout.ts';
import { Group, TableState } from './row-group.ts';
import { onDisk, type SliceContext } from './slice-context.ts';

const MAGIC = 0x42534853;
const VERSION = 1;
const HEADER_BYTES = 64;
export const SUPERBLOCK_NAMES = ['superblock-0', 'superblock-1'] as const;

export interface Superblock {
  readonly lsn: number;
  readonly sequence: number;
  readonly nextGroup: number;
  readonly nextMerged: number;
  readonly tables: readonly TableState[];
}
interface SavedGroup {
  readonly meta: GroupMeta;
  readonly deletes: readonly { xid: number; statement: number; at: number; count: number }[];
}
export interface SavedSuperblock {
  readonly nextGroup: number;
  readonly nextMerged: number;
  readonly tables: readonly { readonly tableId: number; readonly groups: readonly SavedGroup[] }[];
}

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
            const at = data.put(new Uint8Array(d.rows.buffer, d.rows.byteOffset, d.rows.byteLength));
            return { xid: d.xid, statement: d.statement, at, count: d.rows.length };
          });
        return { meta: { ...group.meta, file: group.file, chunks }, deletes };
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
  view.setUint32(12, crc32c(bytes.subarray(HEADER_BYTES)), true);
  view.setFloat64(16, root.lsn, true);
  view.setUint32(24, json.length, true);
  view.setUint32(28, data.size, true);
  return bytes;
}

export interface DecodedSuperblock {
  readonly lsn: number;
  readonly sequence: number;
  readonly saved: SavedSuperblock;
  readonly data: Uint8Array;
}
/** Undefined when the copy is torn or not a superblock. */
export function decodeSuperblock(bytes: Uint8Array): DecodedSuperblock | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION) return undefined;
  const jsonBytes = view.getUint32(24, true);
  const dataAt = HEADER_BYTES + align8(jsonBytes);
  const end = dataAt + view.getUint32(28, true);
  if (end > bytes.length || crc32c(bytes.subarray(HEADER_BYTES, end)) !== view.getUint32(12, true)) return undefined;
  const text = new TextDecoder().decode(bytes.slice(HEADER_BYTES, HEADER_BYTES + jsonBytes));
  return {
    lsn: view.getFloat64(16, true),
    sequence: view.getUint32(8, true),
    saved: JSON.parse(text) as SavedSuperblock,
    data: bytes.slice(dataAt, end),
  };
}

type Place = Pick<SliceContext, 'disk' | 'directory' | 'slice'>;

export function writeSuperblock(place: Place, root: Superblock): void {
  const bytes = encodeSuperblock(root);
  onDisk(place, () => {
    const file = place.disk.open(`${place.directory}/${SUPERBLOCK_NAMES[root.sequence & 1]}`, 'create');
    try {
      file.write(0, bytes);
      file.sync();
    } finally {
      file.close();
    }
    place.disk.syncDirectory(place.directory);
  });
}

/** The newest valid copy as running state; undefined for a new slice. */
export function readSuperblock(place: Place): Superblock | undefined {
  const present = SUPERBLOCK_NAMES.map((n) => `${place.directory}/${n}`).filter((path) => place.disk.exists(path));
  const copies = present.map((path) => {
    const file = place.disk.open(path, 'read');
    try {
      const bytes = new Uint8Array(file.size());
      file.read(0, bytes);
      return decodeSuperblock(bytes);
    } finally {
      file.close();
    }
  });
  const valid = copies.filter((c) => c !== undefined).sort((a, b) => b.sequence - a.sequence);
  const newest = valid[0];
  if (newest === undefined) {
    if (present.length < SUPERBLOCK_NAMES.length) return undefined;
    throw corruptBlock(`both superblocks in ${place.directory}`, `slice: ${place.slice}`);
  }
  const { saved, data } = newest;
  const tables = saved.tables.map(({ tableId, groups }) => {
    const state = new TableState(tableId);
    for (const { meta, deletes } of groups) {
      const group = new Group(meta, data);
      group.committed = true;
      for (const d of deletes) {
        const rows = new Uint32Array(data.slice(d.at, d.at + d.count * 4).buffer);
        group.addDelete({ xid: d.xid, statement: d.statement, rows, committed: true });
      }
      state.add(group);
    }
    return state;
  });
  return {
    lsn: newest.lsn,
    sequence: newest.sequence,
    nextGroup: saved.nextGroup,
    nextMerged: saved.nextMerged,
    tables,
  };
}
