/** Rows that a client does not take: put aside in RAM, then on disk, in order; without room the query waits for the client. */
import { expect, test } from 'vitest';
import { memoryDisk } from '../../common/disk-memory.ts';
import { TempDisk } from '../../steps/breakers/temp-disk.ts';
import { ResultSpool, SpoolRoom } from './result-spool.ts';

const CHUNK = 100;
/** A client that takes a chunk when it is let. */
class Client {
  readonly taken: number[] = [];
  private let: (() => void)[] = [];
  isOpen = false;
  readonly consumer = (chunk: Uint8Array): Promise<void> | undefined => {
    this.taken.push(chunk[0]!);
    return this.isOpen ? undefined : new Promise((resolve) => this.let.push(resolve));
  };
  open(): void {
    this.isOpen = true;
    for (const go of this.let.splice(0)) go();
  }
}
const chunk = (n: number): Uint8Array => new Uint8Array(CHUNK).fill(n);
function setUp(ramBytes: number, diskBytes: number) {
  const disk = new TempDisk(memoryDisk(), 'tmp/results', 0, diskBytes);
  const room = new SpoolRoom(disk, ramBytes, 1);
  const client = new Client();
  const controller = new AbortController();
  return { disk, room, client, controller, spool: new ResultSpool(room, client.consumer, controller.signal) };
}

test('chunks come in order through RAM and disk, and everything is given back', async () => {
  const { disk, room, client, spool } = setUp(3 * CHUNK, 100 * CHUNK);
  for (let n = 0; n < 20; n++) await spool.take(chunk(n), 1);
  expect(room.ramBytes).toBe(3 * CHUNK);
  expect(disk.bytes).toBe(16 * CHUNK);
  const end = spool.end();
  client.open();
  await end;
  spool.close();
  await Promise.resolve();
  expect(client.taken).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect([room.ramBytes, disk.bytes, disk.files]).toEqual([0, 0, 0]);
});

test('a query that fails while it waits for room leaves nothing behind', async () => {
  const { disk, room, client, spool } = setUp(CHUNK, CHUNK);
  const query = (async () => {
    for (let n = 0; n < 10; n++) await spool.take(chunk(n), 1);
  })();
  await new Promise((r) => setTimeout(r, 20));
  spool.close();
  await query.catch(() => undefined);
  client.open();
  await new Promise((r) => setTimeout(r, 5));
  expect([room.ramBytes, disk.bytes, disk.files]).toEqual([0, 0, 0]);
});

test('without room the query goes on at the pace of its client', async () => {
  const { room, client, spool } = setUp(CHUNK, CHUNK);
  let given = 0;
  const query = (async () => {
    for (let n = 0; n < 10; n++) {
      await spool.take(chunk(n), 1);
      given++;
    }
    await spool.end();
    spool.close();
  })();
  await new Promise((r) => setTimeout(r, 20));
  expect(given).toBeLessThan(5);
  client.open();
  await query;
  expect(client.taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(room.ramBytes).toBe(0);
});

test('cancel ends every wait and gives everything back', async () => {
  const { disk, room, controller, spool } = setUp(CHUNK, CHUNK);
  const query = (async () => {
    for (let n = 0; n < 10; n++) await spool.take(chunk(n), 1);
  })();
  await new Promise((r) => setTimeout(r, 20));
  controller.abort(new Error('cancelled'));
  await expect(query).rejects.toMatchObject({ sqlstate: '57014' });
  spool.close();
  await new Promise((r) => setTimeout(r, 0));
  expect([room.ramBytes, disk.bytes, disk.files]).toEqual([0, 0, 0]);
});

test('a client that fails ends the query', async () => {
  const room = new SpoolRoom(new TempDisk(memoryDisk(), 'tmp/results', 0), CHUNK, 1);
  const fail = (): Promise<void> => new Promise((_, reject) => setTimeout(() => reject(new Error('gone')), 10));
  const spool = new ResultSpool(room, fail, new AbortController().signal);
  await spool.take(chunk(0), 1);
  await expect(spool.end()).rejects.toThrow('gone');
  spool.close();
  expect(room.ramBytes).toBe(0);
});
