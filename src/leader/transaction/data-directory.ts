/**
 * A data directory belongs to one server at a time, has a format version, an identity and a topology. `server.lock` names
 * the owner's process by its id and its start, so that a process that got the id later is not taken for it; a lock whose
 * owner is gone is taken over. Called at start-up before anything else touches the directory.
 *
 *   FORMAT        text, e.g. "slicehouse 4"
 *   CLUSTER       JSON {nodes, slices, warehouse, made, check}: rows lie on these slices and no others; `made` is set when
 *                 the first start is over, so that what is missing later is missed; `check` is the crc32c of the rest
 *   server.lock   JSON {pid, token, started}
 *
 * What is there without what was written before it was deleted: the start refuses. Only a directory that holds none of our
 * files, or those of a first start that a crash ended, is made anew.
 */
import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemClock } from '../../common/clock.ts';
import type { Disk } from '../../common/disk.ts';
import {
  dataDirectoryDamaged,
  dataDirectoryFormat,
  dataDirectoryInUse,
  dataDirectoryTopology,
} from '../../common/errors/catalogue.ts';
import { crc32c } from '../../common/crc32c.ts';

export const DATA_FORMAT = 'slicehouse 4';
const FORMAT_FILE = 'FORMAT';
const CLUSTER_FILE = 'CLUSTER';
const LOCK_FILE = 'server.lock';

export interface DataDirectoryOptions {
  readonly disk: Disk;
  /** How the user knows the directory; the disk is rooted there. */
  readonly name: string;
  /** Nodes and slices per node of the cluster that opens it. */
  readonly topology?: { readonly nodes: number; readonly slices: number };
  /** Identity of a new directory; default: one that nobody has. */
  readonly warehouse?: string | undefined;
  readonly pid?: number;
  /** Whether the process that took a lock lives; the default asks the operating system. */
  readonly isAlive?: (pid: number, started: string | undefined) => boolean;
}
export interface DataDirectory {
  /** The directory had no format file: a new cluster. */
  readonly fresh: boolean;
  /** Identity, 16 hex digits. */
  readonly warehouse: string;
  /** An earlier start was completed. */
  readonly made: boolean;
  /** The start is completed: from now on nothing may be missing. */
  complete(): void;
  release(): void;
}

/**
 * Tokens of locks this process holds, so that a lock with our own pid can be told from one of an earlier
 * life.
 */
const held = new Set<string>();

const START_TOLERANCE_MS = 3000;

/** The state letter and the start of a process as Linux tells them; undefined elsewhere. */
function linuxProcess(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { state: fields[0]!, started: `${boot} ${fields[19]}` };
  } catch {
    return undefined;
  }
}
/** What tells this process from an earlier or later one with its id. */
const ownStart = (): string =>
  linuxProcess(process.pid)?.started ?? `ms ${Math.round(systemClock.nowMs() - process.uptime() * 1000)}`;

