/**
 * GET /metrics, for Prometheus, by prom-client: what the history is told of, counted from the start of the server, and what is so at the
 * moment. prom-client is loaded with the first request, or when observations have gathered; until then sums and observations
 * wait as numbers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as Prometheus from 'prom-client';
import type { HttpRoute } from './http/server.ts';
import type { Observed, RunRecord } from './leader/history/types.ts';

/** What is so now. */
export interface MomentaryState {
  /** Sessions that are open, whatever door they came through. */
  readonly sessions: number;
  readonly queriesRunning: number;
  readonly queriesQueued: number;
  readonly nodes: readonly { readonly node: number; readonly state: string; readonly starts: number }[];
}

/** Observations that wait for prom-client. */
const WAITING_MAX = 10_000;
const MICROS = 1e6;
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600];
const BYTES = [2 ** 16, 2 ** 20, 2 ** 24, 2 ** 26, 2 ** 28, 2 ** 30, 2 ** 32];

/** Name (slicehouse_..._total), what it counts, and its label. */
const COUNTERS = {
  queries: ['Queries that ended, by state: completed or aborted.', 'state'],
  spilled_bytes: ['Bytes that steps wrote to temporary disks.'],
  rows_scanned: ['Rows that scans of tables gave.'],
  bytes_scanned: ['Bytes of those rows.'],
  rows_returned: ['Rows of results.'],
  bytes_returned: ['Bytes of results, as messages.'],
  exchange_bytes: ['Bytes that went from slice to slice.'],
  blocks: ['Blocks that scans read, and those that zone maps let them skip, by outcome.', 'outcome'],
  segments: ['Segments of queries, by where their code came from: compiled or cached.', 'code'],
  rows_loaded: ['Rows of COPY.'],
  bytes_loaded: ['Bytes that COPY read.'],
  rows_unloaded: ['Rows of UNLOAD.'],
  connections: ['Connections, by event.', 'event'],
  commits: ['Transactions that changed something.'],
  errors: ['Internal errors, by SQLSTATE.', 'sqlstate'],
} as const satisfies Readonly<Record<string, readonly [help: string, label?: string]>>;
const HISTOGRAMS = {
  query_duration_seconds: ['From the begin of a query to its end, queue and planning included.', SECONDS],
  query_queue_seconds: ['Time that queries on slices waited for their slots.', SECONDS],
  query_memory_bytes: ['Memory of a query on the slice where it took most.', BYTES],
} as const;
type CounterName = keyof typeof COUNTERS;
type HistogramName = keyof typeof HISTOGRAMS;

interface Tally {
  add(name: CounterName, value: number, label?: string): void;
  observe(name: HistogramName, value: number): void;
}

/** What is counted before prom-client is there. */
class Waiting implements Tally {
  private readonly sums = new Map<string, { name: CounterName; label: string | undefined; value: number }>();
  private readonly observations: { readonly name: HistogramName; readonly value: number }[] = [];
  add(name: CounterName, value: number, label?: string): void {
    const key = `${name} ${label ?? ''}`;
    const sum = this.sums.get(key);
    if (sum === undefined) this.sums.set(key, { name, label, value });
    else sum.value += value;
  }
  observe(name: HistogramName, value: number): void {
    // Twice: where prom-client cannot be loaded nothing gathers for ever.
    if (this.observations.length < 2 * WAITING_MAX) this.observations.push({ name, value });
  }
  get isFull(): boolean {
    return this.observations.length >= WAITING_MAX;
  }
  moveTo(tally: Tally): void {
    for (const { name, value, label } of this.sums.values()) tally.add(name, value, label);
    for (const { name, value } of this.observations) tally.observe(name, value);
  }
}

class Instruments implements Tally {
  readonly registry: Prometheus.Registry;
  private readonly counters: ReadonlyMap<string, Prometheus.Counter>;
  private readonly histograms: ReadonlyMap<string, Prometheus.Histogram>;

