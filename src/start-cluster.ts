/**
 * Composes a whole Slicehouse in this process: node memories, slice threads, the leader, the wire and HTTP doors. Used
 * by the command (main.ts) and by programs (index.ts); several clusters can live side by side.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { randomUUID } from 'node:crypto';
import { AssertionError } from './common/assert.ts';
import { systemClock } from './common/clock.ts';
import type { Config } from './common/config.ts';
import { forkNeedsNewDirectory } from './common/errors/api-errors.ts';
import { dataDirectoryUnusable, emptyPassword, hostNeedsPassword } from './common/errors/catalogue.ts';
import { isSystemError } from './common/errors/fault.ts';
import { SqlError } from './common/errors/sql-error.ts';
import type { FaultSwitch } from './common/fault-injection.ts';
import { logTo } from './common/log.ts';
import { LoginThrottle } from './common/login-throttle.ts';
import { isLoopback } from './common/loopback.ts';
import type { ForcedPaths } from './common/forced-paths.ts';
import { NODE_MEMORY_MB_MAX, PARSER_MEMORY_MB_MAX, SLICE_YOUNG_HEAP_MB } from './common/limits.ts';
import type { Disk } from './common/disk.ts';
import type { SqlService } from './common/sql-service.ts';
import { memoryDisk } from './common/disk-memory.ts';
import { nodeDisk } from './common/disk-node.ts';
import { RamFiles } from './common/disk-ram.ts';
import { initialise } from './cluster-init.ts';
import { ClusterMetrics } from './cluster-metrics.ts';
import { ClusterStates, plant, type ClusterSeed } from './cluster-states.ts';
import { Health } from './interconnect/health.ts';
import { Doorbells } from './interconnect/ring.ts';
import type { ObjectIoBoot, ObjectIoConnection } from './compute/object-io/messages.ts';
import type { SliceBoot } from './execution/messages.ts';
import { EventSender } from './http/event-sender.ts';
import { clusterApi } from './http/cluster-api.ts';
import { QueryDoor } from './http/query.ts';
import { startHttpServer, type HttpServer } from './http/server.ts';
import { Cluster, type SlicePort } from './leader/scheduler/cluster.ts';
import type { ObjectIoThread } from './leader/scheduler/node-object-io.ts';
import type { Stage } from './leader/statement/stages.ts';
import { acquireDataDirectory, type DataDirectory } from './leader/transaction/data-directory.ts';
import { EndpointStore } from './s3/endpoint/store.ts';
import type { RemoteAccess } from './remote/access.ts';
import { LocalObjectStore } from './s3/store.ts';
import type { MakePairs } from './tls/authority.ts';
import { givenCertificate, ownCertificate, type CertificateStore, type Warn } from './tls/store.ts';
import { OpenPort } from './wire/open-port.ts';
import { startWireServer, type WireServer } from './wire/server.ts';

export interface ClusterOptions extends Config {
  /** For tests only. */
  readonly testing?: ForcedPaths | undefined;
  onBug?(error: unknown): void;
  /** Told at the start of damage that recovery made up for, and of files that are missing or strange; default: stderr. */
  onWarning?(note: string): void;
  /** Told when a compute node goes down and when it is back; default: stderr. */
  onNode?(note: string): void;
  /** See RunningCluster.failure; called at the same moment. */
  onLost?(message: string, cause: string): void;
  /** The state of another cluster that this one begins with; a data directory must be a new one. */
  readonly seed?: ClusterSeed | undefined;
  /** For tests: a switch with which the program can raise faults in the cluster (common/fault-injection.ts). */
  readonly faults?: FaultSwitch;
}
export interface RunningCluster {
  readonly port: number;
  readonly httpPort: number;
  /** postgres://user@host:port/database */
  readonly url: string;
  readonly httpUrl: string;
  readonly s3Root: string;
  /** States of the cluster that are kept, to go back to or to fork from. */
  readonly states: ClusterStates;
  /** What was in it when it was started: nothing, what the init folder loaded, or what an earlier start or another cluster left. */
  readonly begins: 'empty' | 'initialised' | 'found';
  /** Sessions without a socket: src/client speaks to it. */
  readonly service: SqlService;
  /**
   * The file that clients give as sslrootcert, once the certificate is there: makes it when no client has asked for it
   * yet. Undefined with --tls off or a certificate of one's own.
   */
  certificateAuthority(): Promise<string | undefined>;
  /** For tools/explain.ts: one stage of a statement as text. */
  inspect(setup: string, sql: string, stage: Stage): Promise<string>;
  /**
   * Resolves with the cause when the leader's memory may be corrupt, or a compute node went out of service more often than
   * it may. From then on every statement fails with 57P02 and nothing is written; close() works, and a new start recovers
   * what was committed.
   */
  readonly failure: Promise<string>;
  close(): Promise<void>;
}

