/**
 * The registry as a whole: file names, examples, kernels that exist with the arity their signatures imply, and the
 * examples themselves (ours and the documented ones of fixtures/redshift) wherever kernels alone can run them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { physOf, type SqlType } from '../types/sql-type.ts';
import { makeBench } from '../wasm/runtime/test-bed.ts';
import { createFunctionRegistry } from './registry.ts';
import { ExampleBench, Unsupported } from './example-bench.ts';
import { aggregateFunctions, scalarFunctions } from './all-functions.ts';

const [bench, checkedBench] = [await makeBench(), await makeBench(true)];
const kernels = [
  ['kernels', new ExampleBench(bench, scalarFunctions)],
  ['checked kernels', new ExampleBench(checkedBench, scalarFunctions)],
] as const;

/** Words a parameter takes; undefined when it depends on the argument. */
function words(param: string): number {
  if (param === 'numeric') return 2;
  if (param === 'any' || param === 'string' || param === 'number' || param === 'integer') return 1;
  return physOf({ name: param } as SqlType) === 'i128' ? 2 : 1;
}

describe('registry', () => {
  it('is generated from the folders', () => {
    const files = readdirSync(new URL('./scalar', import.meta.url), { recursive: true })
      .map(String)
      .filter((f) => f.endsWith('.ts'));
    const names = files.map((f) => f.replace(/^.*\//, '').replace('.ts', '')).sort();
    expect(scalarFunctions.map((f) => f.name).sort()).toEqual(names);
    const aggregates = readdirSync(new URL('./aggregate', import.meta.url))
      .map((f) => f.replace('.ts', ''))
      .sort();
    expect(aggregateFunctions.map((f) => f.name).sort()).toEqual(aggregates);
    expect(createFunctionRegistry(scalarFunctions, aggregateFunctions).lookup('len')?.name).toBe('length');
  });
  it('gives every function a doc, two examples and an implementation', () => {
    for (const f of [...scalarFunctions, ...aggregateFunctions]) {
      expect(f.doc.length, f.name).toBeGreaterThan(4);
      expect(f.examples.length, f.name).toBeGreaterThanOrEqual(2);
      expect(f.signatures.length, f.name).toBeGreaterThan(0);
    }
    for (const f of scalarFunctions) {
      const kernels = f.signatures.map((s) => s.kernel ?? f.kernel);
      const elsewhere = f.host !== undefined || f.expand !== undefined || f.spatial !== undefined;
      expect(elsewhere || kernels.every((k) => k !== undefined), f.name).toBe(true);
    }
  });
  it('names kernels that exist with the right number of parameters', () => {
    for (const f of scalarFunctions) {
      for (const s of f.signatures) {
        const kernel = s.kernel ?? f.kernel;
        if (kernel === undefined || f.host !== undefined) continue;
        const fn = bench.k[kernel];
        expect(fn, `${f.name}: ${kernel}`).toBeTypeOf('function');
        const flag = f.nulls === 'custom' ? 1 : 0;
        const wanted = 1 + s.args.reduce((n, a) => n + words(a) + flag, 0);
        expect(fn!.length, `${f.name}(${s.args.join(', ')}): ${kernel}`).toBe(wanted);
      }
    }
  });
});

const close = (a: string, b: string): boolean => {
  const [x, y] = [Number(a), Number(b)];
  return a === b || (Number.isFinite(x) && Number.isFinite(y) && Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(y)));
};
const same = (got: string, want: string): boolean =>
  close(got, want) || (want.startsWith('ERROR') && got.startsWith('ERROR') && got.includes(want.slice(7)));

describe.each(kernels)('examples with the %s', (_name, examples) => {
  it('of the registry', () => {
    const wrong: string[] = [];
    let ran = 0;
    for (const f of scalarFunctions) {
      for (const [sql, want] of f.examples) {
        try {
          const got = examples.run(sql);
          ran++;
          if (!same(got, want)) wrong.push(`${sql} = ${got}, not ${want}`);
        } catch (e) {
          if (!(e instanceof Unsupported)) wrong.push(`${sql}: ${(e as Error).stack ?? ''}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(ran).toBeGreaterThan(180);
  });
  it('of the documentation', () => {
    const wrong: string[] = [];
    let ran = 0;
    // str-0091 needs more memory than the bench has, fmt-0006 and sup-0031 the compiler's casts; look-ahead is refused
    const elsewhere = ['str-0091', 'fmt-0006', 'sup-0031', 'str-0163', 'str-0182'];
    const lines = readFileSync(new URL('../../fixtures/redshift/examples-functions.tsv', import.meta.url), 'utf8')
      .split('\n')
      .slice(1);
    for (const line of lines) {
      const [id, , sql = '', expected = '', note = ''] = line.split('\t');
      if (elsewhere.includes(id!) || /fixture|set:|cleanup|geography|super|varbyte/i.test(note + sql)) continue;
      const body = /^\s*select\s+(.*?)(?:\s+as\s+\w+)?\s*$/i.exec(sql.replaceAll('\\\\', '\\'))?.[1];
      if (body === undefined) continue;
      const want = expected.replaceAll('\\N', 'NULL').replaceAll('\\E', '');
      try {
        const got = examples.run(body);
        ran++;
        const trimmed = /trim/.test(note) ? got.trim() : got;
        if (!same(trimmed, want) && got.trim() !== want.trim()) wrong.push(`${id}: ${body} = ${got}, not ${want}`);
      } catch (e) {
        if (!(e instanceof Unsupported)) wrong.push(`${id} ${body}: ${(e as Error).message}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(ran).toBeGreaterThan(150);
  });
});
