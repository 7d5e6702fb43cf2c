/**
 * The compute nodes as the leader reaches them: one port per slice, requests with replies, doorbells, module
 * distribution. The threads themselves are started by whoever composes the system (start-cluster.ts), node by node. A node
 * that goes down is started anew by its supervisor: requests to it end with NodeDown, queries on slices with the same
 * error, and whoever comes later waits in `serving`. When a node is lost, or the leader's own memory may be corrupt, the
 * cluster has an OUTAGE for good: everybody who waits for a slice gets the one error, and nobody new gets through.
 */
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { RamFileChange } from '../../common/disk-ram.ts';
import { nodeNotBack, nodeOutOfService, nodeRestarts } from '../../common/errors/catalogue.ts';
import { NodeDown } from '../../common/errors/fault.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { NodeId, SliceId } from '../../common/ids.ts';
import { NODE_START_MS_MAX, NODE_WAIT_MS_MAX } from '../../common/limits.ts';
import type {
  ErrorValue,
  PartsWanted,
  FromSlice,
  QueryDone,
  QueryFailed,
  SliceReplies,
  SliceRequest,
  ToSlice,
} from '../../execution/messages.ts';
import type { Health } from '../../interconnect/health.ts';
import type { Doorbells } from '../../interconnect/ring.ts';
import { orCancelled } from '../transaction/waits.ts';
import { NodeObjectIo, type ObjectIoThread } from './node-object-io.ts';
import { NodeSupervisor, type NodeHost } from './node-supervisor.ts';

export interface Topology {
  readonly nodes: number;
  readonly slicesPerNode: number;
  readonly sliceCount: number;
  nodeOf(slice: SliceId): NodeId;
}

/** A started slice thread. */
export interface SlicePort {
  readonly slice: SliceId;
  readonly port: MessagePort;
  /** Stops the thread for good; resolved when it is gone. */
  terminate(): Promise<unknown>;
  /** Resolves with what is known of its end when the thread has ended. */
  readonly ended: Promise<string>;
}
export interface OpenedSlice {
  readonly checkpointLsn: number;
  /** Damage that opening could pass over. */
  readonly notes: readonly string[];
}
export interface ClusterParts {
  readonly nodes: number;
  readonly slicesPerNode: number;
  readonly doorbells: Doorbells;
  readonly health: Health;
  /** Starts the threads of a node, on fresh memory. */
  start(node: NodeId): readonly SlicePort[];
  /** Starts a node's object I/O. */
  startObjectIo(node: NodeId): ObjectIoThread;
  /** `--memory`: keeps a slice's files. */
  keepFile?(change: RamFileChange): void;
  /** Without data directory: what the clients are told. */
  readonly dataIsLost: boolean;
}
/** What the leader does about a node that starts anew. */
export interface NodeRecovery {
  down(node: NodeId, error: NodeDown, cause: string): void;
  /** The node's threads are there: hands on what was committed behind their superblocks. */
  bringUp(node: NodeId, opened: readonly OpenedSlice[]): Promise<void>;
  up(node: NodeId): void;
}
type QueryListener = (m: QueryDone | QueryFailed | PartsWanted) => void;
interface Pending {
  readonly slice: SliceId;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
/** A request under way. */
interface Asked<T> {
  readonly reply: Promise<T>;
  /** Tells the slice to stop working on it. */
  end(): void;
}
/** The slice threads of a node, from their start to their end. */
interface NodeThreads {
  readonly ports: readonly SlicePort[];
  readonly opened: Promise<readonly OpenedSlice[]>;
  readonly objectIo: NodeObjectIo;
  /** Something ended one of them: whatever else is heard of that is no news. */
  down: boolean;
  failOpening(error: unknown): void;
}

export class Cluster {
  readonly topology: Topology;
  readonly doorbells: Doorbells;
  readonly health: Health;
  private readonly threads: NodeThreads[];
  private readonly supervisors: readonly NodeSupervisor[];
  private readonly pending = new Map<number, Pending>();
  private readonly queries = new Map<number, QueryListener>();
  private readonly known: Set<number>[];
  private nextRequest = 1;
  private failed: SqlError | undefined;
  private closing = false;
  private readonly listeners: ((error: SqlError, cause: string) => void)[] = [];
  /** Undefined until the start is over: then a node that goes down ends the server. */
  private recovery: NodeRecovery | undefined;
  /** The newest of all times a node went down, and how many there were. */
  private lastDown: NodeDown | undefined;
  private downs = 0;
  /** Called when a node is up, or lost. */
  private changed: (() => void)[] = [];

