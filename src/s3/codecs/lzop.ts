/**
 * LZOP: files of the lzop program, methods LZO1X-1, -1(15) and -999, whose blocks our own kernel unpacks; checksums are verified.
 * Header fields and blocks are as lzop's sources write them, numbers big-endian. Files that follow each other are one text.
 */
import { kernelsModule } from '../../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import { CHECKSUMS } from '../checksum.ts';
import { damaged, type ObjectCodec } from './codec.ts';

const MAGIC = Buffer.from('894c5a4f000d0a1a0a', 'hex');
/** From this version on headers say the version that is needed, the level and the high word of the time. */
const VERSION_LONG = 0x0940;
const METHODS = [1, 2, 3];
const FLAG = {
  adlerText: 0x1,
  adlerStored: 0x2,
  extraField: 0x40,
  crcText: 0x100,
  crcStored: 0x200,
  multipart: 0x400,
  filter: 0x800,
  crcHeader: 0x1000,
} as const;
/** lzop's own bound of a block. */
const BLOCK_BYTES_MAX = 64 * 1024 * 1024;

const bad = (what: string): never => {
  throw damaged('LZOP', what);
};

/** Bytes of a file in the order they come. */
class Input {
  private pieces: Uint8Array[] = [];
  private bytes = 0;
  private readonly source: AsyncIterator<Uint8Array>;
  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.source = pieces[Symbol.asyncIterator]();
  }
  private async fill(count: number): Promise<boolean> {
    while (this.bytes < count) {
      const { done, value } = await this.source.next();
      if (done === true) return false;
      this.pieces.push(value);
      this.bytes += value.length;
    }
    return true;
  }
  /** False at the end. */
  any(): Promise<boolean> {
    return this.fill(1);
  }
  async take(count: number): Promise<Buffer> {
    if (!(await this.fill(count))) bad('the file ends in the middle');
    const all = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
    this.pieces = [all.subarray(count)];
    this.bytes = all.length - count;
    return Buffer.from(all.buffer, all.byteOffset, count);
  }
  async u32(): Promise<number> {
    return (await this.take(4)).readUInt32BE();
  }
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let at = 0; at < bytes.length;) {
    // So many sums stay below 2^53.
    const end = Math.min(bytes.length, at + 65536);
    for (; at < end; at++) b += a += bytes[at]!;
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
function crc32(bytes: Uint8Array): number {
  const sum = CHECKSUMS['crc32']!.make();
  sum.update(bytes);
  return Buffer.from(sum.digest(), 'base64').readUInt32BE();
}

/** The kernel over a memory of its own that grows with the largest block. */
class Lzo {
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  private readonly decompress: (from: number, bytes: number, to: number, room: number) => number;
  constructor() {
    const env = { memory: this.memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
    const { exports } = new WebAssembly.Instance(kernelsModule(), { env });
    this.decompress = exports['lzo_decompress'] as typeof this.decompress;
  }
  get bytes(): number {
    return this.memory.buffer.byteLength;
  }
  /** undefined: it is not that text. */
  unpack(stored: Uint8Array, bytes: number): Buffer | undefined {
    const to = PAGE + Math.ceil(stored.length / PAGE) * PAGE + PAGE;
    const missing = Math.ceil((to + bytes + PAGE - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
    new Uint8Array(this.memory.buffer).set(stored, PAGE);
    if (this.decompress(PAGE, stored.length, to, bytes) !== bytes) return undefined;
    return Buffer.from(new Uint8Array(this.memory.buffer, to, bytes));
  }
}
const PAGE = 65536;
/** Kept from one object to the next on its thread, unless a block made it large. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;
let kept: Lzo | undefined;
function unpackBlock(stored: Uint8Array, bytes: number): Buffer | undefined {
  const lzo = (kept ??= new Lzo());
  const text = lzo.unpack(stored, bytes);
  if (lzo.bytes > KEPT_BYTES_MAX) kept = undefined;
  return text;
}

/** Reads a header, gives its flags. */
async function header(input: Input): Promise<number> {
  if (!(await input.take(MAGIC.length)).equals(MAGIC)) bad('not an lzop file');
  const fields: Buffer[] = [];
  const take = async (count: number): Promise<Buffer> => {
    const bytes = Buffer.from(await input.take(count));
    fields.push(bytes);
    return bytes;
  };
  const version = (await take(2)).readUInt16BE();
  const isLong = version >= VERSION_LONG;
  await take(isLong ? 4 : 2);
  const method = (await take(1))[0]!;
  if (!METHODS.includes(method)) bad(`method ${method} is unknown`);
  if (isLong) await take(1);
  const flags = (await take(4)).readUInt32BE();
  if ((flags & FLAG.filter) !== 0) bad('lzop --filter is not supported');
  if ((flags & FLAG.multipart) !== 0) bad('a part of a multi-part archive is not supported');
  await take(isLong ? 12 : 8);
  const name = (await take(1))[0]!;
  await take(name);
  const sum = (flags & FLAG.crcHeader) !== 0 ? crc32 : adler32;
  if ((await input.u32()) !== sum(Buffer.concat(fields))) bad('the header has another checksum');
  if ((flags & FLAG.extraField) !== 0) await input.take((await input.u32()) + 4);
  return flags;
}

/** The block's text, or undefined behind the last one. */
async function block(input: Input, flags: number): Promise<Buffer | undefined> {
  const bytes = await input.u32();
  if (bytes === 0) return undefined;
  const storedBytes = await input.u32();
  if (bytes > BLOCK_BYTES_MAX || storedBytes > bytes || storedBytes === 0) bad('a block has an impossible size');
  const isPacked = storedBytes < bytes;
  const sumOf = async (flag: number): Promise<number | undefined> => ((flags & flag) !== 0 ? input.u32() : undefined);
  const ofText = [await sumOf(FLAG.adlerText), await sumOf(FLAG.crcText)] as const;
  const ofStored = isPacked ? [await sumOf(FLAG.adlerStored), await sumOf(FLAG.crcStored)] : [];
  const stored = await input.take(storedBytes);
  check(ofStored, stored);
  const text = isPacked ? (unpackBlock(stored, bytes) ?? bad('a block cannot be read')) : Buffer.from(stored);
  check(ofText, text);
  return text;
}
function check([adler, crc]: readonly (number | undefined)[], bytes: Uint8Array): void {
  if (adler !== undefined && adler !== adler32(bytes)) bad('a block has another checksum');
  if (crc !== undefined && crc !== crc32(bytes)) bad('a block has another checksum');
}

async function* unpack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = new Input(pieces);
  while (await input.any()) {
    const flags = await header(input);
    for (let text = await block(input, flags); text !== undefined; text = await block(input, flags)) yield text;
  }
}

export const lzop: ObjectCodec = { extension: '.lzo', ratio: 3, unpack };
