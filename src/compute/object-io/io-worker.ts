/**
 * Thread entry of a node's object I/O: started when a slice of the node first reads or writes an object, ended with the
 * node. It has an event loop and no part in the node's memory. When it ends by itself the leader tells the slices, whose
 * requests fail, and the next request starts another one.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../common/assert.ts';
import { systemClock } from '../../common/clock.ts';
import { ObjectIoSwitch } from '../../common/object-io-switch.ts';
import { Health } from '../../interconnect/health.ts';
import { Doorbells } from '../../interconnect/ring.ts';
import { withRemote } from '../../remote/open.ts';
import { EndpointIo } from '../../s3/endpoint/io.ts';
import { FolderIo } from '../../s3/folder-io.ts';
import type { ObjectIo } from '../../s3/object-io.ts';
import { ByteRing } from './byte-ring.ts';
import type { FromObjectIo, ObjectIoBoot, ObjectIoConnection, ToObjectIo } from './messages.ts';
import { ReadRequest, WriteRequest, type Asker } from './requests.ts';
import { switched } from './switched.ts';

const { node, ...boot } = workerData as ObjectIoBoot;
const doorbells = new Doorbells(boot.doorbells);
const health = new Health(boot.health);
const store: ObjectIo =
  boot.s3Endpoint === undefined ? new FolderIo(boot.s3Root) : new EndpointIo(boot.s3Endpoint, boot.s3Root);
const all = withRemote(store, boot.remote);
const io: ObjectIo = boot.objectIo === undefined ? all : switched(all, new ObjectIoSwitch(boot.objectIo));

function serve({ slice, port }: ObjectIoConnection): void {
  const requests = new Map<number, ReadRequest | WriteRequest>();
  const send = (message: FromObjectIo): void => port.postMessage(message);
  const askerOf = (id: number): Asker => ({
    failed: (error) => send({ kind: 'failed', id, error }),
    sealed: (parts) => send({ kind: 'sealed', id, parts }),
    read: (traffic) => send({ kind: 'read', id, traffic }),
    ring: () => doorbells.ring(slice),
  });
  const begin = (m: Extract<ToObjectIo, { kind: 'read' | 'write' }>): ReadRequest | WriteRequest => {
    const asker = askerOf(m.id);
    if (m.kind === 'read') return new ReadRequest(asker, io, m.range, new ByteRing(m.buffer));
    const now = (): bigint => systemClock.nowMicros();
    const isCondemned = (): boolean => health.isCondemned(node);
    return new WriteRequest(asker, io, m.parts, slice, now, m.edge, m.waits, isCondemned);
  };
  port.on('message', (m: ToObjectIo) => {
    if (m.kind === 'go') return requests.get(m.id)?.go();
    if (m.kind === 'forget') return requests.get(m.id)?.forget();
    const request = begin(m);
    requests.set(m.id, request);
    void request.run().finally(() => requests.delete(m.id));
  });
}

assert(parentPort, 'io-worker runs as a worker thread');
parentPort.on('message', (connection: ObjectIoConnection) => serve(connection));
