/**
 * Zstandard, synchronous, on every supported Node: node:zlib where it has zstd (22.15 and later), else the WebAssembly
 * build of the reference library in @bokuweb/zstd-wasm, instantiated here because that package starts asynchronously
 * only. A bundle may carry `zstd.wasm` beside itself. Callers: the zstd encoding, COPY and UNLOAD.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { assert } from '../assert.ts';
import { brokenCompression } from '../errors/catalogue.ts';

interface ZlibWithZstd {
  zstdCompressSync?(bytes: Uint8Array, options?: object): Uint8Array;
  zstdDecompressSync?(bytes: Uint8Array, options?: object): Uint8Array;
  constants?: { ZSTD_c_compressionLevel?: number };
}
interface ZstdLibrary {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(at: number): void;
  isError(code: number): number;
  bound(bytes: number): number;
  compress(to: number, room: number, from: number, bytes: number, level: number): number;
  decompress(to: number, room: number, from: number, bytes: number): number;
}
const native = zlib as unknown as ZlibWithZstd;
let library: ZstdLibrary | undefined;

function libraryPath(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, 'zstd.wasm');
  if (existsSync(beside)) return beside;
  return join(dirname(createRequire(import.meta.url).resolve('@bokuweb/zstd-wasm')), 'zstd.wasm');
}

/** The one-letter names are the minified imports and exports of that build (listed in its zstd.js). */
function load(): ZstdLibrary {
  if (library) return library;
  const module = new WebAssembly.Module(readFileSync(libraryPath()));
  let memory: WebAssembly.Memory | undefined;
  const stop = (): never => {
    throw new WebAssembly.RuntimeError('zstd stopped');
  };
  const grow = (bytes: number): number => {
    const pages = Math.ceil((bytes - memory!.buffer.byteLength) / 65536);
    if (pages > 0) memory!.grow(pages);
    return 1;
  };
  const instance = new WebAssembly.Instance(module, { a: { a: stop, b: () => {}, c: stop, d: () => 0, e: grow } });
  const e = instance.exports as unknown as Record<string, (...args: number[]) => number>;
  memory = instance.exports['f'] as WebAssembly.Memory;
  e['g']!();
  library = {
    memory,
    malloc: e['s']!,
    free: e['t']!,
    isError: e['h']!,
    bound: e['i']!,
    compress: e['m']!,
    decompress: e['r']!,
  };
  return library;
}

/** Compresses into one frame. */
export function zstdCompress(bytes: Uint8Array, level = 3): Uint8Array {
  if (native.zstdCompressSync) {
    const parameter = native.constants?.ZSTD_c_compressionLevel;
    return native.zstdCompressSync(bytes, parameter === undefined ? {} : { params: { [parameter]: level } });
  }
  const z = load();
  const room = z.bound(bytes.length);
  const to = z.malloc(room),
    from = z.malloc(bytes.length || 1);
  assert(to !== 0 && from !== 0, 'zstd memory');
  try {
    new Uint8Array(z.memory.buffer).set(bytes, from);
    const size = z.compress(to, room, from, bytes.length, level);
    assert(z.isError(size) === 0, 'zstd compression failed');
    return new Uint8Array(z.memory.buffer, to, size).slice();
  } finally {
    z.free(to);
    z.free(from);
  }
}

/** Unpacks one frame of at most `room` bytes; broken data is an XX000 error. */
export function zstdDecompress(bytes: Uint8Array, room: number): Uint8Array {
  if (native.zstdDecompressSync) {
    try {
      return native.zstdDecompressSync(bytes, { maxOutputLength: Math.max(room, 1) });
    } catch {
      throw brokenCompression('zstd');
    }
  }
  const z = load();
  const to = z.malloc(room || 1),
    from = z.malloc(bytes.length || 1);
  assert(to !== 0 && from !== 0, 'zstd memory');
  try {
    new Uint8Array(z.memory.buffer).set(bytes, from);
    const size = z.decompress(to, room, from, bytes.length);
    if (z.isError(size) !== 0) throw brokenCompression('zstd');
    return new Uint8Array(z.memory.buffer, to, size).slice();
  } finally {
    z.free(to);
    z.free(from);
  }
}
