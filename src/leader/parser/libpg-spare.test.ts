/** A spare instance that cannot be made is no end of the server: statements go on, and the next restart tries again. */
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parsePostgres, warmLibpg, warmSpare } from './libpg.ts';

const requireFile = createRequire(import.meta.url);
const path = requireFile.resolve('libpg-query/wasm/libpg-query.js');
const factory = requireFile(path) as () => Promise<unknown>;
let failing = false;
requireFile.cache[path]!.exports = (): Promise<unknown> =>
  failing ? Promise.reject(new RangeError('WebAssembly.Memory(): could not allocate memory')) : factory();

test('no memory for a spare instance', async () => {
  await warmLibpg();
  failing = true;
  await warmSpare();
  expect(parsePostgres('select 1')).toHaveProperty('tree');
  const deep = `select 1${' + 1'.repeat(50_000)}`;
  expect(() => parsePostgres(deep)).toThrow(expect.objectContaining({ sqlstate: '54001' }) as Error);
  await expect(warmLibpg()).rejects.toThrow('could not allocate memory');
  failing = false;
  await warmLibpg();
  expect(parsePostgres('select 1')).toHaveProperty('tree');
  await warmSpare();
  expect(() => parsePostgres(deep)).toThrow(expect.objectContaining({ sqlstate: '54001' }) as Error);
  expect(parsePostgres('select 1')).toHaveProperty('tree');
});