/** Start of a process elsewhere than on Linux, in milliseconds; NaN when the system does not tell. */
function startedAtMs(pid: number): number {
  const [command, args] =
    process.platform === 'win32'
      ? ([
          'powershell',
          ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`],
        ] as const)
      : (['ps', ['-o', 'lstart=', '-p', `${pid}`]] as const);
  try {
    return Date.parse(execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).trim());
  } catch {
    return Number.NaN;
  }
}

/** Whether the process that wrote the lock lives. When the system does not tell its start, a live id counts. */
function ownerIsAlive(pid: number, started: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if ((error as { readonly code?: string }).code !== 'EPERM') return false;
  }
  const found = linuxProcess(pid);
  if (found !== undefined) return !/^[ZX]/.test(found.state) && (started === undefined || started === found.started);
  if (started === undefined || !started.startsWith('ms ')) return true;
  const at = startedAtMs(pid);
  return Number.isNaN(at) || Math.abs(at - Number(started.slice(3))) < START_TOLERANCE_MS;
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
  readonly started?: string;
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

function takeLock(options: DataDirectoryOptions): () => void {
  const { disk, name } = options;
  const pid = options.pid ?? process.pid;
  const isAlive = options.isAlive ?? ownerIsAlive;
  const mine: LockOwner = { pid, token: randomUUID(), started: ownStart() };
  const text = JSON.stringify(mine);
  const created = disk.createExclusive?.(LOCK_FILE, new TextEncoder().encode(text)) ?? false;
  if (!created) {
    const owner = disk.exists(LOCK_FILE) ? readOwner(disk) : undefined;
    const taken =
      owner !== undefined && (owner.pid === pid ? held.has(owner.token) : isAlive(owner.pid, owner.started));
    if (taken) throw dataDirectoryInUse(name, String(owner.pid));
    writeText(disk, LOCK_FILE, text);
    // Two servers that found the same stale lock: the one that wrote last has it.
    const now = readOwner(disk);
    if (now?.token !== mine.token) throw dataDirectoryInUse(name, String(now?.pid ?? 'unknown'));
  }
  held.add(mine.token);
  return (): void => {
    held.delete(mine.token);
    if (disk.exists(LOCK_FILE) && readOwner(disk)?.token === mine.token) disk.remove(LOCK_FILE);
  };
}

interface Identity {
  readonly nodes: number;
  readonly slices: number;
  readonly warehouse: string;
  readonly made: boolean;
}
const checkOf = (i: Identity): number =>
  crc32c(new TextEncoder().encode(`${i.nodes} ${i.slices} ${i.warehouse} ${i.made}`));
function writeIdentity(disk: Disk, identity: Identity): void {
  writeText(disk, CLUSTER_FILE, `${JSON.stringify({ ...identity, check: checkOf(identity) })}\n`);
  disk.syncDirectory('.');
}
function readIdentity(disk: Disk, name: string): Identity {
  try {
    const found = JSON.parse(readText(disk, CLUSTER_FILE)) as Identity & { readonly check: number };
    if (checkOf(found) === found.check) return found;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw dataDirectoryDamaged(name, CLUSTER_FILE, 'is damaged');
}

/** Files of a warehouse beside FORMAT and CLUSTER. */
const PARTS = ['root-a', 'root-b', 'catalog', 'slices'] as const;

function checkFormat(disk: Disk, name: string): void {
  const found = readText(disk, FORMAT_FILE).trim();
  if (found === DATA_FORMAT) return;
  if (/^slicehouse \d+$/.test(found)) throw dataDirectoryFormat(name, found, DATA_FORMAT);
  throw dataDirectoryDamaged(name, FORMAT_FILE, found === '' ? 'is empty' : 'is damaged');
}

/** Reads or makes FORMAT and CLUSTER. */
function openIdentity(options: DataDirectoryOptions): { readonly fresh: boolean; readonly identity: Identity } {
  const { disk, name, topology = { nodes: 0, slices: 0 } } = options;
  const formatted = disk.exists(FORMAT_FILE);
  if (formatted) checkFormat(disk, name);
  if (!disk.exists(CLUSTER_FILE)) {
    if (formatted) throw dataDirectoryDamaged(name, CLUSTER_FILE, 'is missing');
    const part = PARTS.find((p) => disk.exists(p));
    if (part !== undefined) throw dataDirectoryDamaged(name, FORMAT_FILE, `is missing, but ${part} is there`);
    const { nodes, slices } = topology;
    const { warehouse = randomUUID().replaceAll('-', '').slice(0, 16) } = options;
    writeIdentity(disk, { nodes, slices, warehouse, made: false });
  }
  const identity = readIdentity(disk, name);
  if (!formatted) {
    if (identity.made) throw dataDirectoryDamaged(name, FORMAT_FILE, 'is missing');
    writeText(disk, FORMAT_FILE, `${DATA_FORMAT}\n`);
    disk.syncDirectory('.');
  }
  const { nodes, slices } = identity;
  if (options.topology !== undefined && (nodes !== topology.nodes || slices !== topology.slices)) {
    throw dataDirectoryTopology(
      name,
      `${nodes} x ${slices}`,
      `${topology.nodes} x ${topology.slices}`,
      `--nodes ${nodes} --slices ${slices}`,
    );
  }
  return { fresh: !formatted, identity };
}

/** Takes the directory or throws naming it and the process that has it, or what is wrong with it. */
export function acquireDataDirectory(options: DataDirectoryOptions): DataDirectory {
  const release = takeLock(options);
  try {
    const { fresh, identity } = openIdentity(options);
    const { warehouse, made } = identity;
    return {
      fresh,
      warehouse,
      made,
      complete: () => {
        if (!made) writeIdentity(options.disk, { ...identity, made: true });
      },
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}
