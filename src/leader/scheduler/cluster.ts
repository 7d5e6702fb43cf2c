/**
 * The compute nodes as the leader reaches them: one port per slice, requests with replies, doorbells, module
 * distribution. The threads themselves are started by whoever composes the system (main.ts) and handed in as ports.
 * When a node's memory may be corrupt or a thread is gone, the cluster has an OUTAGE for good: everybody who waits for a
 * slice gets the one error, nobody new gets through, and no reply of a condemned node counts any more.
 */
import type { MessagePort } from 'node:worker_threads';
import { nodeOutOfService } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { NodeId, SliceId } from '../../common/ids.ts';
import type {
  ErrorValue,
  FromSlice,
  QueryDone,
  QueryFailed,
  SliceReplies,
  SliceRequest,
  ToSlice,
} from '../../execution/messages.ts';
import type { Health } from '../../interconnect/health.ts';
import { Doorbells } from '../../interconnect/ring.ts';
import type { Topology } from '../services.ts';

/** A started slice thread. */
export interface SlicePort {
  readonly slice: SliceId;
  readonly port: MessagePort;
  /** Stops the thread for good. */
  terminate(): Promise<unknown>;
}
export interface OpenedSlice {
  readonly checkpointLsn: number;
  /** Damage that opening could pass over. */
  readonly notes: readonly string[];
}
type QueryListener = (m: QueryDone | QueryFailed) => void;

/** A request under way. */
interface Asked<T> {
  readonly reply: Promise<T>;
  /** Tells the slice to stop working on it. */
  end(): void;
}

export class Cluster {
  readonly topology: Topology;
  private readonly pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  private readonly queries = new Map<number, QueryListener>();
  private readonly known: Set<number>[];
  private nextRequest = 1;
  private readonly readyPromise: Promise<readonly OpenedSlice[]>;
  private failReady: (error: SqlError) => void = () => undefined;
  private failed: SqlError | undefined;
  private closing = false;
  private readonly listeners: ((error: SqlError, cause: string) => void)[] = [];

  constructor(
    private readonly slices: readonly SlicePort[],
    readonly doorbells: Doorbells,
    readonly health: Health,
    slicesPerNode: number,
    /** Without data directory: what the clients are told. */
    readonly dataIsLost: boolean,
  ) {
    const sliceCount = slices.length;
    this.topology = {
      nodes: sliceCount / slicesPerNode,
      slicesPerNode,
      sliceCount,
      nodeOf: (slice: SliceId): NodeId => Math.floor(slice / slicesPerNode),
    };
    this.known = slices.map(() => new Set<number>());
    const opened = new Array<OpenedSlice>(sliceCount);
    let missing = sliceCount;
    this.readyPromise = new Promise((resolve, reject) => {
      this.failReady = reject;
      for (const s of slices) {
        s.port.on('message', (m: FromSlice) => {
          if (m.kind === 'ready') {
            opened[m.slice] = { checkpointLsn: m.checkpointLsn, notes: m.notes };
            if (--missing === 0) resolve(opened);
          } else this.handle(m);
        });
      }
    });
    this.readyPromise.catch(() => undefined);
  }
  /** Every slice has opened its storage. */
  ready(): Promise<readonly OpenedSlice[]> {
    return this.readyPromise;
  }
  private handle(m: Exclude<FromSlice, { kind: 'ready' }>): void {
    const node = this.topology.nodeOf('slice' in m ? m.slice : 0);
    // The fault's own message follows.
    if ((m.kind === 'query-done' || m.kind === 'query-failed') && this.health.isCondemned(node)) return;
    switch (m.kind) {
      case 'query-done':
      case 'query-failed':
        this.queries.get(m.query)?.(m);
        return;
      case 'reply': {
        const p = this.pending.get(m.id);
        this.pending.delete(m.id);
        if (m.error) p?.reject(toError(m.error));
        else p?.resolve(m.value);
        return;
      }
      case 'fault':
        return this.fail(`compute node ${node}`, `slice ${m.slice}: ${m.message}`);
      case 'fatal':
        if (m.error !== undefined) this.failReady(toError(m.error));
        return this.lost(m.slice, m.message);
    }
  }
  /** A slice's thread is gone. */
  lost(slice: SliceId, message: string): void {
    this.fail(`compute node ${this.topology.nodeOf(slice)}`, `slice ${slice} is down: ${message}`);
  }
  /** The leader's own segments may have spoilt its memory. */
  leaderFault(cause: string): void {
    this.health.condemn(this.health.leader);
    this.fail('the leader node', cause);
  }
  private fail(node: string, cause: string): void {
    if (this.closing || this.failed !== undefined) return;
    const error = nodeOutOfService(node, cause, this.dataIsLost);
    this.failed = error;
    this.failReady(error);
    for (const p of this.pending.values()) p.reject(error);
    this.pending.clear();
    for (const [query, listener] of [...this.queries]) listener(failedQuery(query, error));
    for (const listener of this.listeners) listener(error, cause);
  }
  /** Why nothing may be computed or committed any more; undefined while all is well. */
  get outage(): SqlError | undefined {
    if (this.failed !== undefined || !this.health.anyCondemned) return this.failed;
    return nodeOutOfService('a compute node', 'the cause is on its way', this.dataIsLost);
  }
  onOutage(listener: (error: SqlError, cause: string) => void): void {
    this.listeners.push(listener);
  }
  send(slice: SliceId, message: ToSlice): void {
    this.slices[slice]!.port.postMessage(message);
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
  requestAll<K extends SliceRequest['kind']>(
    request: Extract<SliceRequest, { kind: K }>,
    signal?: AbortSignal,
  ): Promise<SliceReplies[K][]> {
    return this.replies(
      this.slices.map((s) => this.ask(s.slice, request)),
      signal,
    );
  }
  private ask<K extends SliceRequest['kind']>(
    slice: SliceId,
    request: Extract<SliceRequest, { kind: K }>,
  ): Asked<SliceReplies[K]> {
    if (this.failed !== undefined) return { reply: Promise.reject(this.failed), end: () => undefined };
    const id = this.nextRequest++;
    const reply = new Promise<SliceReplies[K]>((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as (v: unknown) => void, reject });
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
  /** Lets the slices forget a module; what already runs keeps it. */
  dropModule(moduleId: number): void {
    for (const [slice, known] of this.known.entries())
      if (known.delete(moduleId)) this.send(slice, { kind: 'drop-module', moduleId });
  }
  async close(): Promise<void> {
    this.closing = true;
    const closed = this.requestAll({ kind: 'close' }).catch(() => undefined);
    await Promise.race([closed, new Promise((r) => setTimeout(r, 3000).unref())]);
    await Promise.all(this.slices.map((s) => s.terminate()));
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
