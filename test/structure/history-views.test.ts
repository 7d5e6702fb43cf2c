/**
 * Views of what there is now do not wait for the history of earlier runs to be read back (system/registry.ts), so they must not ask it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readsHistory, systemViews } from '../../src/leader/system/registry.ts';

const folder = join(import.meta.dirname, '../../src/leader/system');
const fileOf = (v: { readonly name: string; readonly schema: string }): string =>
  join(folder, v.schema === 'information_schema' ? v.schema : '', `${v.name}.ts`);

test('views that do not wait for the history do not read it', () => {
  const asking = systemViews().filter(
    (v) => v.without === undefined && /history/i.test(readFileSync(fileOf(v), 'utf8')),
  );
  expect(asking.length).toBeGreaterThan(5);
  expect(asking.filter((v) => !readsHistory(v)).map((v) => v.name)).toEqual([]);
});
