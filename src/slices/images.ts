/**
 * Images of a slice: files `image-<number>` that hold the committed state of a moment in a superblock's form, so that the
 * slice, or a slice of another cluster, can go back to it. An image names block files as a superblock does, and while it is
 * kept none of them is removed.
 *
 *   kept    by the leader: it may be restored; its block files are pinned
 *   stale   of a process that ended: nobody restores it, but the log may still say that somebody did, so the file stays
 *           for two checkpoints (the older superblock and the log behind it must be able to do it again), of one process
 *           or of two: the empty file `image-<number>.old` says that there was one
 *
 * Used by slice.ts only.
 */
import { readImage, writeImage, type Superblock } from './superblock.ts';
import type { SliceContext } from './slice-context.ts';
import type { TableState } from './row-group.ts';

/** The image of a cluster without tables; there is no file of it. */
export const EMPTY_IMAGE = 0;
const CHECKPOINTS_BEFORE_REMOVAL = 2;

export const imageName = (image: number): string => `image-${image}`;
const markName = (image: number): string => `${imageName(image)}.old`;

const filesOf = (tables: readonly TableState[]): ReadonlySet<string> =>
  new Set(tables.flatMap((t) => t.groups.flatMap((g) => (g.live && g.file !== null ? [g.file] : []))));

export class Images {
  /** Block files by image. */
  private readonly kept = new Map<number, ReadonlySet<string>>();
  private readonly stale = new Map<number, { checkpoints: number }>();

  constructor(private readonly context: SliceContext) {}

  /** Finds what is there when the slice is opened; all of it counts as kept until the leader has said what is. */
  open(): void {
    const { disk, directory } = this.context;
    for (const name of disk.list(directory)) {
      const number = /^image-([1-9]\d*)$/.exec(name)?.[1];
      if (number === undefined) continue;
      const image = readImage(this.context, name);
      // One that a crash tore was never kept, and is stale.
      this.kept.set(Number(number), typeof image === 'string' ? new Set() : filesOf(image.tables));
    }
  }
  /** The leader keeps these and no others. */
  keepOnly(images: readonly number[]): void {
    const { disk, directory } = this.context;
    for (const image of [...this.kept.keys()]) {
      if (images.includes(image)) continue;
      this.kept.delete(image);
      this.stale.set(image, { checkpoints: disk.exists(`${directory}/${markName(image)}`) ? 1 : 0 });
    }
  }
  /** Gives the names of the files that make it up. */
  write(image: number, root: Superblock): readonly string[] {
    writeImage(this.context, imageName(image), root);
    const files = filesOf(root.tables);
    this.kept.set(image, files);
    return [imageName(image), ...files];
  }
  read(image: number): Superblock | string {
    const { disk, directory } = this.context;
    if (!disk.exists(`${directory}/${imageName(image)}`)) return 'it is missing';
    return readImage(this.context, imageName(image));
  }
  pins(file: string): boolean {
    for (const files of this.kept.values()) if (files.has(file)) return true;
    return false;
  }
  /** Gives the block files that it named. */
  drop(image: number): ReadonlySet<string> {
    const files = this.kept.get(image);
    if (files === undefined) return new Set();
    this.kept.delete(image);
    this.remove(image);
    return files;
  }
  checkpointed(): void {
    for (const [image, age] of this.stale) {
      if (++age.checkpoints < CHECKPOINTS_BEFORE_REMOVAL) {
        this.mark(image);
        continue;
      }
      this.stale.delete(image);
      this.remove(image);
    }
  }
  private mark(image: number): void {
    const { disk, directory } = this.context;
    const file = disk.open(`${directory}/${markName(image)}`, 'create');
    file.sync();
    file.close();
  }
  private remove(image: number): void {
    const { disk, directory } = this.context;
    disk.remove(`${directory}/${imageName(image)}`);
    const mark = `${directory}/${markName(image)}`;
    if (disk.exists(mark)) disk.remove(mark);
  }
}
