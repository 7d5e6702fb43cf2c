/** The log alone: a record that comes while a flush ends, and what opening says of bytes behind the last record. */
import { expect, test } from 'vitest';
import { assert } from '../../common/assert.ts';
import { CommitLog } from './commit-log.ts';
import { FakeDisk } from './disk-fake.ts';
import { SEGMENT_HEADER_BYTES } from './log-reader.ts';
import type { LogRecord } from './log-record.ts';
import { Root } from './root.ts';

const WAREHOUSE = '0'.repeat(16);
const nothing = { xid: 1, database: 1, catalog: [], slices: [], drops: [], identities: [], xidLimit: 1, oidLimit: 1 };
const record = (kind: LogRecord['kind']): LogRecord => ({ kind, ...nothing });
function openLog(disk: FakeDisk): { readonly log: CommitLog; readonly count: number } {
  const log = new CommitLog(disk, 'log', new Root(disk, '.', WAREHOUSE), WAREHOUSE);
  let count = 0;
  log.open(0, () => count++);
  return { log, count };
}

test('a record that comes in the moment a flush ends is not left in the queue', async () => {
  const { log } = openLog(new FakeDisk());
  for (let lsn = 1; lsn <= 5; lsn++) expect(await log.append(record('commit'))).toBe(lsn);
  await log.close();
});

test('a record that cannot be encoded is refused, those beside it are written', async () => {
  const { log } = openLog(new FakeDisk());
  const broken = {
    ...record('commit'),
    identities: [{ toJSON: () => assert(false, 'no text') }],
  } as unknown as LogRecord;
  const first = log.append(record('commit'));
  const refused = log.append(broken);
  const last = log.append(record('commit'));
  await expect(refused).rejects.toThrow('no text');
  expect([await first, await last]).toEqual([1, 2]);
  await log.close();
});

test('whatever is cut off at the end of the log is named with file, size and what it looked like', async () => {
  const disk = new FakeDisk();
  const { log } = openLog(disk);
  await log.append(record('commit'));
  const killed = disk.copy();
  log.appendNow(record('close'));
  await log.close();
  const frame = killed.files.get('log/1.log')!.data.slice(SEGMENT_HEADER_BYTES);
  const opened = (from: FakeDisk, path: string, rest: Uint8Array): readonly string[] => {
    const copy = from.copy();
    copy.open(path, 'create').write(copy.files.get(path)?.data.length ?? 0, rest);
    const { log: after, count } = openLog(copy);
    expect(count).toBe(from === killed ? 1 : 2);
    // Once only: it is gone.
    expect(openLog(copy).log.notes).toEqual([]);
    return after.notes;
  };
  const begun = 'are one that was begun and never acknowledged; they were cut off';
  for (const [rest, said] of [
    [frame.slice(0, 100), begun],
    [frame.slice(0, 3), begun],
    [new Uint8Array(700), 'are zeros, as a power cut leaves them; they were cut off'],
    [frame.slice(1), 'are no record of this log; they were cut off'],
    [new Uint8Array(20).fill(7), 'are no record of this log; they were cut off'],
  ] as const) {
    const notes = opened(killed, 'log/1.log', rest);
    expect(notes).toEqual([`log/1.log: ${rest.length} bytes behind its last record ${said}`]);
  }
  for (const rest of [new Uint8Array(9), new Uint8Array(4000).fill(83, 1)]) {
    expect(opened(disk, 'log/1.log', rest)).toEqual([
      `log/1.log: ${rest.length} bytes behind its last record were added after a clean stop; they were cut off`,
    ]);
  }
  // A start that was killed while it wrote its first record.
  expect(opened(disk, 'log/1.log', frame.slice(0, 50))).toEqual([
    `log/1.log: 50 bytes behind its last record ${begun}`,
  ]);
  expect(opened(killed, 'log/2.log', frame.slice(0, 40))).toEqual([
    'log/2.log: it has 40 bytes and no header, so no record was ever in it; it was removed',
  ]);
  for (const from of [killed, disk]) expect(opened(from, 'log/1.log', new Uint8Array(0))).toEqual([]);
});