  constructor(
    private readonly library: typeof Prometheus,
    now: () => MomentaryState,
  ) {
    const { Registry, Counter, Histogram } = library;
    this.registry = new Registry();
    const registers = [this.registry];
    this.counters = new Map(
      Object.entries(COUNTERS).map(([name, [help, label]]) => {
        const labelNames = label === undefined ? [] : [label];
        return [name, new Counter({ name: `slicehouse_${name}_total`, help, labelNames, registers })];
      }),
    );
    this.histograms = new Map(
      Object.entries(HISTOGRAMS).map(([name, [help, buckets]]) => [
        name,
        new Histogram({ name: `slicehouse_${name}`, help, buckets, registers }),
      ]),
    );
    this.gauges(now);
  }
  private gauges(now: () => MomentaryState): void {
    const gauge = (name: string, help: string, set: (g: Prometheus.Gauge) => void, ...labelNames: string[]): void => {
      const collect = function (this: Prometheus.Gauge): void {
        this.reset();
        set(this);
      };
      const { Gauge } = this.library;
      new Gauge({ name: `slicehouse_${name}`, help, labelNames, registers: [this.registry], collect });
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
    const restarts = (g: Prometheus.Gauge): void => {
      for (const { node, starts } of now().nodes) g.set({ node: String(node) }, starts - 1);
    };
    gauge('node_restarts', 'How often a compute node was started anew.', restarts, 'node');
  }
  /** Of the process; they observe collections of garbage, which is for those who ask only. */
  addProcess(): void {
    this.library.collectDefaultMetrics({ register: this.registry });
  }
  add(name: CounterName, value: number, label?: string): void {
    const counter = this.counters.get(name)!;
    const labelName = COUNTERS[name][1];
    if (labelName === undefined || label === undefined) counter.inc(value);
    else counter.inc({ [labelName]: label }, value);
  }
  observe(name: HistogramName, value: number): void {
    this.histograms.get(name)!.observe(value);
  }
}

function count(into: Tally, { log, record }: Observed): void {
  switch (log) {
    case 'queries':
      into.add('queries', 1, record.aborted === 1 ? 'aborted' : 'completed');
      return into.observe('query_duration_seconds', Number(record.endMicros - record.startMicros) / MICROS);
    case 'wlmQueries':
      return into.observe('query_queue_seconds', record.queueMicros / MICROS);
    case 'compiles':
      return into.add('segments', 1, record.compile === 1 ? 'compiled' : 'cached');
    case 'loads':
      into.add('rows_loaded', record.rows);
      return into.add('bytes_loaded', record.scannedBytes);
    case 'unloadRuns':
      return into.add('rows_unloaded', record.rows);
    case 'connections':
      return into.add('connections', 1, record.event);
    case 'commits':
      return into.add('commits', 1);
    case 'errors':
      return into.add('errors', 1, record.sqlstate);
    case 'runs':
      return countRun(into, record);
    default:
  }
}
function countRun(into: Tally, { steps, counts }: RunRecord): void {
  const memory = new Map<number, number>();
  const sums = {
    spilled_bytes: 0,
    rows_scanned: 0,
    bytes_scanned: 0,
    rows_returned: 0,
    bytes_returned: 0,
    exchange_bytes: 0,
  };
  let [read, skipped] = [0, 0];
  for (const c of counts) {
    const { kind, tableId } = steps[c.step]!;
    memory.set(c.slice, (memory.get(c.slice) ?? 0) + c.workmem);
    sums.spilled_bytes += c.diskBytes;
    if (kind === 'scan' && tableId > 0) {
      sums.rows_scanned += c.rows;
      sums.bytes_scanned += c.bytes;
    }
    if (kind === 'return') {
      sums.rows_returned += c.rows;
      sums.bytes_returned += c.bytes;
    }
    if (kind === 'dist' || kind === 'bcast') sums.exchange_bytes += c.bytes;
    for (const blocks of c.scan?.blocks ?? []) {
      read += blocks.read;
      skipped += blocks.skipped;
    }
  }
  for (const [name, value] of Object.entries(sums)) into.add(name as keyof typeof sums, value);
  into.add('blocks', read, 'read');
  into.add('blocks', skipped, 'skipped');
  into.observe('query_memory_bytes', Math.max(0, ...memory.values()));
}

export class ClusterMetrics {
  private waiting = new Waiting();
  private loading: Promise<Instruments> | undefined;
  private loaded: Instruments | undefined;
  private isAsked = false;

  constructor(private readonly now: () => MomentaryState) {}

  readonly observe = (observed: Observed): void => {
    count(this.loaded ?? this.waiting, observed);
    if (this.loaded === undefined && this.waiting.isFull) void this.load().catch(() => undefined);
  };
  private load(): Promise<Instruments> {
    this.loading ??= import('prom-client').then((library) => {
      const loaded = (this.loaded = new Instruments(library, this.now));
      this.waiting.moveTo(loaded);
      this.waiting = new Waiting();
      return loaded;
    });
    return this.loading;
  }

  /** A bucket may be called metrics: its requests are signed, or ask for something. */
  readonly route: HttpRoute = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/metrics' || request.headers.authorization?.startsWith('AWS') === true) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const instruments = await this.load();
    if (!this.isAsked) instruments.addProcess();
    this.isAsked = true;
    const body = await instruments.registry.metrics();
    const headers = { 'content-type': instruments.registry.contentType, 'content-length': Buffer.byteLength(body) };
    response.writeHead(200, headers);
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}
