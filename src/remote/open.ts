/**
 * Object I/O that reads COPY's other sources, too: each kind's reader is loaded when the first piece of it is opened. Where a
 * piece's bytes come from is decided here and nowhere else on the nodes.
 */
import type { RemoteSource } from '../common/remote-source.ts';
import { unpackedReader } from '../s3/codecs/unpacked-reader.ts';
import type { ObjectIo, ObjectReader } from '../s3/object-io.ts';
import type { RemoteAccess } from './access.ts';

async function openRemote(source: RemoteSource, access: RemoteAccess): Promise<ObjectReader> {
  switch (source.kind) {
    case 'dynamodb':
      return (await import('./dynamodb/scan.ts')).openSegment(source, access);
    case 'ssh':
      return (await import('./ssh/command.ts')).openCommand(source, access);
  }
}

export const withRemote = (objects: ObjectIo, access: RemoteAccess): ObjectIo => ({
  open: async (range) => {
    if (range.remote === undefined) return objects.open(range);
    const reader = await openRemote(range.remote, access);
    return range.compression === 'none' ? reader : unpackedReader(reader, range.compression);
  },
  create: (target) => objects.create(target),
});
