/**
 * A state of the folder of the buckets that is kept, to go back to: a second name (hard link) for every file, in a folder
 * beside. The store never changes a file in place, it renames another one there, so what was kept stays what it was; a
 * file that somebody else changed in place is told by its size and time. Metadata and side files are files like others.
 */
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, readdir, rm, rmdir, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keptObjectChanged } from '../common/errors/api-errors.ts';

/** Names of files and folders below a root, folders before what is in them. */
interface Tree {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}
/** Where writes under way lie (sealed.ts): of no state. */
const TEMPORARY = '.slicehouse-tmp';

async function treeOf(root: string): Promise<Tree> {
  const folders: string[] = [];
  const files: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (path === TEMPORARY) continue;
      if (!entry.isDirectory()) files.push(path);
      else {
        folders.push(path);
        await walk(path);
      }
    }
  };
  await walk('');
  return { folders, files };
}

/** What tells that a file is the one that was kept, unchanged. */
async function stateOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await lstat(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

export class KeptBuckets {
  private constructor(
    private readonly root: string,
    private readonly folder: string,
    private readonly folders: ReadonlySet<string>,
    /** States by path. */
    private readonly files: ReadonlyMap<string, string>,
  ) {}

  /** `folder`: a new one on the file system of `root`, and not below it. */
  static async of(root: string, folder: string): Promise<KeptBuckets> {
    const { folders, files } = await treeOf(root);
    const states = new Map<string, string>();
    for (const path of files) {
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true });
      await link(join(root, path), to);
      states.set(path, await stateOf(to));
    }
    return new KeptBuckets(root, folder, new Set(folders), states);
  }

  /** The folder of the buckets is what it was. */
  async restore(): Promise<void> {
    const now = await treeOf(this.root);
    for (const path of now.files) if (!this.files.has(path)) await rm(join(this.root, path), { force: true });
    for (const path of [...now.folders].reverse()) {
      if (!this.folders.has(path)) await rmdir(join(this.root, path)).catch(() => undefined);
    }
    const present = new Set(now.files);
    for (const path of this.folders) await mkdir(join(this.root, path), { recursive: true });
    for (const [path, state] of this.files) {
      if (present.has(path) && (await stateOf(join(this.root, path))) === state) continue;
      await rm(join(this.root, path), { force: true });
      await link(await this.unchanged(path, state), join(this.root, path));
    }
  }
  /** Copies of the buckets in another folder. */
  async copyTo(root: string): Promise<void> {
    for (const path of this.folders) await mkdir(join(root, path), { recursive: true });
    for (const [path, state] of this.files) {
      const kept = await this.unchanged(path, state);
      await copyFile(kept, join(root, path), constants.COPYFILE_FICLONE);
      // An object's metadata are found by its time of change.
      const { atimeMs, mtimeMs } = await lstat(kept);
      await utimes(join(root, path), atimeMs / 1000, mtimeMs / 1000);
    }
  }
  private async unchanged(path: string, state: string): Promise<string> {
    const kept = join(this.folder, path);
    if ((await stateOf(kept)) !== state) throw keptObjectChanged(path);
    return kept;
  }
  async drop(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
