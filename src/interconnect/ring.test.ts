/**
 * Exchange rings: frames of any length arrive whole and in order through rings smaller than they are, and a reader that
 * wants no more never leaves its sender waiting.
 */
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { createEdge, EdgePool, RingReader, RingWriter } from './ring.ts';

test('frames longer than the ring arrive whole and in order', () => {
  const random = new Prng(7);
  const edge = createEdge(1, 1, 64);
  const writer = new RingWriter(edge, 0, 0);
  const reader = new RingReader(edge, 0, 0);
  const frames = Array.from({ length: 200 }, (_, i) => new Uint8Array(random.int(0, 300)).fill(i));
  const got: Uint8Array[] = [];
  for (const frame of frames) {
    writer.begin(frame);
    for (let complete = false; !complete;) {
      complete = writer.write();
      const arrived = reader.read((n) => new Uint8Array(n));
      if (arrived) got.push(arrived);
    }
  }
  writer.end();
  for (let rest = reader.read((n) => new Uint8Array(n)); rest; rest = reader.read((n) => new Uint8Array(n)))
    got.push(rest);
  expect(got).toEqual(frames);
  expect(reader.ended).toBe(true);
});

test('a sender is not held up by a reader that has closed the ring', () => {
  const edge = createEdge(1, 1, 64);
  const writer = new RingWriter(edge, 0, 0);
  const reader = new RingReader(edge, 0, 0);
  writer.begin(new Uint8Array(1000));
  expect(writer.write()).toBe(false);
  reader.close();
  expect(writer.write()).toBe(true);
  expect(writer.closed).toBe(true);
  writer.end();
});

test('an edge that was given back starts anew, for the same number of ends only, and only so many are kept', () => {
  const pool = new EdgePool(createEdge(2, 2).byteLength);
  const edge = pool.take(2, 2);
  for (const [sender, receiver] of [
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const writer = new RingWriter(edge, sender, receiver);
    writer.begin(new Uint8Array(100).fill(9));
    expect(writer.write()).toBe(true);
    writer.end();
    new RingReader(edge, sender, receiver).close();
  }
  pool.give(edge);
  expect(pool.take(2, 1)).not.toBe(edge);
  const again = pool.take(2, 2);
  expect(again).toBe(edge);
  expect(pool.take(2, 2)).not.toBe(edge);
  for (let sender = 0; sender < 2; sender++) {
    for (let receiver = 0; receiver < 2; receiver++) {
      const [writer, reader] = [new RingWriter(again, sender, receiver), new RingReader(again, sender, receiver)];
      expect([writer.closed, reader.ended, reader.hasData]).toEqual([false, false, false]);
      writer.begin(Uint8Array.of(sender, receiver));
      expect(writer.write()).toBe(true);
      expect(reader.read((n) => new Uint8Array(n))).toEqual(Uint8Array.of(sender, receiver));
      writer.end();
      expect(reader.ended).toBe(true);
    }
  }
});

test('edges that were out at once stay beyond the bound, and go when less is asked for', () => {
  const pool = new EdgePool(0);
  const atOnce = Array.from({ length: 8 }, () => pool.take(2, 2));
  for (const edge of atOnce) pool.give(edge);
  const again = Array.from({ length: 8 }, () => pool.take(2, 2));
  expect(new Set(again)).toEqual(new Set(atOnce));
  // One that is lost is not waited for.
  pool.lose(again.pop()!);
  for (const edge of again) pool.give(edge);
  for (let i = 0; i < 2_000; i++) pool.give(pool.take(1, 1));
  const late = Array.from({ length: 8 }, () => pool.take(2, 2));
  expect(late.filter((edge) => atOnce.includes(edge))).toEqual([]);
});

test('long frames are made and taken in pieces, among others', () => {
  const edge = createEdge(1, 1, 64);
  const writer = new RingWriter(edge, 0, 0);
  const reader = new RingReader(edge, 0, 0);
  const made: number[] = [];
  const late = {
    length: 500,
    read: (from: number, into: Uint8Array): void => {
      made.push(into.length);
      for (let i = 0; i < into.length; i++) into[i] = (from + i) % 251;
    },
  };
  const whole = Uint8Array.from({ length: 500 }, (_, i) => i % 251);
  const frames = [
    () => writer.begin(new Uint8Array([1, 2, 3])),
    () => writer.beginLong(new Uint8Array([7]), late, new Uint8Array([8, 9])),
    () => writer.begin(new Uint8Array(0)),
    () => writer.beginLong(late),
  ];
  const got: (readonly [kind: string, bytes: number[]])[] = [];
  let long: number[] = [];
  while (got.length < 4) {
    if (writer.idle) frames.shift()?.();
    writer.write();
    const kind = reader.coming();
    if (kind === 'frame') {
      const frame = reader.read((n) => new Uint8Array(n));
      if (frame) got.push([kind, [...frame]]);
    } else if (kind === 'long') {
      // Some of what has arrived may stay for later.
      if (!reader.readLong((piece) => long.push(...piece), 37)) continue;
      expect(long.length).toBe(got.length === 1 ? 503 : 500);
      got.push([kind, long]);
      long = [];
    }
  }
  expect(got).toEqual([
    ['frame', [1, 2, 3]],
    ['long', [7, ...whole, 8, 9]],
    ['frame', []],
    ['long', [...whole]],
  ]);
  expect(Math.max(...made)).toBeLessThanOrEqual(64);
  writer.end();
  expect(reader.ended).toBe(true);
});
