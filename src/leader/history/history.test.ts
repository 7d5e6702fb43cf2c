/**
 * The history keeps the newest rows in order, within its bounds of rows and bytes, hands out lists that do not grow under
 * the reader, and gives back after a restart what its files still hold, however they were damaged.
 */
import { expect, it } from 'vitest';
import { systemClock, type Clock } from '../../common/clock.ts';
import { memoryDisk } from '../../common/disk-memory.ts';
import { QUERY_ID_RESERVATION } from '../../common/limits.ts';
import { createHistory } from './history.ts';
import { HistoryStore } from './store.ts';

const error = (n: number, message = '') => ({
  userid: n,
  pid: 1,
  timeMicros: BigInt(n),
  sqlstate: 'XX000',
  message,
  context: '',
});
const users = (history: ReturnType<typeof createHistory>): number[] => [
  ...history.read('errors').map((e) => e.userid),
];
const quiet = (): void => undefined;
const openStore = (disk = memoryDisk(), clock: Clock = systemClock): HistoryStore =>
  new HistoryStore(disk, clock, quiet);

it('drops the oldest rows and never shows more than the limit', () => {
  const history = createHistory({ rowsMax: 20 });
  for (let i = 0; i < 1000; i++) {
    history.add('errors', error(i));
    const rows = [...history.read('errors')];
    expect(rows.length).toBe(Math.min(i + 1, 20));
    expect(rows.at(-1)?.userid).toBe(i);
    expect(rows[0]?.userid).toBe(Math.max(0, i - 19));
  }
});
it('holds no more bytes than the limit, and lets go of the log that has most', () => {
  const history = createHistory({ bytesMax: 100_000 });
  history.add('commits', { xid: 1, node: -1, startMicros: 1n, endMicros: 2n, blocks: 0, bytes: 0 });
  for (let i = 0; i < 50; i++) history.add('errors', error(i, 'x'.repeat(10_000)));
  expect(users(history)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49]);
  expect([...history.read('commits')]).toHaveLength(1);
});
it('gives a list that later rows do not change', () => {
  const history = createHistory();
  history.add('errors', error(1));
  const rows = history.read('errors');
  history.add('errors', error(2));
  expect([...rows]).toHaveLength(1);
});
it('comes back after a restart, query numbers go on', async () => {
  const disk = memoryDisk();
  for (let run = 0; run < 3; run++) {
    const history = createHistory({ store: openStore(disk) });
    expect(history.nextQueryId()).toBe(run * 2 + 1);
    expect(history.nextQueryId()).toBe(run * 2 + 2);
    for (let i = 0; i < 300; i++) history.add('errors', error(run * 1000 + i));
    await history.recalled();
    expect(users(history)).toHaveLength((run + 1) * 300);
    expect(users(history)).toEqual([...users(history)].sort((a, b) => a - b));
    expect([...history.read('errors')][0]).toEqual(error(0));
    expect(history.newest('errors', 100).map((e) => e.userid)).toEqual(users(history).slice(-100));
    await history.close();
  }
});
it('after a crash query numbers jump, never back', () => {
  const disk = memoryDisk();
  const first = createHistory({ store: openStore(disk) });
  for (let i = 0; i < 5; i++) first.nextQueryId();
  expect(createHistory({ store: openStore(disk) }).nextQueryId()).toBe(1 + QUERY_ID_RESERVATION + 1);
});
it('damage costs the records it hit; the rest comes back and nothing fails', async () => {
  const disk = memoryDisk();
  const history = createHistory({ store: openStore(disk) });
  history.nextQueryId();
  for (let i = 0; i < 1000; i++) {
    history.add('errors', error(i));
    if (i % 256 === 255) await new Promise((r) => setImmediate(r));
  }
  await history.close();
  const path = 'history/0000000001.log';
  const file = disk.open(path, 'append');
  const bytes = new Uint8Array(file.size());
  file.read(0, bytes);
  const second = Buffer.from(bytes).indexOf('SHHI', 4);
  file.write(second + 100, new Uint8Array([bytes[second + 100]! ^ 1]));
  file.write(file.size(), Buffer.from('SHHI torn'));
  disk.open('history/queries', 'create').write(0, Buffer.from('what'));
  disk.open('history/0000000000.log', 'create').write(0, Buffer.from('nothing of ours'));
  const again = createHistory({ store: openStore(disk) });
  expect(again.nextQueryId()).toBe(1 + QUERY_ID_RESERVATION + 1);
  await again.recalled();
  expect(users(again)).toEqual([...Array(256).keys(), ...Array.from({ length: 1000 - 512 }, (_, i) => i + 512)]);
});
it('files go by age and by size', async () => {
  const disk = memoryDisk();
  const long = 'x'.repeat(60_000);
  let days = 0;
  const clock: Clock = { ...systemClock, nowMicros: () => BigInt(days) * 86_400_000_000n };
  const fill = async (files: number): Promise<void> => {
    const history = createHistory({ store: openStore(disk, clock) });
    for (let i = 0; i < files * 80; i++) {
      history.add('errors', error(i, long));
      if (i % 40 === 0) await new Promise((r) => setImmediate(r));
    }
    await history.close();
  };
  const logs = (): string[] => disk.list('history').filter((n) => n.endsWith('.log'));
  await fill(45);
  const bytes = logs().reduce((n, name) => n + disk.open(`history/${name}`, 'read').size(), 0);
  expect(bytes).toBeLessThan(140 * 1024 * 1024);
  expect(logs().length).toBeGreaterThan(5);
  days = 3;
  await fill(1);
  expect(logs().length).toBeGreaterThan(5);
  days = 20;
  await fill(1);
  expect(logs().length).toBeLessThan(5);
});
it('a disk that refuses everything costs the history alone', async () => {
  const refuse = (): never => {
    throw Object.assign(new TypeError('no space'), { code: 'ENOSPC' });
  };
  const notes: string[] = [];
  const disk = { ...memoryDisk(), open: refuse, makeDirectory: refuse };
  const history = createHistory({ store: new HistoryStore(disk, systemClock, (n) => notes.push(n)) });
  expect(history.nextQueryId()).toBe(1);
  history.add('errors', error(1));
  await history.close();
  expect(users(history)).toEqual([1]);
  expect(notes).toEqual(['statement history: no space']);
});
