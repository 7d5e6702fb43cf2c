/**
 * Exchange rings: frames of any length arrive whole and in order through rings smaller than they are, and a reader that
 * wants no more never leaves its sender waiting.
 */
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { createEdge, RingReader, RingWriter } from './ring.ts';

test('frames longer than the ring arrive whole and in order', () => {
  const random = new Prng(7);
  const edge = createEdge(1, 1, 64);
  const writer = new RingWriter(edge, 0, 0);
  const reader = new RingReader(edge, 0, 0);
  const frames = Array.from({ length: 200 }, (_, i) => new Uint8Array(random.int(1, 300)).fill(i));
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
