/**
 * Power cuts for a server that runs as a process: a patch of node:fs, loaded on the main thread and on every slice's, writes
 * what would undo each write, truncation and creation to a journal, and when a file or directory was synced. After a
 * kill -9 `cutPower` takes back what was not synced: of each file a random number of the last writes, the first of
 * them torn at a 512-byte boundary, and creations in directories that were not synced. Removals and renames stay, and so
 * does what is written without waiting (statement history, spooled results), which no commit rests on.
 */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Prng } from '../../src/common/prng.ts';

const SECTOR_BYTES = 512;

type Entry =
  | {
      readonly op: 'write';
      readonly path: string;
      readonly at: number;
      readonly old: string;
      readonly bytes: string;
      /** Of the file before. */
      readonly size: number;
    }
  | {
      readonly op: 'truncate';
      readonly path: string;
      readonly at: number;
      readonly old: string;
      readonly size: number;
    }
  | { readonly op: 'create' | 'remove'; readonly path: string }
  /** `count`: entries of the file that the sync covers. */
  | { readonly op: 'sync'; readonly path: string; readonly count: number }
  | { readonly op: 'sync-directory'; readonly path: string };
type Undoable = Extract<Entry, { op: 'write' | 'truncate' }>;

/** Text of a module that patches node:fs: journals below `folder`, and ENOSPC while the file `full` exists. */
export const powerPatch = (folder: string, full: string, root: string): string => `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { threadId } from 'node:worker_threads';
const real = { ...fs };
const journal = real.openSync(${JSON.stringify(folder)} + '/' + process.pid + '-' + threadId + '.jsonl', 'a');
const names = new Map();
const counts = new Map();
const note = (entry) => {
  if (entry.op === 'write' || entry.op === 'truncate') counts.set(entry.path, (counts.get(entry.path) ?? 0) + 1);
  real.writeSync(journal, JSON.stringify(entry) + '\\n');
};
const readAt = (fd, at, length) => {
  const bytes = Buffer.alloc(length);
  let done = 0;
  for (let got = 1; got > 0 && done < length; done += got) got = real.readSync(fd, bytes, done, length - done, at + done);
  return bytes.subarray(0, done);
};
const noteTruncate = (fd, path, at) => {
  const { size } = real.fstatSync(fd);
  note({ op: 'truncate', path, at, size, old: size > at ? readAt(fd, at, size - at).toString('base64') : '' });
};
const inside = (path) => typeof path === 'string' && path.startsWith(${JSON.stringify(root)}) && !path.includes('/s3/') && !path.includes('/tls/');
fs.openSync = (path, flags, ...rest) => {
  if (!inside(path) || flags === 'r') {
    const fd = real.openSync(path, flags, ...rest);
    if (inside(path)) names.set(fd, path);
    return fd;
  }
  const isNew = !real.existsSync(path);
  if (!isNew && flags === 'w+') {
    const fd = real.openSync(path, 'r+');
    noteTruncate(fd, path, 0);
    real.closeSync(fd);
  }
  if (isNew) note({ op: 'create', path });
  const fd = real.openSync(path, flags, ...rest);
  names.set(fd, path);
  return fd;
};
fs.closeSync = (fd) => {
  names.delete(fd);
  real.closeSync(fd);
};
fs.writeSync = (fd, bytes, offset, length, at) => {
  const path = names.get(fd);
  if (path === undefined || typeof bytes === 'string') return real.writeSync(fd, bytes, offset, length, at);
  if (real.existsSync(${JSON.stringify(full)})) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const { size } = real.fstatSync(fd);
  const old = at < size ? readAt(fd, at, Math.min(length, size - at)).toString('base64') : '';
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length);
  note({ op: 'write', path, at, size, old, bytes: view.toString('base64') });
  return real.writeSync(fd, bytes, offset, length, at);
};
fs.ftruncateSync = (fd, size) => {
  const path = names.get(fd);
  if (path !== undefined) noteTruncate(fd, path, size);
  real.ftruncateSync(fd, size);
};
const synced = (path, count) => path !== undefined && note({ op: 'sync', path, count });
fs.fdatasyncSync = (fd) => {
  real.fdatasyncSync(fd);
  synced(names.get(fd), counts.get(names.get(fd)) ?? 0);
};
fs.fdatasync = (fd, done) => {
  const path = names.get(fd);
  const count = counts.get(path) ?? 0;
  real.fdatasync(fd, (error) => {
    if (!error) synced(path, count);
    done(error);
  });
};
fs.fsyncSync = (fd) => {
  real.fsyncSync(fd);
  const path = names.get(fd);
  if (path !== undefined) note({ op: 'sync-directory', path });
};
fs.rmSync = (path, options) => {
  real.rmSync(path, options);
  if (inside(path)) {
    note({ op: 'remove', path });
    counts.delete(path);
  }
};
syncBuiltinESMExports();
`;

