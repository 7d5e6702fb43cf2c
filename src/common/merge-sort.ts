/**
 * Sorting in steps, for lists that are too long for one: runs first, then merges of two runs each, none of which holds the
 * thread for more than a few milliseconds.
 */
import type { Steps } from './steps.ts';

/** Elements of a run that is sorted at once (numbers, and what a function compares), and elements merged in a step. */
const RUN = 16 * 1024;
const INDEX_RUN = 2048;
const MERGED = 32 * 1024;

/** `order` below zero: a comes first. Sorts `values` with the help of another array of its length; gives the sorted one. */
function* mergeRuns<T extends Float64Array | Uint32Array>(
  values: T,
  spare: T,
  order: (a: number, b: number) => number,
  run: number,
): Steps<T> {
  let from: T = values;
  let to: T = spare;
  for (let width = run; width < values.length; width *= 2) {
    let since = 0;
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at += 1) {
        const takesLeft = left < middle && (right >= end || order(from[left]!, from[right]!) <= 0);
        to[at] = takesLeft ? from[left++]! : from[right++]!;
        if (++since < MERGED) continue;
        since = 0;
        yield;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

const byValue = (a: number, b: number): number => a - b;

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i += 1) if (values[i]! < values[i - 1]!) return false;
  return true;
}

/** Numbers in ascending order; `values` is used up. NaN is not among them. */
export function* sortNumbers(values: Float64Array): Steps<Float64Array> {
  if (isAscending(values)) return values;
  for (let start = 0; start < values.length; start += RUN) {
    values.subarray(start, start + RUN).sort();
    yield;
  }
  return yield* mergeRuns(values, new Float64Array(values.length), byValue, RUN);
}

/** The numbers 0 to count - 1 in the order that `order` gives what they stand for. */
export function* sortIndex(count: number, order: (a: number, b: number) => number): Steps<Uint32Array> {
  const index = Uint32Array.from({ length: count }, (_, i) => i);
  for (let start = 0; start < count; start += INDEX_RUN) {
    index.subarray(start, start + INDEX_RUN).sort(order);
    yield;
  }
  return yield* mergeRuns(index, new Uint32Array(count), order, INDEX_RUN);
}
