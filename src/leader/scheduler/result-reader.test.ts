/**
 * Rows of several slices on their way to a client: short ones in frames, long ones alone and in pieces, merged by their
 * keys or as they come, cut to OFFSET and LIMIT, one long row in memory at a time.
 */
import { expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { createEdge, Doorbells, RingWriter } from '../../interconnect/ring.ts';
import { ResultReader } from './result-reader.ts';

interface Row {
  readonly key: number;
  readonly bytes: number;
}
const RING_BYTES = 256;
/** Longer rows go alone. */
const LONG = 100;

function message({ key, bytes }: Row): Buffer {
  const text = Buffer.alloc(bytes, `${key} `);
  const head = Buffer.alloc(5);
  head.writeUInt8(0x44);
  head.writeUInt32BE(4 + text.length, 1);
  return Buffer.concat([head, text]);
}
function keyOf({ key, bytes }: Row): Buffer {
  const words = Buffer.alloc(bytes > LONG ? 1000 : 4);
  words.writeUInt32BE(key);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(words.length);
  return Buffer.concat([head, words]);
}

/** What the client gets of these rows, a list a slice. */
async function read(
  slices: readonly (readonly Row[])[],
  { ordered = false, skip = 0, left = Infinity },
): Promise<{ readonly out: Buffer[]; readonly reader: ResultReader }> {
  const edge = createEdge(slices.length, 1, RING_BYTES);
  const out: Buffer[] = [];
  let isDone = false;
  const consumer = (chunk: Uint8Array, rows: number): Promise<void> => {
    let at = 0;
    for (let n = 0; n < rows; n++) {
      const end = at + 1 + Buffer.from(chunk).readUInt32BE(at + 1);
      out.push(Buffer.from(chunk.subarray(at, end)));
      at = end;
    }
    expect(at).toBe(chunk.length);
    return Promise.resolve();
  };
  const reader = new ResultReader(
    edge,
    slices.length,
    Doorbells.create(slices.length + 1),
    ordered,
    skip,
    left,
    consumer,
    () => false,
    {
      done: () => (isDone = true),
      failed: (error) => {
        throw error;
      },
      wake: () => undefined,
    },
  );
  const senders = slices.map((rows, s) => {
    const writer = new RingWriter(edge, s, 0);
    const waiting = [...rows];
    let ended = false;
    return (): void => {
      while (writer.write() && writer.idle && waiting.length > 0) {
        const row = waiting.shift()!;
        const bytes = ordered ? Buffer.concat([keyOf(row), message(row)]) : message(row);
        const read = (from: number, into: Uint8Array): void => into.set(bytes.subarray(from, from + into.length));
        if (row.bytes > LONG)
          writer.beginLong(bytes.subarray(0, 3), {
            length: bytes.length - 3,
            read: (from, into) => read(from + 3, into),
          });
        else writer.begin(new Uint8Array([1, 0, 0, 0]), bytes);
      }
      if (writer.idle && waiting.length === 0 && !ended) {
        writer.end();
        ended = true;
      }
    };
  });
  const random = new Prng(5);
  while (!isDone) {
    senders[random.u32() % senders.length]!();
    reader.poll();
    await Promise.resolve();
  }
  return { out, reader };
}

const random = new Prng(3);
const slices = Array.from({ length: 3 }, (_, s) =>
  Array.from({ length: 40 }, (_, i) => ({
    key: i * 3 + s,
    bytes: random.int(0, 3) === 0 ? random.int(200, 5000) : random.int(8, 60),
  })),
);
const inOrder = slices.flat().sort((a, b) => a.key - b.key);

test.each([
  [0, Infinity],
  [7, 50],
  [0, 0],
  [119, 5],
])('merged by their keys, from %s at most %s', async (skip, left) => {
  const { out, reader } = await read(slices, { ordered: true, skip, left });
  expect(out).toEqual(inOrder.slice(skip, skip + left).map(message));
  expect(reader.received.map((r) => r.rows)).toEqual([40, 40, 40]);
});

test.each([
  [0, Infinity],
  [11, 60],
  [0, 0],
])('as they come, from %s at most %s', async (skip, left) => {
  const { out, reader } = await read(slices, { skip, left });
  expect(out).toHaveLength(Math.min(120 - skip, left));
  const texts = new Set(inOrder.map((row) => message(row).toString()));
  for (const row of out) expect(texts.delete(row.toString())).toBe(true);
  const bytes = slices.map((rows) => rows.reduce((sum, row) => sum + message(row).length, 0));
  expect(reader.received.map((r) => r.bytes)).toEqual(bytes);
});
