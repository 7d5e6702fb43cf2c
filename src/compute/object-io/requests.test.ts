/** Requests on the object I/O thread: a full disk, a condemned node, requests that nobody waits for any more. */
import { open } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { ErrorValue } from '../../execution/messages.ts';
import { createEdge, RingWriter } from '../../interconnect/ring.ts';
import { noTraffic, type ObjectIo, type Traffic } from '../../s3/object-io.ts';
import type { PartsSpec, SealedPart } from '../../s3/part-writer.ts';
import { ByteRing, RING_STATE } from './byte-ring.ts';
import { ReadRequest, WriteRequest, type Asker } from './requests.ts';

const SPEC: PartsSpec = {
  bucket: 'b',
  prefix: 'p',
  parallel: true,
  extension: '',
  compression: 'none',
  maxFileBytes: 1e9,
  header: undefined,
  token: 't',
};
class Heard implements Asker {
  error: ErrorValue | undefined;
  parts: readonly SealedPart[] | undefined;
  rings = 0;
  failed(error: ErrorValue): void {
    this.error = error;
  }
  sealed(parts: readonly SealedPart[]): void {
    this.parts = parts;
  }
  traffic: Traffic | undefined;
  read(traffic: Traffic): void {
    this.traffic = traffic;
  }
  ring(): void {
    this.rings++;
  }
}
/** Writes go where `write` says. */
const target = (write: (bytes: Uint8Array) => Promise<void>, log: string[]): ObjectIo => ({
  open: () => Promise.reject(new TypeError('nothing to read')),
  create: () =>
    Promise.resolve({
      traffic: noTraffic(),
      write,
      seal: () => Promise.resolve(`sealed ${log.push('seal')}`),
      abort: () => Promise.resolve(void log.push('abort')),
    }),
});
async function written(io: ObjectIo, isCondemned: () => boolean, forget = false): Promise<Heard> {
  const heard = new Heard();
  const edge = createEdge(1, 1, 1 << 16);
  const writer = new RingWriter(edge, 0, 0);
  const request = new WriteRequest(heard, io, SPEC, 0, () => 0n, edge, new SharedArrayBuffer(4), isCondemned);
  const done = request.run();
  writer.begin(Uint8Array.of(2, 0, 0, 0), Buffer.from('a\nb\n'));
  expect(writer.write()).toBe(true);
  if (forget) request.forget();
  else {
    writer.end();
    request.go();
  }
  await done;
  return heard;
}

test.runIf(process.platform === 'linux')('a full disk ends the statement with what the system says', async () => {
  const log: string[] = [];
  const full = await open('/dev/full', 'w');
  const heard = await written(
    target(async (bytes) => void (await full.write(bytes)), log),
    () => false,
  );
  await full.close();
  expect(heard.error).toMatchObject({
    sqlstate: '58030',
    message: 'input/output error: ENOSPC: no space left on device, write',
  });
  expect(log).toEqual(['abort']);
});
test('lines become sealed parts, but not those of a node that is out of service, or that nobody waits for', async () => {
  const log: string[] = [];
  const lines: string[] = [];
  const io = target((bytes) => Promise.resolve(void lines.push(Buffer.from(bytes).toString())), log);
  expect((await written(io, () => false)).parts).toMatchObject([{ key: 'p0000_part_00', bytes: 4, rows: 2 }]);
  expect([lines, log]).toEqual([['a\nb\n'], ['seal']]);
  expect(await written(io, () => true)).toMatchObject({ error: undefined, parts: undefined });
  expect(await written(io, () => false, true)).toMatchObject({ error: undefined, parts: undefined });
  expect([lines.length, log]).toEqual([1, ['seal']]);
});
test('a read that nobody waits for any more neither writes nor tells, whenever it is answered', async () => {
  let answer: (bytes: number) => void = () => undefined;
  const closed: string[] = [];
  const io: ObjectIo = {
    create: () => Promise.reject(new TypeError('nothing to write')),
    open: () =>
      Promise.resolve({
        traffic: noTraffic(),
        read: () => new Promise((resolve) => (answer = resolve)),
        close: () => Promise.resolve(void closed.push('closed')),
      }),
  };
  const heard = new Heard();
  const ring = new ByteRing();
  const range = {
    bucket: 'b',
    key: 'k',
    start: 0,
    end: 100,
    state: { size: 100, modifiedMs: 0 },
    compression: 'none',
  } as const;
  const request = new ReadRequest(heard, io, range, ring);
  const done = request.run();
  await new Promise((resolve) => setImmediate(resolve));
  request.forget();
  answer(50);
  await done;
  expect([ring.used, ring.state, heard.rings, heard.error, closed]).toEqual([
    0,
    RING_STATE.open,
    0,
    undefined,
    ['closed'],
  ]);
});
test('the ring wraps, and a writer that waits for room is told', async () => {
  let sent = 0;
  const io: ObjectIo = {
    create: () => Promise.reject(new TypeError('nothing to write')),
    open: () =>
      Promise.resolve({
        traffic: noTraffic(),
        read: (into) => {
          const n = Math.min(into.length, 70_001, 5_000_000 - sent);
          for (let i = 0; i < n; i++) into[i] = (sent + i) % 251;
          sent += n;
          return Promise.resolve(n);
        },
        close: () => Promise.resolve(),
      }),
  };
  const ring = new ByteRing();
  const state = { size: 5_000_000, modifiedMs: 0 };
  const range = { bucket: 'b', key: 'k', start: 0, end: state.size, state, compression: 'none' } as const;
  const request = new ReadRequest(new Heard(), io, range, ring);
  const done = request.run();
  let seen = 0;
  let wrong = 0;
  for (const into = Buffer.alloc(33_333); ;) {
    const { state } = ring;
    const n = ring.read(into);
    for (let i = 0; i < n; i++) if (into[i] !== (seen + i) % 251) wrong++;
    seen += n;
    if (n === 0 && state === RING_STATE.ended) break;
    if (ring.takeWait()) request.go();
    if (n === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  expect([seen, wrong]).toEqual([5_000_000, 0]);
});
