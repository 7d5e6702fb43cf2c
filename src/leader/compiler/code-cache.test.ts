/**
 * The code cache keeps what is used and tells when a module goes, so that the slices let it go too.
 */
import { expect, test } from 'vitest';
import type { SegmentSpec } from '../../steps/spec.ts';
import { layoutTuple } from '../../types/tuple-layout.ts';
import { INT4 } from '../../types/sql-type.ts';
import { CodeCache } from './code-cache.ts';

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

test('the module unused for longest goes, and its number is told once', () => {
  const cache = new CodeCache(() => undefined, 2);
  const gone: number[] = [];
  cache.onEvict = (id) => gone.push(id);
  const first = cache.compile(segment(1), 0);
  const second = cache.compile(segment(2), 0);
  expect(cache.compile(segment(1), 0)).toMatchObject({ hit: true, code: { moduleId: first.code.moduleId } });
  cache.compile(segment(3), 0);
  expect(gone).toEqual([second.code.moduleId]);
  expect(cache.compile(segment(1), 0).hit).toBe(true);
  expect(cache.compile(segment(2), 0).hit).toBe(false);
});

test('modules go when their bytes are too many, but for the newest', () => {
  const { byteCount } = new CodeCache(() => undefined).compile(segment(1), 0).code;
  const cache = new CodeCache(() => undefined, 100, true, undefined, byteCount * 3);
  for (let columns = 1; columns <= 20; columns++) cache.compile(segment(columns), 0);
  expect(cache.kept.bytes).toBeLessThanOrEqual(byteCount * 3);
  expect(cache.kept.modules).toBeGreaterThan(0);
  const tiny = new CodeCache(() => undefined, 100, true, undefined, 1);
  tiny.compile(segment(1), 0);
  expect(tiny.compile(segment(1), 0).hit).toBe(true);
});