/** A write or truncation that no sync has followed yet, and its place: the journal it stands in, its number there. */
interface Pending {
  readonly entry: Undoable;
  readonly journal: number;
  readonly number: number;
}
interface FileHistory {
  pending: Pending[];
  created: boolean;
}

/** Takes back what the journals say was not on the platter; empties them. Gives the number of files that changed. */
export function cutPower(folder: string, random: Prng): number {
  const files = new Map<string, FileHistory>();
  // In the order in which the threads began: a file has one writer at a time.
  const journals = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, began: statSync(path).birthtimeMs }))
    .sort((a, b) => a.began - b.began || (a.path < b.path ? -1 : 1));
  for (const [journal, { path }] of journals.entries()) {
    readJournal(path, journal, files);
    rmSync(path);
  }
  let changed = 0;
  for (const [path, file] of files) if (existsSync(path) && takeBack(path, file, random)) changed++;
  return changed;
}

function readJournal(path: string, journal: number, files: Map<string, FileHistory>): void {
  const numbers = new Map<string, number>();
  // The kill may have cut the last line.
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const entry = JSON.parse(line) as Entry;
    if (entry.op === 'sync-directory') {
      for (const [of, file] of files) if (dirname(of) === entry.path) file.created = false;
      continue;
    }
    const file = files.get(entry.path) ?? { pending: [], created: false };
    files.set(entry.path, file);
    switch (entry.op) {
      case 'create':
        file.created = true;
        break;
      case 'remove':
        files.delete(entry.path);
        numbers.delete(entry.path);
        break;
      case 'sync':
        // Also what threads before this one wrote.
        file.pending = file.pending.filter((p) => p.journal === journal && p.number > entry.count);
        break;
      case 'write':
      case 'truncate': {
        const number = (numbers.get(entry.path) ?? 0) + 1;
        numbers.set(entry.path, number);
        file.pending.push({ entry, journal, number });
      }
    }
  }
}

function takeBack(path: string, file: FileHistory, random: Prng): boolean {
  if (file.created && random.int(0, 1) === 0) {
    rmSync(path);
    return true;
  }
  const kept = random.int(0, file.pending.length);
  const lost = file.pending.slice(kept).map((p) => p.entry);
  if (lost.length === 0) return false;
  const fd = openSync(path, 'r+');
  try {
    for (const entry of lost.toReversed()) {
      const old = Buffer.from(entry.old, 'base64');
      if (old.length > 0) writeSync(fd, old, 0, old.length, entry.at);
      ftruncateSync(fd, entry.size);
    }
    const [torn] = lost;
    if (torn?.op === 'write') {
      const bytes = Buffer.from(torn.bytes, 'base64');
      const sectors = random.int(0, Math.floor((bytes.length - 1) / SECTOR_BYTES));
      // Up to a boundary of the disk, not of the write.
      const end = (Math.floor(torn.at / SECTOR_BYTES) + sectors) * SECTOR_BYTES - torn.at;
      if (end > 0) writeSync(fd, bytes, 0, Math.min(end, bytes.length), torn.at);
    }
  } finally {
    closeSync(fd);
  }
  return true;
}
