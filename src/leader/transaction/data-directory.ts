/**
 * A data directory belongs to one server at a time and has a format version. `server.lock` names the owner's
 * process; a lock whose process is gone is taken over. Called at start-up before anything else touches the
 * directory.
 *
 *   FORMAT        text, e.g. "slicehouse 1"
 *   CLUSTER       JSON {nodes, slices}: rows lie on these slices and no others
 *   server.lock   JSON {pid, token}
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Disk } from '../../common/disk.ts';
import { dataDirectoryFormat, dataDirectoryInUse, dataDirectoryTopology } from '../../common/errors/catalogue.ts';

export const DATA_FORMAT = 'slicehouse 1';
const FORMAT_FILE = 'FORMAT';
const CLUSTER_FILE = 'CLUSTER';
const LOCK_FILE = 'server.lock';

export interface DataDirectoryOptions {
  readonly disk: Disk;
  /** How the user knows the directory; the disk is rooted there. */
  readonly name: string;
  /** Nodes and slices per node of the cluster that opens it. */
  readonly topology?: { readonly nodes: number; readonly slices: number };
  readonly pid?: number;
  /** Whether a process lives; the default asks the operating system. */
  readonly isAlive?: (pid: number) => boolean;
}
export interface DataDirectory {
  /** The directory had no format file: a new cluster. */
  readonly fresh: boolean;
  release(): void;
}

/**
 * Tokens of locks this process holds, so that a lock with our own pid can be told from one of an earlier
 * life.
 */
const held = new Set<string>();

/** Ended, but not yet waited for by its parent (Linux; elsewhere unknown and so false). */
function isZombie(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return /^ [ZX]/.test(text.slice(text.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return (error as { readonly code?: string }).code === 'EPERM';
  }
}

function readText(disk: Disk, path: string): string {
  const file = disk.open(path, 'read');
  const bytes = new Uint8Array(file.size());
  file.read(0, bytes);
  file.close();
  return new TextDecoder().decode(bytes);
}
function writeText(disk: Disk, path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = disk.open(temporary, 'create');
  file.truncate(0);
  file.write(0, new TextEncoder().encode(text));
  file.sync();
  file.close();
  disk.rename(temporary, path);
}

interface LockOwner {
  readonly pid: number;
  readonly token: string;
}
function readOwner(disk: Disk): LockOwner | undefined {
  try {
    const owner = JSON.parse(readText(disk, LOCK_FILE)) as Partial<LockOwner>;
    return typeof owner.pid === 'number' && typeof owner.token === 'string' ? (owner as LockOwner) : undefined;
  } catch {
    // Torn by a crash while it was written: nobody holds it.
    return undefined;
  }
}

/** Takes the directory or throws naming it and the process that has it. */
export function acquireDataDirectory(options: DataDirectoryOptions): DataDirectory {
  const { disk, name } = options;
  const pid = options.pid ?? process.pid;
  const isAlive = options.isAlive ?? processIsAlive;
  const mine: LockOwner = { pid, token: randomUUID() };
  const text = JSON.stringify(mine);
  const created = disk.createExclusive?.(LOCK_FILE, new TextEncoder().encode(text)) ?? false;
  if (!created) {
    const owner = disk.exists(LOCK_FILE) ? readOwner(disk) : undefined;
    const taken = owner !== undefined && (owner.pid === pid ? held.has(owner.token) : isAlive(owner.pid));
    if (taken) throw dataDirectoryInUse(name, String(owner.pid));
    writeText(disk, LOCK_FILE, text);
    // Two servers that found the same stale lock: the one that wrote last has it.
    const now = readOwner(disk);
    if (now?.token !== mine.token) throw dataDirectoryInUse(name, String(now?.pid ?? 'unknown'));
  }
  held.add(mine.token);
  const release = (): void => {
    held.delete(mine.token);
    if (disk.exists(LOCK_FILE) && readOwner(disk)?.token === mine.token) disk.remove(LOCK_FILE);
  };
  const fresh = !disk.exists(FORMAT_FILE);
  if (fresh) {
    writeText(disk, FORMAT_FILE, `${DATA_FORMAT}\n`);
    disk.syncDirectory('.');
  } else {
    const found = readText(disk, FORMAT_FILE).trim();
    if (found !== DATA_FORMAT) {
      release();
      throw dataDirectoryFormat(name, found, DATA_FORMAT);
    }
  }
  const { topology } = options;
  if (topology === undefined) return { fresh, release };
  if (!disk.exists(CLUSTER_FILE)) {
    writeText(disk, CLUSTER_FILE, JSON.stringify({ nodes: topology.nodes, slices: topology.slices }));
    disk.syncDirectory('.');
    return { fresh, release };
  }
  const made = JSON.parse(readText(disk, CLUSTER_FILE)) as { readonly nodes: number; readonly slices: number };
  if (made.nodes !== topology.nodes || made.slices !== topology.slices) {
    release();
    throw dataDirectoryTopology(
      name,
      `${made.nodes} x ${made.slices}`,
      `${topology.nodes} x ${topology.slices}`,
      `--nodes ${made.nodes} --slices ${made.slices}`,
    );
  }
  return { fresh, release };
}
