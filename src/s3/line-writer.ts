/**
 * What an UNLOAD writes its objects through, by what it was asked for.
 */
import type { ObjectIo } from './object-io.ts';
import { PartWriter, type PartsSpec } from './part-writer.ts';
import { PartitionedWriter, type LineWriter } from './partitioned-writer.ts';
import { ToldWriter } from './told-parts.ts';

export type { LineWriter } from './partitioned-writer.ts';

export function lineWriter(io: ObjectIo, spec: PartsSpec, slice: number, nowMicros: () => bigint): LineWriter {
  if (spec.told === true) return new ToldWriter(io, spec, slice, nowMicros);
  return spec.partition === undefined
    ? new PartWriter(io, spec, slice, nowMicros)
    : new PartitionedWriter(io, spec, slice, nowMicros);
}
