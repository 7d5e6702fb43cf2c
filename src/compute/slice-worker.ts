/**
 * Thread entry of one slice. Opens the slice's storage, then loops: control messages first, then one round over the
 * runnable segments of all queries; when nothing can run it waits on its doorbell. The thread never touches another
 * slice's files (but reads the node's ALL tables) and never sees the catalog. A fault, here or on another slice of the
 * node, takes the node out of service: the thread then only waits for its end.
 */
import { receiveMessageOnPort, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { assert, AssertionError } from '../common/assert.ts';
import { systemClock } from '../common/clock.ts';
import { causeText, isFault, isSystemError, NodeCondemned } from '../common/errors/fault.ts';
import { queryCancelled } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import type { QueryId, Xid } from '../common/ids.ts';
import { RAM_POOL_BYTES_MAX, TEMP_RAM_BYTES_MAX } from '../common/limits.ts';
import { FaultSwitch } from '../common/fault-injection.ts';
import { guardedDisk } from '../common/disk-guarded.ts';
import type { Disk } from '../common/disk.ts';
import { nodeDisk } from '../common/disk-node.ts';
import { ownRamDisk, followingRamDisk, ramDisk, ramPublisher, type RamFileChange } from '../common/disk-ram.ts';
import { Executor, kernelImports } from '../execution/executor.ts';
import { errorValue } from '../execution/error-value.ts';
import type { QueryRun } from '../execution/query-run.ts';
import type { Surroundings } from '../execution/surroundings.ts';
import { TempDisk } from '../steps/breakers/temp-disk.ts';
import { ownerOf } from '../steps/host.ts';
import { Health } from '../interconnect/health.ts';
import { Doorbells } from '../interconnect/ring.ts';
import type { FromSlice, LoggedCommit, SliceBoot, SliceRequest, ToSlice } from '../execution/messages.ts';
import { RegionPool } from '../wasm/region-pool.ts';
import { openSliceStorage, type Slice, type SliceStorageOptions } from '../slices/slice.ts';
import type { SliceStorage, Steps } from '../slices/storage.ts';
import { insertRows } from './insert-rows.ts';
import { openLoad } from './load.ts';
import { ObjectIoClient } from './object-io/io-client.ts';
import { openUnload } from './unload.ts';

/** Longest sleep of an idle slice; bells wake it earlier. */
const IDLE_MS = 1000;

const directoryOf = (slice: number): string => `slices/${slice}`;

/** Requests that change what is committed, or undo what is not: half of one is a state nobody knows. */
const INDIVISIBLE: ReadonlySet<SliceRequest['kind']> = new Set(['commit', 'stage', 'rollback']);

/** A request whose work is done in steps, one a turn of the loop. */
interface SteppedRequest {
  /** 0: no transaction's. */
  readonly xid: Xid;
  readonly steps: Steps<unknown>;
}

class SliceWorker {
  private readonly doorbells: Doorbells;
  private readonly health: Health;
  private readonly faults: FaultSwitch | undefined;
  private readonly executor: Executor;
  private readonly surroundings: Surroundings;
  private readonly objects: ObjectIoClient;
  private readonly stepped = new Map<number, SteppedRequest>();
  private closing = false;
  private readonly own: Slice;
  /** `--memory`: takes in the owner's files, so that they do not pile up in the channel. */
  private pullFiles: () => void = () => undefined;

  constructor(
    private readonly boot: SliceBoot,
    private readonly port: MessagePort,
  ) {
    this.doorbells = new Doorbells(boot.doorbells);
    this.health = new Health(boot.health);
    const { node, slice } = boot;
    this.objects = new ObjectIoClient(node, () => this.send({ kind: 'object-io-wanted', slice }));
    const faults = (this.faults = boot.faults && new FaultSwitch(boot.faults));
    const pool = new RegionPool(boot.region.base, boot.region.size);
    const kernels = new WebAssembly.Instance(
      boot.kernels,
      kernelImports(boot.memory, () => this.executor.current),
    ).exports;
    const open = (slice: number, readOnly: boolean) =>
      openSliceStorage({
        slice,
        directory: directoryOf(slice),
        disk: guardedDisk(this.diskOf(slice), this.refuseWhenCondemned),
        memory: boot.memory,
        pool,
        kernels: kernels as unknown as SliceStorageOptions['kernels'],
        readOnly,
        firstGroupRows: boot.testing?.firstGroupRows,
        forcesEncodings: boot.testing?.encodings === 'in turn',
        warehouse: boot.warehouse,
      });
    const owner = ownerOf(boot.slice, boot.slicesPerNode);
    const storage = (this.own = open(boot.slice, false));
    this.surroundings = {
      participant: boot.slice,
      sliceCount: boot.sliceCount,
      slicesPerNode: boot.slicesPerNode,
      memory: boot.memory,
      pool,
      doorbells: this.doorbells,
      kernelExports: kernels,
      kernels: kernels as unknown as Surroundings['kernels'],
      storage,
      temp: this.openTempDisk(),
      spillRows: boot.testing?.spillRows,
      inlineBytesMax: boot.testing?.inlineBytesMax,
      wantParts: ({ start: { query } }, segment, joins) =>
        this.send({ kind: 'parts-wanted', query, slice: boot.slice, segment, joins }),
      codeVariant: boot.testing?.codeVariant,
      replica: owner === boot.slice ? storage : open(owner, true),
      nowMicros: () => systemClock.nowMicros(),
      isCondemned: () => this.isCondemned,
      passPoint: faults && ((kinds) => faults.pass(boot.slice, kinds)),
      openLoad: (work, run, segment) => openLoad(work, run, segment, this.objects),
      openUnload: (work, run) => openUnload(work, run, this.objects, this.refuseWhenCondemned),
    };
    this.executor = new Executor(this.surroundings, {
      done: (run, outcome) =>
        this.send({ kind: 'query-done', query: run.start.query, slice: boot.slice, ...outcome }),
      failed: (run, query, error) => this.sendFailed(run, query, error),
      fault: (error) => this.fault(error),
    });
    this.send({ kind: 'ready', slice: boot.slice, checkpointLsn: storage.checkpointLsn, notes: storage.notes });
  }
  private diskOf(slice: number): Disk {
    const { dataDirectory, nodeChannel, slicesPerNode } = this.boot;
    if (dataDirectory !== undefined) return nodeDisk(dataDirectory);
    const kept = this.boot.files.filter((f) => f.path.startsWith(`${directoryOf(slice)}/`));
    if (slice !== this.boot.slice) {
      const disk = followingRamDisk(nodeChannel, kept);
      this.pullFiles = () => disk.pull();
      return disk;
    }
    const isRead = slicesPerNode > 1 && ownerOf(slice, slicesPerNode) === slice;
    const tellReaders = isRead ? ramPublisher(nodeChannel) : undefined;
    const publish = (change: RamFileChange): void => {
      this.send({ kind: 'file', change });
      tellReaders?.(change);
    };
    return ramDisk(kept, publish, RAM_POOL_BYTES_MAX / this.boot.sliceCount);
  }
  private openTempDisk(): TempDisk {
    const { dataDirectory, slice, sliceCount } = this.boot;
    if (dataDirectory !== undefined) return new TempDisk(nodeDisk(dataDirectory), `tmp/${slice}`, slice);
    return new TempDisk(ownRamDisk(RAM_POOL_BYTES_MAX / sliceCount), 'tmp', slice, TEMP_RAM_BYTES_MAX / sliceCount);
  }
  private send(message: FromSlice): void {
    this.port.postMessage(message);
  }
  private get isCondemned(): boolean {
    return this.health.isCondemned(this.boot.node);
  }
  private readonly refuseWhenCondemned = (): void => {
    if (this.isCondemned) throw new NodeCondemned(`node ${this.boot.node} is out of service`);
  };
  /** The word first: it stops everybody else before the message is even written. */
  private fault(error: unknown): void {
    if (error instanceof NodeCondemned) return;
    const { node, slice, slicesPerNode, sliceCount } = this.boot;
    this.health.condemn(node);
    this.send({ kind: 'fault', slice, message: causeText(error) });
    for (let k = 0; k < slicesPerNode; k++) this.doorbells.ring(node * slicesPerNode + k);
    this.doorbells.ring(sliceCount);
  }
  run(): void {
    while (!this.closing) {
      const seen = this.doorbells.seen(this.boot.slice);
      const messages = this.receive();
      const moved = this.executor.tick();
      const stepped = this.step();
      if (!messages && !moved && !stepped) this.doorbells.wait(this.boot.slice, seen, IDLE_MS);
    }
  }
  private receive(): boolean {
    let any = false;
    for (let m = receiveMessageOnPort(this.port); m && !this.closing; m = receiveMessageOnPort(this.port)) {
      any = true;
      this.handle(m.message as ToSlice);
    }
    return any;
  }
  private handle(m: ToSlice): void {
    if (this.isCondemned) {
      if (m.kind !== 'request' || m.request.kind !== 'close') return;
      this.closing = true;
      return this.send({ kind: 'reply', id: m.id });
    }
    switch (m.kind) {
      case 'module':
        return this.executor.addModule(m.moduleId, m.module);
      case 'drop-module':
        return this.executor.dropModule(m.moduleId);
      case 'start':
        return this.executor.start(m.start);
      case 'parts':
        return this.executor.takeParts(m.query, m.segment, m.fragments);
      case 'cancel':
        return this.cancel(m.query);
      case 'object-io':
        return this.objects.connect(m.port);
      case 'object-io-ended':
        return this.objects.lost(m.cause);
      case 'end-request':
        return this.endStepped(m.id);
      case 'request':
        try {
          if (m.request.kind === 'vacuum') this.beginVacuum(m.id, m.request);
          else if (m.request.kind === 'insert') this.beginInsert(m.id, m.request);
          else if (m.request.kind === 'reclaim') this.beginReclaim(m.id, m.request);
          else this.send({ kind: 'reply', id: m.id, value: this.request(m.request) });
        } catch (error) {
          this.refuse(m.id, error, INDIVISIBLE.has(m.request.kind));
        }
    }
  }
  private cancel(query: QueryId): void {
    const run = this.executor.run(query);
    this.executor.cancel(query);
    // The leader waits for what a load has refused so far.
    if (run !== undefined && run.start.loads.length > 0) this.sendFailed(run, query, queryCancelled(String(query)));
  }
  private sendFailed(run: QueryRun | undefined, query: QueryId, error: unknown): void {
    const loads = run?.feeds.map((f) => f.result()) ?? [];
    this.send({ kind: 'query-failed', query, slice: this.boot.slice, error: errorValue(error), loads });
  }
  private refuse(id: number, error: unknown, indivisible = false): void {
    if (isFault(error) || indivisible) this.fault(error);
    else this.send({ kind: 'reply', id, error: errorValue(error) });
  }
  private beginVacuum(id: number, r: Extract<SliceRequest, { kind: 'vacuum' }>): void {
    this.faults?.pass(this.boot.slice, [r.kind]);
    this.stepped.set(id, { xid: r.options.xid, steps: this.own.vacuum(r.table, r.options) });
  }
  private beginInsert(id: number, r: Extract<SliceRequest, { kind: 'insert' }>): void {
    this.faults?.pass(this.boot.slice, [r.kind]);
    const { memory, pool } = this.surroundings;
    this.stepped.set(id, { xid: r.xid, steps: insertRows(this.own, memory, pool, r) });
  }
  private beginReclaim(id: number, r: Extract<SliceRequest, { kind: 'reclaim' }>): void {
    this.faults?.pass(this.boot.slice, [r.kind]);
    const { replica } = this.surroundings;
    const { own } = this;
    function* steps(): Steps<void> {
      yield* own.reclaimSteps(r.oldestXmin, r.nextXid);
      if (replica !== undefined && replica !== own) yield* replica.reclaimSteps(r.oldestXmin, r.nextXid);
    }
    this.stepped.set(id, { xid: 0 as Xid, steps: steps() });
  }
  /** One step of every request in steps; false when there is none. */
  private step(): boolean {
    if (this.isCondemned) return false;
    for (const [id, { steps }] of [...this.stepped]) {
      try {
        const { done, value } = steps.next();
        if (done !== true) continue;
        this.stepped.delete(id);
        this.send({ kind: 'reply', id, value });
      } catch (error) {
        this.stepped.delete(id);
        this.refuse(id, error);
      }
    }
    return this.stepped.size > 0;
  }
  private endStepped(id: number): void {
    const request = this.stepped.get(id);
    if (request === undefined) return;
    this.stepped.delete(id);
    try {
      request.steps.return(undefined);
      throw queryCancelled('0');
    } catch (error) {
      this.refuse(id, error);
    }
  }
  /** A superblock may hold the commit already: then its drops are done too, and the table may have new rows. */
  private commit(c: LoggedCommit): void {
    const { participant, slicesPerNode, replica } = this.surroundings;
    const owner = ownerOf(participant, slicesPerNode);
    const held = [{ storage: this.own as SliceStorage, from: participant }];
    if (replica !== undefined && replica !== this.own) held.push({ storage: replica, from: owner });
    for (const { storage, from } of held) {
      if (c.lsn <= storage.checkpointLsn) continue;
      if (c.restores !== undefined) storage.restoreImage(c.restores, c.lsn);
      storage.commit(
        c.xid,
        c.lsn,
        c.changes.filter((change) => change.slice === from),
      );
      this.faults?.pass(participant, ['commit']);
      for (const t of c.drops) storage.dropTable(t);
    }
    this.pullFiles();
  }
  private request(r: SliceRequest): unknown {
    const { storage, replica, participant } = this.surroundings;
    assert(storage, 'slice without storage');
    const owner = ownerOf(participant, this.surroundings.slicesPerNode);
    const mirror = replica !== storage ? replica : undefined;
    if (r.kind !== 'commit' && r.kind !== 'close') this.faults?.pass(participant, [r.kind]);
    switch (r.kind) {
      case 'commit':
        return this.commit(r);
      case 'recover':
        for (const c of r.commits) this.commit(c);
        return undefined;
      case 'recovered':
        return this.own.finishRecovery(r.images);
      case 'keep-image':
        return storage.keepImage(r.image, r.lsn);
      case 'drop-image':
        return storage.dropImage(r.image);
      case 'stage':
        for (const c of r.changes) if (c.slice === owner) mirror?.stage(c);
        return undefined;
      case 'rollback':
        // One slice's failure undoes the work of the others, wherever they are in it.
        for (const [id, { xid }] of [...this.stepped]) if (xid === r.xid) this.endStepped(id);
        mirror?.rollback(r.xid);
        return storage.rollback(r.xid);
      case 'checkpoint':
        return storage.checkpoint(r.lsn);
      case 'reclaim':
      case 'vacuum':
      case 'insert':
        throw new AssertionError(`${r.kind} works in steps`);
      case 'blocks':
        return storage.blocks(r.tableId);
      case 'progress':
        return {
          queries: this.executor.progress(),
          vacuums: storage.vacuums(),
          modules: this.executor.moduleCount,
        };
      case 'tables':
        return storage.tables();
      case 'close':
        this.closing = true;
        for (const id of [...this.stepped.keys()]) this.endStepped(id);
        storage.close();
        if (mirror) mirror.close();
        return undefined;
    }
  }
}

assert(parentPort, 'slice-worker runs as a worker thread');
const { boot, port } = workerData as { boot: SliceBoot; port: MessagePort };
try {
  new SliceWorker(boot, port).run();
} catch (error) {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const known = error instanceof SqlError || isSystemError(error) ? errorValue(error) : undefined;
  port.postMessage({ kind: 'fatal', slice: boot.slice, message, error: known } satisfies FromSlice);
}