  constructor(private readonly parts: ClusterParts) {
    const { nodes, slicesPerNode, doorbells, health } = parts;
    const sliceCount = nodes * slicesPerNode;
    this.doorbells = doorbells;
    this.health = health;
    this.topology = {
      nodes,
      slicesPerNode,
      sliceCount,
      nodeOf: (slice: SliceId): NodeId => Math.floor(slice / slicesPerNode),
    };
    this.known = Array.from({ length: sliceCount }, () => new Set<number>());
    const host: NodeHost = {
      down: (node, error, cause) => this.nodeDown(node, error, cause),
      restart: (node) => this.restart(node),
      up: (node) => {
        this.recovery?.up(node);
        this.notify();
      },
      lost: (node, cause) => this.fail(`compute node ${node}`, cause),
    };
    this.supervisors = Array.from({ length: nodes }, (_, node) => new NodeSupervisor(node, host));
    this.threads = this.supervisors.map(({ node }) => this.startNode(node));
  }
  /** Every slice has opened its storage for the first time. */
  async ready(): Promise<readonly OpenedSlice[]> {
    return (await Promise.all(this.threads.map((t) => t.opened))).flat();
  }
  /** From now on nodes that go down are started anew. */
  recoverWith(recovery: NodeRecovery): void {
    this.recovery = recovery;
  }
  get nodes(): readonly NodeSupervisor[] {
    return this.supervisors;
  }

  // ---- threads ----

  private startNode(node: NodeId): NodeThreads {
    this.health.restore(node);
    const ports = this.parts.start(node);
    const first = node * this.topology.slicesPerNode;
    const opened = new Array<OpenedSlice>(ports.length);
    let missing = ports.length;
    let resolveOpened: (opened: readonly OpenedSlice[]) => void = () => undefined;
    let failOpening: (error: unknown) => void = () => undefined;
    const all = new Promise<readonly OpenedSlice[]>((resolve, reject) => {
      resolveOpened = resolve;
      failOpening = reject;
    });
    all.catch(() => undefined);
    const objectIo = new NodeObjectIo(
      () => this.parts.startObjectIo(node),
      (slice, message, ports) => {
        this.portOf(slice).port.postMessage(message, ports);
        this.doorbells.ring(slice);
      },
    );
    const threads: NodeThreads = { ports, opened: all, objectIo, down: false, failOpening };
    for (const { slice, port, ended } of ports) {
      port.on('message', (m: FromSlice) => {
        if (m.kind !== 'ready') return this.handle(m, threads);
        opened[slice - first] = { checkpointLsn: m.checkpointLsn, notes: m.notes };
        if (--missing === 0) resolveOpened(opened);
      });
      void ended.then((message) => this.nodeFault(threads, slice, `slice ${slice} is down: ${message}`));
    }
    return threads;
  }
  /** Stops a node's threads and takes in the last they said of their files. */
  private async stopNode(node: NodeId): Promise<void> {
    const threads = this.threads[node]!;
    threads.down = true;
    const { ports } = threads;
    await Promise.all([threads.objectIo.end(), ...ports.map((p) => p.terminate())]);
    for (const { port } of ports) {
      port.removeAllListeners('message');
      for (let m = receiveMessageOnPort(port); m; m = receiveMessageOnPort(port)) {
        const { kind, ...rest } = m.message as FromSlice;
        if (kind === 'file') this.parts.keepFile?.((rest as { readonly change: RamFileChange }).change);
      }
      port.close();
    }
  }
  private async restart(node: NodeId): Promise<void> {
    await this.stopNode(node);
    if (this.closing || this.recovery === undefined) throw this.lastDown!;
    for (let k = 0; k < this.topology.slicesPerNode; k++) this.known[node * this.topology.slicesPerNode + k]!.clear();
    const threads = (this.threads[node] = this.startNode(node));
    const timer = setTimeout(
      () => threads.failOpening(nodeNotBack(String(node), String(NODE_START_MS_MAX / 1000))),
      NODE_START_MS_MAX,
    ).unref();
    try {
      await this.recovery.bringUp(node, await threads.opened);
    } finally {
      clearTimeout(timer);
    }
  }

