/**
 * The SQL type decides how values hash, compare and sort; the physical form only carries them (docs/decisions/0013). So only
 * the files that move and convert values read the form of one, and no step chooses a hash or a comparison by it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../src');
/** Loads, stores, arithmetic and casts: what has to know how many words a value has. */
const MAY_READ_THE_FORM = [
  'expressions/code-env.ts',
  'expressions/compile-apart.ts',
  'expressions/compile-arith.ts',
  'expressions/compile-call.ts',
  'expressions/compile-cast.ts',
  'expressions/compile-compare.ts',
  'steps/aggr/emit.ts',
  'steps/aggr/sketches.ts',
  'steps/breakers/partitions.ts',
  'steps/breakers/row-store.ts',
  'steps/evaluate/emit.ts',
  'steps/mjoin/inner.ts',
  'steps/mjoin/last-key.ts',
  'steps/parse/emit.ts',
  'steps/return/emit.ts',
  'steps/row-bytes.ts',
  'steps/segment-code.ts',
  'steps/series/emit.ts',
  'steps/source-code.ts',
  'steps/value-code.ts',
  'steps/window/states.ts',
];
const MAY_HASH = ['steps/value-code.ts', 'steps/tuple-code.ts'];

const sources = ['expressions', 'steps'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .map((f) => `${folder}/${f.replaceAll('\\', '/')}`),
);
const holding = (pattern: RegExp): string[] =>
  sources.filter((f) => pattern.test(readFileSync(join(root, f), 'utf8'))).sort();

test('only what moves and converts values reads the physical form of one', () => {
  expect(holding(/\.phys\b/)).toEqual(MAY_READ_THE_FORM);
});

test('hashes, comparisons and sort keys are called from one place each', () => {
  expect(holding(/'hash_(i64|i128|f64)'/)).toEqual(['steps/value-code.ts']);
  expect(holding(/'hash_str'/).every((f) => MAY_HASH.includes(f))).toBe(true);
  expect(holding(/['`]key_(i|f|str)/)).toEqual(['steps/value-code.ts']);
  expect(holding(/'i128_cmp'|'str_cmp'/)).toEqual(['expressions/compile-compare.ts']);
});