const PAGE = 65536;
const MEBIBYTE = 1024 * 1024;
/** Default reservation for all nodes together. */
const TOTAL_MEMORY = 16 * 1024 ** 3;

/** A file built beside this one, or in build/ and dist/ when running from sources. */
function built(...names: readonly string[]): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const n of names)
    for (const base of [here, join(here, '..')]) if (existsSync(join(base, n))) return join(base, n);
  return join(here, names[0]!);
}

/** SLICEHOUSE_CHECKED_KERNELS=1 (tests): the kernels with canaries, which tools/build-kernels.ts --checked makes. */
function kernelsFile(): string {
  return process.env['SLICEHOUSE_CHECKED_KERNELS'] === '1'
    ? built('build/kernels.checked.wasm', '../build/kernels.checked.wasm')
    : built('kernels.wasm', 'build/kernels.wasm', 'dist/kernels.wasm');
}

/** `port`: the SQL port of `options`, when it is open already; a start that fails closes it. */
export async function startRunning(options: ClusterOptions, port?: OpenPort): Promise<RunningCluster> {
  try {
    if (!isLoopback(options.host) && options.password === undefined) throw hostNeedsPassword(options.host);
    if (options.password === '') throw emptyPassword();
    port ??= await OpenPort.open(options.host, options.port);
    return await startBehind(options, port);
  } catch (error) {
    await port?.close();
    throw error;
  }
}
/** A name of this machine for clients that are told where to connect. */
const reachableHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? 'localhost' : host);

async function startBehind(options: ClusterOptions, port: OpenPort): Promise<RunningCluster> {
  const memoryOnly = options.memory;
  const scratch = memoryOnly ? join(tmpdir(), `slicehouse-${randomUUID()}`) : undefined;
  const ownsBuckets = options.s3Root === join(options.dataDir, 's3');
  const s3Root = memoryOnly && ownsBuckets ? join(scratch!, 's3') : options.s3Root;
  const { disk, directory } = memoryOnly ? { disk: memoryDisk(), directory: undefined } : openDataDirectory(options);
  const { seed } = options;
  const warehouse = seed?.warehouse ?? directory?.warehouse ?? '0'.repeat(16);
  const files = new RamFiles();
  mkdirSync(s3Root, { recursive: true });
  const bucketsFolder = join(scratch ?? options.dataDir, 'kept-buckets');
  rmSync(bucketsFolder, { recursive: true, force: true });
  if (seed !== undefined) await plant(seed, memoryOnly ? files.disk() : disk, s3Root);
  const log = logTo(options.log ?? 'text');
  const warning = (message: string): void =>
    log({ level: 'warning', event: 'warning', message: `slicehouse: warning: ${message}` });
  const warn = options.onWarning ?? ((note: string) => warning(`data directory: ${note}`));
  const certificate = certificateFor(options, join(scratch ?? options.dataDir, 'tls'), warn);
  const kernels = new WebAssembly.Module(readFileSync(kernelsFile()));
  const remote = remoteAccess(options, join(scratch ?? options.dataDir, 'ssh'));
  const started = startSlices(options, kernels, warehouse, files, s3Root, remote);
  // The slices' threads start while this one loads the leader, which is most of the program.
  const { startLeader } = await import('./leader/leader.ts');
  const { region, s3Endpoint } = options;
  const store = new LocalObjectStore(s3Root, options.s3Keys, region);
  const objects = s3Endpoint === undefined ? store : new EndpointStore({ url: s3Endpoint }, s3Root, region);
  const onBug =
    options.onBug ??
    ((e: unknown) => {
      const message = `slicehouse: internal error: ${e instanceof Error ? e.stack : String(e)}`;
      log({ level: 'error', event: 'bug', message });
    });
  const failure = new Promise<string>((resolve) => {
    started.cluster.onOutage((error, cause) => {
      if (options.onLost === undefined) onBug(new AssertionError(`${error.message}: ${cause}`));
      else options.onLost(error.message, cause);
      resolve(`${error.message}: ${cause}`);
    });
  });
  const events = options.loadEvents === undefined ? undefined : new EventSender(options.loadEvents, region, warning);
  let wire: WireServer | undefined;
  let http: HttpServer | undefined;
  const { cluster } = started;
  const metrics = new ClusterMetrics(() => ({ ...leader.counts(), nodes: cluster.nodes }));
  const leader = await startLeader({
    cluster,
    kernels,
    startParser,
    clock: systemClock,
    disk,
    memory: memoryOnly,
    regionBytes: started.regionBytes,
    database: options.database,
    user: options.user,
    password: options.password,
    tlsRequired: options.tls === 'required',
    largeStrings: options.largeStrings,
    passwordRequired: options.password !== undefined || !isLoopback(options.host),
    dataDir: options.dataDir,
    store: objects,
    remote,
    faults: options.faults,
    testing: options.testing,
    seed: seed?.state.leader,
    warehouse: directory?.warehouse ?? '',
    made: directory?.made ?? false,
    warn,
    onLoad: events === undefined ? undefined : (event) => events.send(event),
    onNode:
      options.onNode ?? ((note: string) => log({ level: 'warning', event: 'node', message: `slicehouse: ${note}` })),
    onRecord: (observed) => metrics.observe(observed),
    onBug,
  }).catch(async (error: unknown) => {
    await cluster.close();
    directory?.release();
    throw memoryOnly ? error : dataDirectoryError(options.dataDir, error);
  });
  const throttle = new LoginThrottle();
  const plainRefused = options.tls === 'required';
  const isServing = (): boolean => wire !== undefined;
  const query = new QueryDoor({ service: leader.service, throttle, plainRefused, isServing, onBug });
  const close = async (): Promise<void> => {
    await wire?.close(cluster.outage);
    await http?.close();
    await query.close();
    await leader.close();
    await events?.close();
    await certificate?.close();
    rmSync(bucketsFolder, { recursive: true, force: true });
    directory?.release();
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  };
  let initialised = false;
  try {
    // Open before SQL is: what the init folder loads may come from here, and whoever asks sees how far the start is.
    http = await startHttpServer({
      host: options.host,
      port: options.httpPort,
      store,
      hosts: options.allowedHosts,
      routes: [
        metrics.route,
        query.route,
        clusterApi({
          service: leader.service,
          keys: store.keys,
          cluster: { ...options, host: reachableHost(options.host), port: port.port },
        }),
      ],
      health: () => healthOf(cluster, isServing()),
      onError: onBug,
    });
    if (options.init !== undefined) {
      const { service } = leader;
      const isFirst = directory?.made !== true;
      const place = { ...options, service, s3Root, isFirst, remote: s3Endpoint !== undefined };
      initialised = await initialise(options.init, { ...place, disk: memoryOnly ? undefined : disk });
    }
    directory?.complete();
    wire = await startWireServer({
      service: leader.service,
      listening: port,
      throttle,
      tls: certificate && { mode: options.tls, context: () => certificate.context() },
      onError: onBug,
    });
  } catch (error) {
    await close();
    throw error;
  }
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    port: wire.port,
    httpPort: http.port,
    s3Root,
    states: new ClusterStates(leader.kept, {
      warehouse,
      disk: () => (memoryOnly ? files.disk() : nodeDisk(options.dataDir)),
      s3Root,
      bucketsFolder: ownsBuckets ? bucketsFolder : undefined,
    }),
    begins: initialised ? 'initialised' : seed === undefined && directory?.fresh !== false ? 'empty' : 'found',
    service: leader.service,
    url: `postgres://${options.user}@${host}:${wire.port}/${options.database}`,
    httpUrl: `http://${host}:${http.port}`,
    failure,
    certificateAuthority: async () => {
      await certificate?.start();
      return certificate?.authorityFile;
    },
    inspect: (setup, sql, stage) => leader.inspect(setup, sql, stage),
    close,
  };
}

