/** What an event names as the source of a load. */
import { expect, test } from 'vitest';
import type { LoadRecord } from '../history/types.ts';
import { loadEvent } from './load-event.ts';

const record = (source: string): LoadRecord =>
  ({ source, status: 'completed', startMicros: 0n, endMicros: 1n }) as LoadRecord;

test.each([
  ['s3://bucket/key/', 'arn:aws:s3:::bucket/key/'],
  ['dynamodb://Movies', 'arn:aws:dynamodb:::table/Movies'],
])('%s', (source, resource) => {
  expect(loadEvent(record(source), undefined).resources).toEqual([resource]);
});
