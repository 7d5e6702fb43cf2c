/** Files of the RAM disk: bytes across extents, what is kept of them, what readers see, what goes with its thread. */
import { expect, test } from 'vitest';
import { followingRamDisk, RamFiles, ramDisk, ramPublisher } from './disk-ram.ts';

const bytes = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i * 7) & 255);

test('bytes written in pieces are read back across extents, and a cut end is zeros when the file grows again', () => {
  const disk = ramDisk([], () => undefined);
  const file = disk.open('slices/0/a', 'create');
  const all = bytes(400_000);
  for (let at = 0; at < all.length; at += 33_333) file.write(at, all.subarray(at, at + 33_333));
  expect(file.size()).toBe(all.length);
  for (const [from, to] of [
    [0, 400_000],
    [65_530, 65_545],
    [131_000, 262_300],
    [399_999, 400_000],
    [70_000, 70_000],
  ] as const) {
    const into = new Uint8Array(to - from);
    file.read(from, into);
    expect(Buffer.compare(into, all.subarray(from, to))).toBe(0);
  }
  file.truncate(100_000);
  file.truncate(100_100);
  const end = new Uint8Array(200);
  file.read(99_900, end);
  expect([...end.subarray(0, 100)]).toEqual([...all.subarray(99_900, 100_000)]);
  expect(end.subarray(100).every((b) => b === 0)).toBe(true);
  expect(() => file.read(100_000, new Uint8Array(101))).toThrow('ends before byte');
});

test('a slice that starts anew finds what it had synced, without a copy, and nothing else', () => {
  const kept = new RamFiles();
  const disk = ramDisk([], (change) => kept.apply(change));
  for (const path of ['slices/0/a', 'slices/0/b', 'slices/0/c', 'slices/1/a']) {
    const file = disk.open(path, 'create');
    file.write(0, bytes(70_000, path.charCodeAt(9)));
    if (path !== 'slices/0/c') file.sync();
  }
  disk.remove('slices/0/b');
  // Overwritten, but not synced: the old bytes are what counts.
  disk.open('slices/0/a', 'create').write(0, bytes(10, 1));
  const files = kept.under(['slices/0']);
  expect(files.map((f) => f.path)).toEqual(['slices/0/a']);
  const next = ramDisk(files, (change) => kept.apply(change));
  expect(next.list('slices/0')).toEqual(['a']);
  const into = new Uint8Array(70_000);
  next.open('slices/0/a', 'read').read(0, into);
  expect(Buffer.compare(into, bytes(70_000, 97))).toBe(0);
  next.open('slices/0/a', 'append').write(1, Uint8Array.of(42));
  expect(new Uint8Array(kept.under(['slices/0'])[0]!.extents[0]!)[1]).toBe(42);
});

test('memory of files that are gone serves the next ones, and never shows its old bytes', () => {
  const kept = new RamFiles();
  const disk = ramDisk([], (change) => kept.apply(change));
  const write = (path: string, length: number, from: number): void => {
    const file = disk.open(path, 'create');
    file.write(0, bytes(length, from));
    file.sync();
  };
  const extents = (path: string): readonly SharedArrayBuffer[] =>
    kept.under(['s']).find((f) => f.path === path)!.extents;
  write('s/a', 200_000, 1);
  const first = new Set(extents('s/a'));
  disk.remove('s/a');
  write('s/b', 200_000, 2);
  expect(new Set(extents('s/b'))).toEqual(first);
  // Written anew without a sync: the old bytes stay, and go when the new ones are synced.
  const again = disk.open('s/b', 'create');
  again.write(0, bytes(10, 3));
  const [file] = kept.under(['s']);
  expect(new Uint8Array(file!.extents[0]!)[0]).toBe(2);
  again.sync();
  const other = disk.open('s/c', 'create');
  other.truncate(150_000);
  const read = new Uint8Array(150_000);
  other.read(0, read);
  expect(read.every((b) => b === 0)).toBe(true);
  other.write(100, bytes(10, 5));
  other.truncate(50);
  other.write(200, bytes(1, 9));
  other.read(0, read.subarray(0, 201));
  expect([...read.subarray(0, 200)].every((b) => b === 0)).toBe(true);
  expect(read[200]).toBe(9);
});

test('readers of the node follow the owner', async () => {
  const name = `test-${process.pid}`;
  const publish = ramPublisher(name);
  const disk = ramDisk([], publish);
  const reader = followingRamDisk(name, []);
  const file = disk.open('slices/0/a', 'create');
  file.write(0, bytes(5));
  expect(reader.exists('slices/0/a')).toBe(false);
  file.sync();
  expect(reader.list('slices/0')).toEqual(['a']);
  disk.remove('slices/0/a');
  expect(reader.exists('slices/0/a')).toBe(false);
});
