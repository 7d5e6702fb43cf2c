/**
 * States of a whole cluster that are kept: what the leader keeps, and the buckets when they are the cluster's own. From one of
 * them a fork begins: `seed` says what it takes over, and `plant` copies the slices' files to where the fork looks for them.
 * Composed by start-cluster.ts, used by index.ts.
 */
import { join } from 'node:path';
import type { Disk } from './common/disk.ts';
import { snapshotOfAnother, snapshotReleased } from './common/errors/api-errors.ts';
import { Turns } from './common/steps.ts';
import type { KeptState, KeptStates } from './leader/kept-states.ts';
import { KeptBuckets } from './s3/kept-buckets.ts';

export interface ClusterState {
  readonly leader: KeptState;
  /** Undefined: the folder of the buckets is somebody else's, and left alone. */
  readonly buckets: KeptBuckets | undefined;
}
/** What a fork begins with. */
export interface ClusterSeed {
  readonly state: ClusterState;
  /** Identity of the data directory that the blocks carry. */
  readonly warehouse: string;
  /** Where the slices' files are. */
  readonly disk: Disk;
}
/** What surrounds the leader. */
export interface StatesPlace {
  readonly warehouse: string;
  /** The slices' files as they are now. */
  readonly disk: () => Disk;
  readonly s3Root: string;
  /** On the file system of the buckets; undefined: they are not the cluster's own. */
  readonly bucketsFolder: string | undefined;
}

/**
 * A state that a program keeps. It holds on to blocks, not to copies of rows: what the cluster changes since is written anew
 * anyway. Released by the program, or with the cluster.
 */
export class Snapshot {
  private kept: ClusterState | undefined;
  private releasing: Promise<void> | undefined;

  constructor(
    state: ClusterState,
    private readonly states: ClusterStates,
  ) {
    this.kept = state;
  }
  /** The state, for the cluster that it is of. Throws when it was released. */
  of(states: ClusterStates): ClusterState {
    if (states !== this.states) throw snapshotOfAnother();
    if (this.kept === undefined) throw snapshotReleased();
    return this.kept;
  }
  /** Blocks that nothing else needs are removed. */
  release(): Promise<void> {
    const state = this.kept;
    this.kept = undefined;
    return (this.releasing ??= state === undefined ? Promise.resolve() : this.states.release(state));
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

const COPY_BYTES = 4 * 1024 * 1024;
/** A slice begins with its image as its first superblock. */
const FIRST_SUPERBLOCK = 'superblock-1';
const IMAGE = /^image-\d+$/;

export class ClusterStates {
  private number = 0;
  constructor(
    private readonly leader: KeptStates,
    private readonly place: StatesPlace,
  ) {}

  async keep(): Promise<Snapshot> {
    const buckets = await this.keepBuckets();
    try {
      return new Snapshot({ leader: await this.leader.keep(), buckets }, this);
    } catch (error) {
      await buckets?.drop();
      throw error;
    }
  }
  /** Of a cluster that has begun and has no table yet. */
  async keepEmpty(): Promise<Snapshot> {
    return new Snapshot({ leader: this.leader.keepEmpty(), buckets: await this.keepBuckets() }, this);
  }
  private async keepBuckets(): Promise<KeptBuckets | undefined> {
    const { s3Root, bucketsFolder } = this.place;
    return bucketsFolder === undefined
      ? undefined
      : KeptBuckets.of(s3Root, join(bucketsFolder, String(++this.number)));
  }
  async restore(snapshot: Snapshot, { buckets }: { readonly buckets: boolean }): Promise<void> {
    const state = snapshot.of(this);
    await this.leader.restore(state.leader);
    if (buckets) await state.buckets?.restore();
  }
  async release(state: ClusterState): Promise<void> {
    await this.leader.release(state.leader);
    await state.buckets?.drop();
  }
  seed(snapshot: Snapshot): ClusterSeed {
    return { state: snapshot.of(this), warehouse: this.place.warehouse, disk: this.place.disk() };
  }
}

/** Copies what a fork's slices and buckets begin with. */
export async function plant({ state, disk }: ClusterSeed, target: Disk, s3Root: string): Promise<void> {
  const turns = new Turns();
  const buffer = new Uint8Array(COPY_BYTES);
  for (const [slice, names] of state.leader.files.entries()) {
    const directory = `slices/${slice}`;
    target.makeDirectory(directory);
    for (const name of names) {
      const from = disk.open(`${directory}/${name}`, 'read');
      const to = target.open(`${directory}/${IMAGE.test(name) ? FIRST_SUPERBLOCK : name}`, 'create');
      const size = from.size();
      for (let at = 0; at < size; at += COPY_BYTES) {
        const part = buffer.subarray(0, Math.min(COPY_BYTES, size - at));
        from.read(at, part);
        to.write(at, part);
        await turns.next();
      }
      to.sync();
      to.close();
      from.close();
    }
    target.syncDirectory(directory);
  }
  await state.buckets?.copyTo(s3Root);
}
