/**
 * Test support: compiles the COPY kernels alone (seconds less than all of them) into a module with its own memory, and
 * scans whole buffers through it. Compiled modules are kept in the system's temporary folder by content hash.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { expandMacros } from '../../../tools/build-kernels.ts';
import { CTX, NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import {
  COLUMN_KIND,
  INFO,
  SCAN,
  SCAN_RESULT,
  readInfo,
  scanLayout,
  writeScanState,
  type RecordInfo,
} from './scan-state.ts';
import type { TextFormat } from './text-format.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

async function compile(): Promise<Uint8Array> {
  const folder = join(root, 'src/wasm/runtime');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder)
    .filter((n) => /^(csv|alloc|errors|layout)/.test(n))
    .sort())
    hash.update(readFileSync(join(folder, name)));
  const file = join(tmpdir(), 'slicehouse-kernels', `${hash.digest('hex').slice(0, 16)}.wasm`);
  if (existsSync(file)) return readFileSync(file);
  const messages: string[] = [];
  const sink = { write: (chunk: string | Uint8Array): boolean => (messages.push(String(chunk)), true) };
  let out: Uint8Array | undefined;
  const entry = `export * from './src/wasm/runtime/csv'; export { alloc_scratch } from './src/wasm/runtime/alloc';`;
  const result = await asc.main(
    [
      'entry.ts',
      '--baseDir',
      root,
      '--outFile',
      'out.wasm',
      '--runtime',
      'stub',
      '--importMemory',
      '--noExportMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      '--enable',
      'simd,threads,bulk-memory',
      '-O3',
      '--converge',
      '--noAssert',
      '--disableWarning',
      '235',
    ],
    {
      stdout: sink as never,
      stderr: sink as never,
      readFile: (name: string, base: string) => {
        if (name === 'entry.ts') return entry;
        const path = join(base, name);
        return existsSync(path) ? expandMacros(readFileSync(path, 'utf8')) : null;
      },
      writeFile: (_name: string, content: Uint8Array | string) => void (out = content as Uint8Array),
      listFiles: () => [],
    },
  );
  if (result.error || out === undefined) throw new TypeError(messages.join(''));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, out);
  return out;
}

export interface Row {
  readonly cells: readonly (string | null)[];
  readonly line: number;
}
export interface ScanOutcome {
  readonly rows: readonly Row[];
  readonly bad: readonly (RecordInfo & { readonly rawText: string; readonly rowsBefore: number })[];
  readonly replaced: number;
  readonly result: number;
}

export class CopyKernels {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly ctx = 1024;
  readonly err = 2048;
  private next = 4096;
  private constructor(
    readonly exports: Record<string, (...args: never[]) => unknown>,
    readonly memory: WebAssembly.Memory,
  ) {
    this.view = new DataView(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    this.view.setInt32(this.ctx + CTX.SCRATCH_CUR, 65536, true);
    this.view.setInt32(this.ctx + CTX.SCRATCH_END, 262144, true);
  }
  static async open(pages = 512): Promise<CopyKernels> {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const module = new WebAssembly.Module((await compile()) as Uint8Array<ArrayBuffer>);
    const instance = new WebAssembly.Instance(module, {
      env: { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES },
    });
    return new CopyKernels(instance.exports as never, memory);
  }
  call<T>(name: string, ...args: (number | bigint)[]): T {
    return (this.exports[name] as (...a: unknown[]) => T)(...args);
  }
  string(text: string | Uint8Array): bigint {
    const data = typeof text === 'string' ? Buffer.from(text) : text;
    if (this.next + data.length > 60000) this.next = 4096;
    const at = this.next;
    this.bytes.set(data, at);
    this.next += (data.length + 15) & ~7;
    return BigInt(at) | (BigInt(data.length) << 32n);
  }
  text(s: bigint): string {
    const at = Number(s & 0xffffffffn);
    return Buffer.from(this.bytes.slice(at, at + Number(BigInt.asUintN(64, s) >> 32n))).toString('utf8');
  }
  /** Runs a load kernel with a clean error cell; returns the value or the failure. */
  load(
    name: string,
    text: string | Uint8Array,
    ...more: (number | bigint)[]
  ): { value: unknown; code: number; reason: number; position: number; isNull: boolean } {
    this.bytes.fill(0, this.err, this.err + 64);
    this.view.setInt32(this.ctx + CTX.RET_NULL, 0, true);
    this.view.setInt32(this.ctx + CTX.SCRATCH_CUR, 65536, true);
    const value = this.call<unknown>(name, this.ctx, this.string(text), this.err, ...more);
    return {
      value,
      code: this.view.getInt32(this.err, true),
      reason: this.view.getInt32(this.err + 4, true),
      position: this.view.getInt32(this.err + 8, true),
      isNull: this.view.getInt32(this.ctx + CTX.RET_NULL, true) === 1,
    };
  }
  /** Scans `data`, given in pieces of `piece` bytes, into rows. */
  scan(
    data: Uint8Array,
    format: TextFormat,
    columns: number,
    options: { kinds?: number[]; piece?: number; maxRows?: number } = {},
  ): ScanOutcome {
    const { view, bytes } = this;
    const shape = { columns, maxRows: options.maxRows ?? 64, maxBad: 8, scratchBytes: 8 << 20 };
    const { areas, bytes: size } = scanLayout(format, shape, 1 << 19);
    const input = (1 << 19) + size + 64;
    const kinds = options.kinds ?? Array<number>(columns).fill(COLUMN_KIND.varchar);
    writeScanState(view, bytes, format, shape, areas, kinds, true);
    const set = (o: number, v: number): void => view.setInt32(areas.state + o, v, true);
    const get = (o: number): number => view.getInt32(areas.state + o, true);
    const rows: Row[] = [];
    const bad: (RecordInfo & { rawText: string; rowsBefore: number })[] = [];
    const piece = options.piece ?? data.length;
    let taken = 0;
    let replaced = 0;
    set(SCAN.IN_PTR, input);
    set(SCAN.IN_END, input);
    for (;;) {
      const result = this.call<number>('scan_records', areas.state);
      for (let i = 0; i < get(SCAN.BAD_COUNT); i++) {
        const info = readInfo(view, areas.bad + i * INFO.BYTES);
        bad.push({
          ...info,
          rawText: Buffer.from(bytes.slice(info.raw, info.raw + info.rawLength)).toString(),
          rowsBefore: rows.length,
        });
      }
      for (let r = 0; r < get(SCAN.COUNT); r++) {
        const cells: (string | null)[] = [];
        for (let c = 0; c < columns; c++) {
          const slot = c * shape.maxRows + r;
          cells.push(bytes[areas.nulls + slot] ? null : this.text(view.getBigInt64(areas.fields + slot * 8, true)));
        }
        rows.push({ cells, line: readInfo(view, areas.records + r * INFO.BYTES).line });
      }
      replaced += get(SCAN.REPLACED);
      if (result === SCAN_RESULT.FULL) continue;
      if (result !== SCAN_RESULT.NEED_INPUT) return { rows, bad, replaced, result };
      const from = get(SCAN.IN_PTR);
      const left = get(SCAN.IN_END) - from;
      bytes.copyWithin(input, from, from + left);
      const more = data.subarray(taken, taken + piece);
      bytes.set(more, input + left);
      taken += more.length;
      set(SCAN.IN_PTR, input);
      set(SCAN.IN_END, input + left + more.length);
      set(SCAN.FINAL, taken >= data.length ? 1 : 0);
    }
  }
}