/** Ok: statements are served now. */
function healthOf(cluster: Cluster, isServing: boolean): Readonly<Record<string, unknown>> {
  const nodes = cluster.nodes.map(({ state }) => state);
  const working = nodes.every((state) => state === 'up') ? 'ok' : 'recovering';
  return { status: cluster.outage !== undefined ? 'lost' : isServing ? working : 'starting', nodes };
}

function openDataDirectory(options: ClusterOptions): { readonly disk: Disk; readonly directory: DataDirectory } {
  const { dataDir, nodes, slices, seed } = options;
  try {
    const disk = nodeDisk(dataDir);
    const topology = { nodes, slices };
    const directory = acquireDataDirectory({ disk, name: dataDir, topology, warehouse: seed?.warehouse });
    if (seed === undefined || directory.fresh) return { disk, directory };
    directory.release();
    throw forkNeedsNewDirectory(dataDir);
  } catch (error) {
    throw dataDirectoryError(dataDir, error);
  }
}
const DIRECTORY_TROUBLE: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full; make room and start again',
  EDQUOT: 'its disk quota is used up; make room and start again',
};
/** What the operating system refused at the start, as a sentence about the directory. */
function dataDirectoryError(dataDir: string, error: unknown): unknown {
  if (error instanceof SqlError) {
    return error.message === 'Disk Full' ? dataDirectoryUnusable(dataDir, DIRECTORY_TROUBLE['ENOSPC']) : error;
  }
  if (!isSystemError(error)) return error;
  return dataDirectoryUnusable(dataDir, DIRECTORY_TROUBLE[error.code] ?? error.message);
}