  private handle(m: Exclude<FromSlice, { kind: 'ready' }>, threads: NodeThreads): void {
    switch (m.kind) {
      case 'query-done':
      case 'query-failed':
      case 'parts-wanted':
        // The fault's own message follows.
        if (!this.health.isCondemned(this.topology.nodeOf(m.slice))) this.queries.get(m.query)?.(m);
        return;
      case 'reply': {
        const p = this.pending.get(m.id);
        this.pending.delete(m.id);
        if (m.error) p?.reject(toError(m.error));
        else p?.resolve(m.value);
        return;
      }
      case 'object-io-wanted':
        return threads.objectIo.connect(m.slice);
      case 'file':
        return this.parts.keepFile?.(m.change);
      case 'fault':
        return this.nodeFault(threads, m.slice, `slice ${m.slice}: ${m.message}`);
      case 'fatal':
        if (m.error !== undefined) threads.failOpening(toError(m.error));
        return this.nodeFault(threads, m.slice, `slice ${m.slice} is down: ${m.message}`);
    }
  }
  private nodeFault(threads: NodeThreads, slice: SliceId, cause: string, requested = false): void {
    const node = this.topology.nodeOf(slice);
    if (this.closing || this.failed !== undefined || threads.down) return;
    threads.down = true;
    if (this.recovery === undefined) return this.fail(`compute node ${node}`, cause);
    this.health.condemn(node);
    this.supervisors[node]!.down(cause, requested);
  }
  /** Stops a slice's thread; its node goes down with it, and comes back. */
  killSlice(slice: SliceId): void {
    const threads = this.threads[this.topology.nodeOf(slice)]!;
    void this.portOf(slice).terminate();
    this.nodeFault(threads, slice, `slice ${slice} was stopped on request`, true);
  }
  killNode(node: NodeId): void {
    const first = node * this.topology.slicesPerNode;
    this.nodeFault(this.threads[node]!, first, `node ${node} was stopped on request`, true);
  }
  private nodeDown(node: NodeId, error: NodeDown, cause: string): void {
    this.lastDown = error;
    this.downs++;
    this.threads[node]!.failOpening(error);
    for (const [id, p] of [...this.pending]) {
      if (this.topology.nodeOf(p.slice) !== node) continue;
      this.pending.delete(id);
      p.reject(error);
    }
    for (const [query, listener] of [...this.queries]) listener(failedQuery(query, error));
    this.recovery?.down(node, error, cause);
  }

  // ---- the end of it all ----

  /** The leader's own segments may have spoilt its memory. */
  leaderFault(cause: string): void {
    this.health.condemn(this.health.leader);
    this.fail('the leader node', cause);
  }
  private fail(node: string, cause: string): void {
    if (this.closing || this.failed !== undefined) return;
    const error = nodeOutOfService(node, cause, this.parts.dataIsLost);
    this.failed = error;
    for (const t of this.threads) t.failOpening(error);
    for (const p of this.pending.values()) p.reject(error);
    this.pending.clear();
    for (const [query, listener] of [...this.queries]) listener(failedQuery(query, error));
    for (const listener of this.listeners) listener(error, cause);
    this.notify();
  }
  /** Why nothing may be computed or committed any more; undefined while all is well, or a node is being started. */
  get outage(): SqlError | undefined {
    if (this.failed !== undefined || !this.health.isCondemned(this.health.leader)) return this.failed;
    return nodeOutOfService('the leader node', 'the cause is on its way', this.parts.dataIsLost);
  }
  onOutage(listener: (error: SqlError, cause: string) => void): void {
    this.listeners.push(listener);
  }

