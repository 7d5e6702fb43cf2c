/**
 * The hash tables that a segment probes: they stay in memory while it runs, so they leave room for what it fills itself.
 * Those that do not fit go to disk before it begins.
 */
import type { SegmentSpec } from '../steps/spec.ts';
import { assert } from '../common/assert.ts';
import type { Work } from '../steps/breakers/breaker.ts';
import { HashBreaker } from '../steps/hash/hash-breaker.ts';
import type { QueryRun } from './query-run.ts';

/** Share of the grant that the tables of one segment may keep. */
const TABLES_SHARE = 0.6;

const pairedWith = (spec: SegmentSpec): number | undefined =>
  spec.source.kind === 'worktable' ? spec.source.paired?.store : undefined;

function tableOf(run: QueryRun, store: number): HashBreaker {
  const breaker = run.breaker(store);
  assert(breaker instanceof HashBreaker, `store ${store} is no hash table`);
  return breaker;
}

/** Transforms of the segment that probe a table, by their index. */
function probes(spec: SegmentSpec): { readonly index: number; readonly store: number }[] {
  return spec.transforms.flatMap((t, index) =>
    (t.kind === 'hjoin' || t.kind === 'nloop') && t.store !== pairedWith(spec) ? [{ index, store: t.store }] : [],
  );
}
export function joinsOnDisk(run: QueryRun, spec: SegmentSpec): number[] {
  return probes(spec)
    .filter((p) => tableOf(run, p.store).isDiskbased)
    .map((p) => p.index);
}
/** Moves the largest tables to disk until the rest leaves room. What a part probes in memory stays there: it is in no further parts. */
export function* prepareTables(run: QueryRun, spec: SegmentSpec): Work {
  if (spec.origin !== undefined) return;
  const inMemory = (): HashBreaker[] =>
    probes(spec)
      .map((p) => tableOf(run, p.store))
      .filter((t) => t.isMoving || (!t.isDiskbased && t.rowCount > 0));
  for (;;) {
    const tables = inMemory();
    const moving = tables.find((t) => t.isMoving);
    if (moving !== undefined) {
      if (!moving.moveStep()) yield;
      continue;
    }
    const total = tables.reduce((sum, t) => sum + t.bytes, 0);
    const forced = run.spillRows !== undefined && tables.some((t) => t.rowCount > run.spillRows!);
    if (tables.length === 0 || (!forced && total <= run.memory.grant * TABLES_SHARE)) return;
    const largest = tables.reduce((a, b) => (b.bytes > a.bytes ? b : a));
    while (!largest.moveStep()) yield;
  }
}
/** Built tables in memory that no segment reads yet: they may go to disk. */
export function idleTables(run: QueryRun): HashBreaker[] {
  const tables: HashBreaker[] = [];
  for (const [store, breaker] of run.openBreakers) {
    if (!(breaker instanceof HashBreaker) || !breaker.canMove) continue;
    const readers = run.segments.filter((s) => probes(s.fragment.spec).some((p) => p.store === store));
    const wait = readers.every((s) => s.phase === 'waiting' && s.fragment.spec.origin === undefined);
    if (readers.length > 0 && wait) tables.push(breaker);
  }
  return tables;
}
export function storesRead({ source, transforms }: SegmentSpec): number[] {
  const stores = transforms.flatMap((t) => (t.kind === 'hjoin' || t.kind === 'nloop' ? [t.store] : []));
  return source.kind === 'worktable' || source.kind === 'windowed' ? [source.store, ...stores] : stores;
}
