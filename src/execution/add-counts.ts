/**
 * What the rounds of a recursion counted, together: rows, bytes and time add up, the first begin and the last end count, and
 * the most memory of any.
 */
import type { BlockCounts } from '../slices/storage.ts';
import type { EdgeCount } from '../steps/host.ts';
import type { StepCount } from './messages.ts';

/** Steps of one segment; a number is cheaper than a text for each step of each round. */
const STEPS_MAX = 2 ** 16;
const keyOf = (c: StepCount): number => c.segment * STEPS_MAX + c.step;

export function addCounts(past: readonly StepCount[], now: readonly StepCount[]): StepCount[] {
  const sums = new Map(past.map((c) => [keyOf(c), c]));
  const seen = new Set<number>();
  for (const c of now) {
    const key = keyOf(c);
    // A segment in parts may give its source once more; the first counts.
    if (seen.has(key)) continue;
    seen.add(key);
    const before = sums.get(key);
    sums.set(key, before === undefined ? c : added(before, c));
  }
  return [...sums.values()];
}

function added(a: StepCount, b: StepCount): StepCount {
  // A round that has not begun.
  if (b.startMicros === 0n) return a;
  if (a.startMicros === 0n) return b;
  return {
    segment: a.segment,
    step: a.step,
    rows: a.rows + b.rows,
    bytes: a.bytes + b.bytes,
    packets: a.packets + b.packets,
    startMicros: a.startMicros < b.startMicros ? a.startMicros : b.startMicros,
    endMicros: a.endMicros > b.endMicros ? a.endMicros : b.endMicros,
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
    spilledBytes: a.spilledBytes + b.spilledBytes,
    ...(a.time && b.time ? { time: addedTime(a.time, b.time) } : {}),
    ...(a.edges && b.edges ? { edges: a.edges.map((e, i) => addedEdge(e, b.edges![i]!)) } : {}),
    ...(a.scan && b.scan ? { scan: addedScan(a.scan, b.scan) } : {}),
  };
}

type Time = NonNullable<StepCount['time']>;
const addedTime = (a: Time, b: Time): Time => ({
  busy: a.busy + b.busy,
  input: a.input + b.input,
  output: a.output + b.output,
  turn: a.turn + b.turn,
});
const addedEdge = (a: EdgeCount, b: EdgeCount): EdgeCount => ({
  peer: a.peer,
  rows: a.rows + b.rows,
  bytes: a.bytes + b.bytes,
  packets: a.packets + b.packets,
  isCut: a.isCut || b.isCut,
});

type Scan = NonNullable<StepCount['scan']>;
const addedBlocks = (a: BlockCounts, b: BlockCounts): BlockCounts => ({
  attnum: a.attnum,
  held: a.held + b.held,
  read: a.read + b.read,
  skipped: a.skipped + b.skipped,
});
function addedScan(a: Scan, b: Scan): Scan {
  const blocks = a.blocks.map((x, i): BlockCounts => addedBlocks(x, b.blocks[i] ?? x));
  return {
    rowsPreFilter: a.rowsPreFilter + b.rowsPreFilter,
    rowsDeleted: a.rowsDeleted + b.rowsDeleted,
    rowsPreUserFilter: a.rowsPreUserFilter + b.rowsPreUserFilter,
    isRangeRestricted: a.isRangeRestricted || b.isRangeRestricted,
    isRowFiltered: a.isRowFiltered || b.isRowFiltered,
    blocks,
  };
}