  // ---- waiting for nodes ----

  isUp(node: NodeId): boolean {
    return this.supervisors[node]!.state === 'up' && !this.health.isCondemned(node);
  }
  /** What work on the node ends with; undefined when it is up. */
  downError(node: NodeId): SqlError | undefined {
    if (this.isUp(node)) return undefined;
    const { state, error } = this.supervisors[node]!;
    if (state !== 'up') return this.failed ?? error;
    return new NodeDown(nodeRestarts(String(node), 'the cause is on its way'));
  }
  private get allUp(): boolean {
    return this.supervisors.every(({ node }) => this.isUp(node));
  }
  private notify(): void {
    const waiting = this.changed;
    this.changed = [];
    for (const call of waiting) call();
  }
  private nextChange(): Promise<void> {
    return new Promise((resolve) => this.changed.push(resolve));
  }
  /** Undefined when every node serves; otherwise resolves when they do. */
  serving(signal: AbortSignal): Promise<void> | undefined {
    return this.failed === undefined && this.allUp ? undefined : this.waitServing(signal);
  }
  private async waitServing(signal: AbortSignal): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const down = this.supervisors.filter(({ node }) => !this.isUp(node)).map(({ node }) => node);
        reject(nodeNotBack(down.join(), String(NODE_WAIT_MS_MAX / 1000)));
      }, NODE_WAIT_MS_MAX);
    });
    try {
      while (this.failed === undefined && !this.allUp) {
        await orCancelled(Promise.race([this.nextChange(), late]), signal);
      }
    } finally {
      clearTimeout(timer);
    }
    if (this.failed !== undefined) throw this.failed;
  }
  /** Undefined when the node is up; otherwise resolves when it is, and is rejected when it is lost. */
  nodeUp(node: NodeId): Promise<void> | undefined {
    return this.failed === undefined && this.isUp(node) ? undefined : this.waitNode(node);
  }
  private async waitNode(node: NodeId): Promise<void> {
    while (this.failed === undefined && !this.isUp(node)) await this.nextChange();
    if (this.failed !== undefined) throw this.failed;
  }

  // ---- requests ----

  private portOf(slice: SliceId): SlicePort {
    const { slicesPerNode } = this.topology;
    return this.threads[this.topology.nodeOf(slice)]!.ports[slice % slicesPerNode]!;
  }
  send(slice: SliceId, message: ToSlice): void {
    this.portOf(slice).port.postMessage(message);
    this.doorbells.ring(slice);
  }
  /** With a signal: work in steps ends when it aborts, and the promise is rejected when it has. */
  async request<K extends SliceRequest['kind']>(
    slice: SliceId,
    request: Extract<SliceRequest, { kind: K }>,
    signal?: AbortSignal,
  ): Promise<SliceReplies[K]> {
    return (await this.replies([this.ask(slice, request)], signal))[0]!;
  }
  /** A request to each of some slices; `heard` is told of every reply when it comes. */
  requestEach<K extends SliceRequest['kind'], T>(
    requests: readonly { readonly slice: SliceId; readonly request: Extract<SliceRequest, { kind: K }> }[],
    heard: (reply: SliceReplies[K], index: number) => T,
    signal: AbortSignal,
  ): Promise<T[]> {
    const asked = requests.map(({ slice, request }, index): Asked<T> => {
      const { reply, end } = this.ask(slice, request);
      return { reply: reply.then((r) => heard(r, index)), end };
    });
    return this.replies(asked, signal);
  }
  /** One node that goes down ends the request, even when its slices had answered: their work is gone. */
  async requestAll<K extends SliceRequest['kind']>(
    request: Extract<SliceRequest, { kind: K }>,
    signal?: AbortSignal,
  ): Promise<SliceReplies[K][]> {
    const { downs } = this;
    const asked = Array.from({ length: this.topology.sliceCount }, (_, slice) => this.ask(slice, request));
    const replies = await this.replies(asked, signal);
    if (this.downs !== downs) throw this.lastDown!;
    return replies;
  }
  /** How often any node went down: work on slices that spans more than one value of it is not whole. */
  get downCount(): number {
    return this.downs;
  }
  get lastDownError(): SqlError {
    return this.lastDown!;
  }
  private ask<K extends SliceRequest['kind']>(
    slice: SliceId,
    request: Extract<SliceRequest, { kind: K }>,
  ): Asked<SliceReplies[K]> {
    const { state, error } = this.supervisors[this.topology.nodeOf(slice)]!;
    const refused = this.failed ?? (state === 'up' ? undefined : error);
    if (refused !== undefined) return { reply: Promise.reject(refused), end: () => undefined };
    return this.askAnyway(slice, request);
  }
  /** To a node that is being brought up. */
  requestStarting<K extends SliceRequest['kind']>(
    slice: SliceId,
    request: Extract<SliceRequest, { kind: K }>,
  ): Promise<SliceReplies[K]> {
    if (this.failed !== undefined) return Promise.reject(this.failed);
    if (this.health.isCondemned(this.topology.nodeOf(slice))) return Promise.reject(this.lastDown!);
    return this.askAnyway(slice, request).reply;
  }
  private askAnyway<K extends SliceRequest['kind']>(
    slice: SliceId,
    request: Extract<SliceRequest, { kind: K }>,
  ): Asked<SliceReplies[K]> {
    const id = this.nextRequest++;
    const reply = new Promise<SliceReplies[K]>((resolve, reject) => {
      this.pending.set(id, { slice, resolve: resolve as (v: unknown) => void, reject });
      this.send(slice, { kind: 'request', id, request });
    });
    return { reply, end: () => this.send(slice, { kind: 'end-request', id }) };
  }
  /** Waits for all; a signal ends them all by one listener, however many slices there are. */
  private async replies<T>(asked: readonly Asked<T>[], signal: AbortSignal | undefined): Promise<T[]> {
    const end = (): void => asked.forEach((a) => a.end());
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
    try {
      return await Promise.all(asked.map((a) => a.reply));
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }
  /** For queries that run on slices. */
  listen(query: number, listener: QueryListener): void {
    this.queries.set(query, listener);
    const error = this.failed;
    if (error !== undefined) queueMicrotask(() => listener(failedQuery(query, error)));
  }
  unlisten(query: number): void {
    this.queries.delete(query);
  }
  /** Makes sure the slice has the module. */
  giveModule(slice: SliceId, moduleId: number, module: WebAssembly.Module): void {
    const known = this.known[slice]!;
    if (known.has(moduleId)) return;
    known.add(moduleId);
    this.send(slice, { kind: 'module', moduleId, module });
  }
  /** Lets the slices forget a module that no query holds. */
  dropModule(moduleId: number): void {
    for (const [slice, known] of this.known.entries())
      if (known.delete(moduleId)) this.send(slice, { kind: 'drop-module', moduleId });
  }
  async close(): Promise<void> {
    const closed = Promise.allSettled(
      Array.from({ length: this.topology.sliceCount }, (_, slice) => this.request(slice, { kind: 'close' })),
    );
    this.closing = true;
    await Promise.race([closed, new Promise((r) => setTimeout(r, 3000).unref())]);
    await Promise.all(this.threads.flatMap((t) => [t.objectIo.end(), ...t.ports.map((p) => p.terminate())]));
  }
}

/** In the slice's place where the cluster itself fails a query: no slice will answer. */
export const NO_SLICE = -1;

function failedQuery(query: number, error: SqlError): QueryFailed {
  const { sqlstate, message, detail, hint } = error;
  return { kind: 'query-failed', query, slice: NO_SLICE, error: { sqlstate, message, detail, hint }, loads: [] };
}

export function toError(e: ErrorValue): SqlError {
  return new SqlError({ sqlstate: e.sqlstate, message: e.message, detail: e.detail, hint: e.hint });
}
