/**
 * GET /metrics, for Prometheus, by prom-client: what the history is told of, counted from the start of the server, and what is so at the
 * moment. prom-client is loaded with the first request, or when observations have gathered; until then they wait.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as Prometheus from 'prom-client';
import type { HttpRoute } from './http/server.ts';
import type { Observed } from './leader/history/types.ts';

/** What is so now. */
export interface MomentaryState {
  /** Sessions that are open, whatever door they came through. */
  readonly sessions: number;
  readonly queriesRunning: number;
  readonly queriesQueued: number;
  readonly nodes: readonly { readonly node: number; readonly state: string; readonly starts: number }[];
}

const WAITING_MAX = 1000;
const MICROS = 1e6;
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600];
const BYTES = [2 ** 16, 2 ** 20, 2 ** 24, 2 ** 26, 2 ** 28, 2 ** 30, 2 ** 32];

type Library = typeof Prometheus;
type Instruments = ReturnType<typeof instruments>;

function instruments(
  { Registry, Counter, Gauge, Histogram, collectDefaultMetrics }: Library,
  now: () => MomentaryState,
) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, ...labelNames: string[]): Prometheus.Counter =>
    new Counter({ name: `slicehouse_${name}_total`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]): Prometheus.Histogram =>
    new Histogram({ name: `slicehouse_${name}`, help, buckets, registers });
  const gauge = (name: string, help: string, set: (g: Prometheus.Gauge) => void, ...labelNames: string[]): void => {
    const collect = function (this: Prometheus.Gauge): void {
      this.reset();
      set(this);
    };
    registry.registerMetric(new Gauge({ name: `slicehouse_${name}`, help, labelNames, registers: [], collect }));
  };
  gauge('sessions', 'Sessions that are open.', (g) => g.set(now().sessions));
  gauge('queries_running', 'Queries that run.', (g) => g.set(now().queriesRunning));
  gauge('queries_queued', 'Queries that wait for slots of a service class.', (g) => g.set(now().queriesQueued));
  const states = (g: Prometheus.Gauge): void => {
    for (const { node, state } of now().nodes) {
      for (const s of ['up', 'recovering', 'lost']) g.set({ node: String(node), state: s }, s === state ? 1 : 0);
    }
  };
  gauge('node_state', '1 for the state that a compute node is in.', states, 'node', 'state');
  const starts = (g: Prometheus.Gauge): void => {
    for (const { node, starts: n } of now().nodes) g.set({ node: String(node) }, n - 1);
  };
  gauge('node_restarts', 'How often a compute node was started anew.', starts, 'node');
  return {
    registry,
    queries: counter('queries', 'Queries that ended, by state: completed or aborted.', 'state'),
    seconds: histogram(
      'query_duration_seconds',
      'From the begin of a query to its end, queue and planning included.',
      SECONDS,
    ),
    queueSeconds: histogram('query_queue_seconds', 'Time that queries on slices waited for their slots.', SECONDS),
    memory: histogram('query_memory_bytes', 'Memory of a query on the slice where it took most.', BYTES),
    spilled: counter('spilled_bytes', 'Bytes that steps wrote to temporary disks.'),
    rowsScanned: counter('rows_scanned', 'Rows that scans of tables gave.'),
    bytesScanned: counter('bytes_scanned', 'Bytes of those rows.'),
    rowsReturned: counter('rows_returned', 'Rows of results.'),
    bytesReturned: counter('bytes_returned', 'Bytes of results, as messages.'),
    exchanged: counter('exchange_bytes', 'Bytes that went from slice to slice.'),
    blocks: counter(
      'blocks',
      'Blocks that scans read, and those that zone maps let them skip, by outcome.',
      'outcome',
    ),
    segments: counter('segments', 'Segments of queries, by where their code came from: compiled or cached.', 'code'),
    rowsLoaded: counter('rows_loaded', 'Rows of COPY.'),
    bytesLoaded: counter('bytes_loaded', 'Bytes that COPY read.'),
    rowsUnloaded: counter('rows_unloaded', 'Rows of UNLOAD.'),
    connections: counter('connections', 'Connections, by event.', 'event'),
    commits: counter('commits', 'Transactions that changed something.'),
    errors: counter('errors', 'Internal errors, by SQLSTATE.', 'sqlstate'),
  };
}

const seconds = (from: bigint, to: bigint): number => Number(to - from) / MICROS;

function count(into: Instruments, { log, record }: Observed): void {
  switch (log) {
    case 'queries':
      into.queries.inc({ state: record.aborted === 1 ? 'aborted' : 'completed' });
      return into.seconds.observe(seconds(record.startMicros, record.endMicros));
    case 'wlmQueries':
      return into.queueSeconds.observe(record.queueMicros / MICROS);
    case 'compiles':
      return into.segments.inc({ code: record.compile === 1 ? 'compiled' : 'cached' });
    case 'loads':
      into.rowsLoaded.inc(record.rows);
      return into.bytesLoaded.inc(record.scannedBytes);
    case 'unloadRuns':
      return into.rowsUnloaded.inc(record.rows);
    case 'connections':
      return into.connections.inc({ event: record.event });
    case 'commits':
      return into.commits.inc();
    case 'errors':
      return into.errors.inc({ sqlstate: record.sqlstate });
    case 'runs': {
      const memory = new Map<number, number>();
      for (const c of record.counts) {
        const { kind, tableId } = record.steps[c.step]!;
        memory.set(c.slice, (memory.get(c.slice) ?? 0) + c.workmem);
        into.spilled.inc(c.diskBytes);
        if (kind === 'scan' && tableId > 0) {
          into.rowsScanned.inc(c.rows);
          into.bytesScanned.inc(c.bytes);
        }
        if (kind === 'return') {
          into.rowsReturned.inc(c.rows);
          into.bytesReturned.inc(c.bytes);
        }
        if (kind === 'dist' || kind === 'bcast') into.exchanged.inc(c.bytes);
        for (const { read, skipped } of c.scan?.blocks ?? []) {
          into.blocks.inc({ outcome: 'read' }, read);
          into.blocks.inc({ outcome: 'skipped' }, skipped);
        }
      }
      return into.memory.observe(Math.max(0, ...memory.values()));
    }
    default:
  }
}

export class ClusterMetrics {
  private waiting: Observed[] = [];
  private loading: Promise<Instruments> | undefined;
  private loaded: Instruments | undefined;

  constructor(private readonly now: () => MomentaryState) {}

  readonly observe = (observed: Observed): void => {
    if (this.loaded !== undefined) return count(this.loaded, observed);
    this.waiting.push(observed);
    if (this.waiting.length > WAITING_MAX) void this.load().catch(() => undefined);
  };
  private load(): Promise<Instruments> {
    this.loading ??= import('prom-client').then((library) => {
      const made = instruments(library, this.now);
      for (const observed of this.waiting) count(made, observed);
      this.waiting = [];
      return (this.loaded = made);
    });
    return this.loading;
  }

  /** A bucket may be called metrics: its requests are signed, or ask for something. */
  readonly route: HttpRoute = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/metrics' || request.headers.authorization?.startsWith('AWS') === true) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const { registry } = await this.load();
    const body = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}
