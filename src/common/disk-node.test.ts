/**
 * The disk over node:fs: what its descriptors do once a file is closed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nodeDisk } from './disk-node.ts';

const root = mkdtempSync(join(tmpdir(), 'slicehouse-disk-'));
afterAll(() => rmSync(root, { recursive: true }));

test('a file that is closed twice leaves alone the file that has its descriptor by then', () => {
  const disk = nodeDisk(root);
  const first = disk.open('first', 'create');
  first.close();
  const second = disk.open('second', 'create');
  first.close();
  second.write(0, Buffer.from('kept'));
  expect(second.size()).toBe(4);
  expect(() => first.size()).toThrow();
  second.close();
});
