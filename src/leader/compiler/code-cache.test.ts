/**
 * The code cache keeps what is used and tells when a module goes, so that the slices let it go too.
 */
import { expect, test } from 'vitest';
import { atOnce } from '../../common/steps.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { INT4 } from '../../types/sql-type.ts';
import { CodeCache, type CompiledSegment } from './code-cache.ts';

/** Shapes differ by their number of columns. */
function segment(columns: number): SegmentSpec {
  const fields = Array.from({ length: columns }, (_, i) => ({ id: i + 1, type: INT4, nullable: false }));
  const layout = layoutTuple(fields.map((f) => ({ id: f.id, type: { name: 'int4' }, nullable: false })));
  return {
    segment: 0,
    stream: 0,
    locus: 'leader',
    source: { kind: 'rows', rows: 0, shape: { fields, layout }, label: '' },
    transforms: [],
    sink: { kind: 'discard' },
    dependsOn: [],
  };
}

const shapes = (...columns: number[]): SegmentSpec[] => columns.map(segment);
/** A query of one segment that ends at once. */
function run(cache: CodeCache, columns: number): CompiledSegment {
  const held = cache.hold();
  const [compiled] = atOnce(held.compiled(shapes(columns), 0));
  held.release();
  return compiled!;
}
const sizeOf = (columns: number): number => run(new CodeCache(() => undefined), columns).code.byteCount;
const numbers = (segments: readonly CompiledSegment[]): number[] => segments.map((s) => s.code.moduleId);

test('the module unused for longest goes, and its number is told once', () => {
  const cache = new CodeCache(() => undefined, 2);
  const gone: number[] = [];
  cache.onDrop = (id) => gone.push(id);
  const first = run(cache, 1);
  const second = run(cache, 2);
  expect(run(cache, 1)).toMatchObject({ hit: true, code: { moduleId: first.code.moduleId } });
  run(cache, 3);
  expect(gone).toEqual([second.code.moduleId]);
  expect(run(cache, 1).hit).toBe(true);
  expect(run(cache, 2).hit).toBe(false);
});

test('modules go when their bytes are too many, but for the newest', () => {
  const most = sizeOf(20) + sizeOf(19);
  const cache = new CodeCache(() => undefined, 100, true, undefined, most);
  for (let columns = 1; columns <= 20; columns++) {
    run(cache, columns);
    expect(cache.kept.bytes).toBeLessThanOrEqual(most);
  }
  expect(cache.kept.modules).toBeGreaterThan(0);
  const tiny = new CodeCache(() => undefined, 100, true, undefined, 1);
  run(tiny, 1);
  expect(run(tiny, 1).hit).toBe(true);
});

test('what running queries hold stays, and goes when the last of them has ended', () => {
  const cache = new CodeCache(() => undefined, 1);
  const gone: number[] = [];
  cache.onDrop = (id) => gone.push(id);
  const [one, two] = [cache.hold(), cache.hold()];
  const ours = numbers(atOnce(one.compiled(shapes(1, 2, 3), 0)));
  expect(numbers(atOnce(two.compiled(shapes(2), 0)))).toEqual([ours[1]]);
  expect(gone).toEqual([]);
  expect(cache.kept.modules).toBe(3);
  one.release();
  expect(gone).toEqual([ours[0], ours[2]]);
  one.release();
  two.release();
  expect(gone).toHaveLength(2);
  expect(cache.kept.modules).toBe(1);
  expect(run(cache, 2).hit).toBe(true);
});

test('a statement larger than the cache makes only what did not stay', () => {
  const cache = new CodeCache(() => undefined, 3);
  for (const hits of [0, 3, 3]) {
    const held = cache.hold();
    const compiled = atOnce(held.compiled(shapes(1, 2, 3, 4), 0));
    expect(compiled.filter((s) => s.hit)).toHaveLength(hits);
    held.release();
    expect(cache.kept.modules).toBe(3);
  }
});

test('a query that ends while its modules are made leaves nothing beside the cache', () => {
  const cache = new CodeCache(() => undefined, 1);
  const held = cache.hold();
  const compiling = held.compiled(shapes(1, 2, 3), 0);
  for (let i = 0; i < 7; i++) compiling.next();
  expect(cache.kept.modules).toBeGreaterThan(0);
  compiling.return([]);
  held.release();
  expect(cache.kept.modules).toBe(1);
});
