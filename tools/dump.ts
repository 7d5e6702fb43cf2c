/**
 * Prints what a server wrote, for people: npm run dump -- <superblock|block|log|root> path [offset]. A block path may be a .blk file
 * (all its blocks, or the one at `offset`); a superblock path one of the two copies. Reads only.
 */
import { readFileSync } from 'node:fs';
import { LAYOUT_NAMES, readChunkHeader } from '../src/encodings/chunk-layout.ts';
import { encodingByTag } from '../src/encodings/index.ts';
import { blockIsIntact, readBlockHeader } from '../src/slices/disk-layout.ts';
import { crc32c } from '../src/common/crc32c.ts';
import { decodeSuperblock } from '../src/slices/superblock.ts';
import { readSegmentHeader } from '../src/leader/transaction/commit-log.ts';
import { SEGMENT_HEADER_BYTES } from '../src/leader/transaction/log-reader.ts';
import { decodeFrame } from '../src/leader/transaction/log-record.ts';
import { decodeRoot } from '../src/leader/transaction/root.ts';
import { readCommandLine, refuse } from './command-line.ts';

export function dumpBlocks(file: Uint8Array, only?: number): string[] {
  const lines: string[] = [];
  for (let at = only ?? 0; at < file.length;) {
    const header = readBlockHeader(file.subarray(at));
    if (header === undefined || header.bytes === 0) {
      lines.push(`no block at ${at}`);
      break;
    }
    const block = file.subarray(at, at + header.bytes);
    const state = block.length === header.bytes && blockIsIntact(block) ? 'checksum good' : 'CHECKSUM BROKEN';
    lines.push(
      `block at ${at}: warehouse ${header.warehouse}, table ${header.tableId}, column ${header.attnum}, slice ${header.slice}, xid ${header.xid}, ` +
        `${header.bytes} bytes, ${header.rows} rows, declared ${header.encoding}, ${state}`,
    );
    for (const chunk of header.chunks) {
      const stored = block.slice(chunk.offset, chunk.offset + chunk.storedBytes);
      const codec = chunk.codec === 0 ? '' : ` in ${encodingByTag(chunk.codec)?.name ?? chunk.codec}`;
      const sum = crc32c(stored) === chunk.checksum ? '' : ', CHECKSUM BROKEN';
      lines.push(
        `  chunk at +${chunk.offset}: group ${chunk.groupId}, ${chunk.rows} rows, ` +
          `${LAYOUT_NAMES[chunk.layout] ?? chunk.layout}${codec}, ${chunk.storedBytes} of ${chunk.memoryBytes} bytes${sum}`,
      );
      if (chunk.codec === 0 && stored.length >= 64) lines.push(`    ${describeChunk(stored)}`);
    }
    if (only !== undefined) break;
    at += header.bytes;
  }
  return lines;
}
function describeChunk(bytes: Uint8Array): string {
  const h = readChunkHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0);
  const form =
    h.layout === 'az64'
      ? `width ${h.width}, base ${h.base}, step ${h.step}`
      : h.layout === 'raw'
        ? h.phys === 'str'
          ? `bytes from +${h.auxAt}`
          : `width ${h.width}`
        : h.layout === 'bytedict'
          ? `${h.entries} entries`
          : `${h.entries} runs`;
  return `${h.phys}, ${h.nullCount} NULLs, ${form}`;
}

