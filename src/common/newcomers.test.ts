/**
 * Long work gives way to statements that began a short while ago, and to none for ever.
 */
import { expect, test } from 'vitest';
import { begins, ends, goesOn, restForNewcomers } from './newcomers.ts';

const signal = (): AbortSignal => new AbortController().signal;
const settled = async (rest: Promise<void> | undefined): Promise<boolean> => {
  let done = false;
  void rest?.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
};

test('long work rests until the statements that came meanwhile have ended, and not for itself', async () => {
  const [long, first, second] = [signal(), signal(), signal()];
  begins(long);
  expect(restForNewcomers(long)).toBeUndefined();
  begins(first);
  begins(second);
  const rest = restForNewcomers(long);
  ends(first);
  expect(await settled(rest)).toBe(false);
  ends(second);
  expect(await settled(rest)).toBe(true);
  expect(restForNewcomers(long)).toBeUndefined();
});
test('a statement keeps its place under another signal, and a long one is none', async () => {
  const [long, portal, other] = [signal(), signal(), signal()];
  begins(other);
  goesOn(other, portal);
  ends(other);
  const rest = restForNewcomers(long);
  expect(rest).toBeDefined();
  expect(restForNewcomers(portal)).toBeUndefined();
  ends(portal);
  goesOn(long, other);
  expect(restForNewcomers(other)).toBeUndefined();
  await rest;
});
test('long work goes on though newcomers never end', async () => {
  const [long, stuck] = [signal(), signal()];
  begins(stuck);
  await restForNewcomers(long);
  ends(stuck);
});