/** Where COPY's other sources are. */
const remoteAccess = ({ region, dynamodbEndpoint, sshHosts }: ClusterOptions, folder: string): RemoteAccess => ({
  region,
  dynamodb: dynamodbEndpoint ?? (process.env['AWS_ENDPOINT_URL_DYNAMODB'] || undefined),
  sshHosts: sshHosts ?? [],
  keyFolder: resolve(folder),
});
/** Undefined when TLS is off. Nothing is made or read here but what the user gave. */
function certificateFor(options: ClusterOptions, folder: string, warn: Warn): CertificateStore | undefined {
  if (options.tls === 'off') return undefined;
  const { tlsCert, tlsKey } = options;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return givenCertificate(tlsCert, tlsKey, () => systemClock.nowMs(), warn);
  }
  return ownCertificate(resolve(folder), options.host, () => systemClock.nowMs(), warn, makeOnThread);
}
const makeOnThread: MakePairs = (request) =>
  new Promise((done, failed) => {
    const entry = built('certificate-worker.js', 'dist/certificate-worker.js');
    const worker = new Worker(entry, { workerData: request, execArgv: [] });
    worker.on('message', done);
    worker.on('error', failed);
  });

const startParser = (): Worker =>
  new Worker(built('parser-worker.js', 'dist/parser-worker.js'), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: PARSER_MEMORY_MB_MAX },
  });

const endOf = (worker: Worker): Promise<string> =>
  new Promise((resolve) => {
    worker.on('error', (e: unknown) => resolve(e instanceof Error ? (e.stack ?? e.message) : String(e)));
    worker.on('exit', (code) => resolve(`its thread ended with code ${code}`));
  });

function startSlices(
  options: ClusterOptions,
  kernels: WebAssembly.Module,
  warehouse: string,
  /** The slices' files when there is no data directory. */
  files: RamFiles,
  s3Root: string,
  remote: RemoteAccess,
): { cluster: Cluster; regionBytes: number } {
  const sliceCount = options.nodes * options.slices;
  const doorbells = Doorbells.create(sliceCount + 1);
  const health = Health.create(options.nodes);
  const nodeBytes =
    options.nodeMemory !== undefined
      ? options.nodeMemory * MEBIBYTE
      : Math.min(NODE_MEMORY_MB_MAX * MEBIBYTE, Math.floor(TOTAL_MEMORY / options.nodes));
  const pages = Math.floor(nodeBytes / PAGE);
  // A page in front (address 0 means none) and one behind: emitted code may read up to 8 bytes past a value.
  const regionBytes = Math.floor((pages - 2) / options.slices) * PAGE;
  const entry = built('slice-worker.js', 'dist/slice-worker.js');
  const startNode = (node: number): readonly SlicePort[] => {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const nodeChannel = `slicehouse-node-${randomUUID()}`;
    const owner = node * options.slices;
    return Array.from({ length: options.slices }, (_, k) => {
      const slice = owner + k;
      const { port1, port2 } = new MessageChannel();
      const boot: SliceBoot = {
        slice,
        node,
        sliceCount,
        slicesPerNode: options.slices,
        memory,
        region: { base: PAGE + k * regionBytes, size: regionBytes },
        doorbells: doorbells.buffer,
        health: health.buffer,
        faults: options.faults?.buffer,
        kernels,
        dataDirectory: options.memory ? undefined : options.dataDir,
        warehouse,
        nodeChannel,
        files: files.under([`slices/${slice}`, `slices/${owner}`]),
        testing: options.testing,
      };
      const worker = new Worker(entry, {
        workerData: { boot, port: port2 },
        transferList: [port2],
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: SLICE_YOUNG_HEAP_MB },
      });
      return { slice, port: port1, terminate: () => worker.terminate(), ended: endOf(worker) };
    });
  };
  const startObjectIo = (node: number): ObjectIoThread => {
    const boot: ObjectIoBoot = {
      node,
      doorbells: doorbells.buffer,
      health: health.buffer,
      s3Root,
      s3Endpoint: options.s3Endpoint === undefined ? undefined : { url: options.s3Endpoint },
      remote,
      objectIo: options.testing?.objectIo,
    };
    const worker = new Worker(built('io-worker.js', 'dist/io-worker.js'), { workerData: boot, execArgv: [] });
    return {
      connect: (slice, port) => worker.postMessage({ slice, port } satisfies ObjectIoConnection, [port]),
      terminate: () => worker.terminate(),
      ended: endOf(worker),
    };
  };
  const cluster = new Cluster({
    nodes: options.nodes,
    slicesPerNode: options.slices,
    doorbells,
    health,
    start: startNode,
    startObjectIo,
    keepFile: (change) => files.apply(change),
    dataIsLost: options.memory,
  });
  return { cluster, regionBytes };
}