export function dumpSuperblock(bytes: Uint8Array): string[] {
  const root = decodeSuperblock(bytes);
  if (typeof root === 'string') return [`not a valid superblock: ${root}`];
  const { saved } = root;
  const lines = [
    `superblock: warehouse ${root.warehouse}, slice ${root.slice}, sequence ${root.sequence}, lsn ${root.lsn}, next group ${saved.nextGroup}, ` +
      `${saved.tables.length} tables`,
  ];
  for (const table of saved.tables) {
    const rows = table.groups.reduce((n, g) => n + g.meta.rows, 0);
    lines.push(`table ${table.tableId}: ${table.groups.length} groups, ${rows} rows`);
    for (const { meta, deletes } of table.groups) {
      const deleted = deletes.reduce((n, d) => n + d.count, 0);
      const where = meta.file ?? 'tail';
      lines.push(
        `  group ${meta.id}: ${meta.rows} rows, xid ${meta.xid}, ${meta.sorted ? 'sorted' : 'unsorted'}, ${where}` +
          (deleted > 0 ? `, ${deleted} deleted` : '') +
          (meta.parts ? `, merged from ${meta.parts.length / 3} runs of groups` : ''),
      );
      for (const c of meta.chunks) {
        const codec = c.codec === 0 ? '' : ` in ${encodingByTag(c.codec)?.name ?? c.codec}`;
        const zone = c.min === undefined ? '' : `, ${c.min} .. ${c.max}`;
        lines.push(
          `    column ${c.attnum}: ${c.encoding} as ${LAYOUT_NAMES[c.layout] ?? c.layout}${codec}, ` +
            `${c.storedBytes} bytes at ${c.position}, ${c.nullCount} NULLs${zone}`,
        );
      }
    }
  }
  return lines;
}

const TOOL = {
  command: 'npm run dump --',
  operands: '<superblock|block|log|root> FILE [OFFSET]',
  about:
    'Prints what a slice wrote, for people. A block file (.blk) is shown whole, or the one block at OFFSET; a superblock is one\n' +
    'of its two copies. Reads only.',
  options: {},
} as const;
/** A segment of the commit log: its header, and each record up to its end or to the first that does not verify. */
export function dumpLog(bytes: Uint8Array): string[] {
  const header = readSegmentHeader(bytes);
  if (header === undefined) return ['not a valid log segment'];
  const lines = [`log segment ${header.number}: warehouse ${header.warehouse}, first record ${header.firstLsn}`];
  for (let at = SEGMENT_HEADER_BYTES; at < bytes.length;) {
    const frame = decodeFrame(bytes, at);
    if ('fault' in frame) return [...lines, `at ${at}: ${frame.fault}`];
    const { kind, xid, catalog, slices, drops } = frame.record;
    lines.push(
      `at ${at}: record ${frame.lsn}, ${kind}, xid ${xid}, ${catalog.length} catalog changes, ` +
        `${slices.length} slice changes, ${drops.length} drops, ${frame.end - at} bytes`,
    );
    at = frame.end;
  }
  return lines;
}
export function dumpRoot(bytes: Uint8Array): string[] {
  const root = decodeRoot(bytes);
  if (typeof root === 'string') return [`not a valid root: ${root}`];
  return [
    `root: warehouse ${root.warehouse}, sequence ${root.sequence}`,
    `records up to ${root.lsn} are on disk, the last ends at byte ${root.end} of log segment ${root.segment}`,
    `checkpoint ${root.checkpoint} holds everything up to record ${root.checkpointLsn}`,
  ];
}
const DUMPS: Readonly<Record<string, ((bytes: Uint8Array, at?: number) => string[]) | undefined>> = {
  block: dumpBlocks,
  superblock: (bytes) => dumpSuperblock(bytes),
  log: (bytes) => dumpLog(bytes),
  root: (bytes) => dumpRoot(bytes),
};

function main(): void {
  const { operands } = readCommandLine(TOOL);
  const [kind, path, offset] = operands;
  const dump = DUMPS[kind ?? ''];
  if (dump === undefined) return refuse(TOOL, 'say what the file is: superblock, block, log or root');
  if (path === undefined) refuse(TOOL, `which ${kind} file?`);
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    return refuse(TOOL, `cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  const at = offset === undefined ? undefined : Number(offset);
  if (at !== undefined && !(Number.isSafeInteger(at) && at >= 0)) refuse(TOOL, `no offset: ${offset}`);
  const lines = dump(bytes, at);
  process.stdout.write(`${lines.join('\n')}\n`);
}
if (process.argv[1]?.endsWith('dump.ts')) main();
