/**
 * A bench for kernel tests (plain TypeScript, not part of the kernels): instantiates build/kernels.wasm, built when it
 * is missing or older than the sources, over a shared memory with one context, and moves strings in and out. With
 * `checked` the kernels are those with canaries, and scratch begins with a region of a few bytes, so that it grows.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CTX, NO_LONG_VALUES } from '../memory-map.ts';
import { RegionChain } from '../region-chain.ts';
import { RegionPool } from '../region-pool.ts';
import { namedZone, type ZoneKind } from '../../types/timezone.ts';
import { zoneTable } from '../../types/zone-table.ts';
import { RUNTIME_ERRORS } from '../../common/errors/runtime-errors.ts';
import { buildKernels } from '../../../tools/build-kernels.ts';

const here = dirname(fileURLToPath(import.meta.url));
const wasmFile = (checked: boolean): string =>
  join(here, `../../../build/kernels${checked ? '.checked' : ''}.wasm`);

export class Bench {
  readonly ctx = 64;
  private readonly input = 4096;
  private inputAt = 4096;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly k: Record<string, (...args: (number | bigint)[]) => number & bigint>;

  private chain: RegionChain | undefined;

  constructor(
    wasm: Uint8Array,
    private readonly checked = false,
  ) {
    const memory = new WebAssembly.Memory({ initial: 512, maximum: 512, shared: true });
    this.view = new DataView(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    const grow = (_ctx: number, which: number, bytes: number): number => {
      if (which === 2) return this.lasting(bytes);
      const end = this.view.getUint32(this.ctx + CTX.SCRATCH_END, true);
      const region = which === 0 ? this.chain?.grow(end, bytes) : undefined;
      if (region === undefined) this.view.setInt32(this.ctx + CTX.ERROR_CODE, 17, true);
      else this.place(region.start, region.end);
      return region === undefined ? 0 : 1;
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>), { env: { memory, grow, zone: (_ctx: number, p: number, n: number, kind: number) => this.zone(p, n, kind), clock: () => this.clock, ...NO_LONG_VALUES } });
    this.k = instance.exports as never;
    this.reset();
  }
  private lasting(bytes: number): number {
    const at = (this.view.getUint32(this.ctx + CTX.ARENA_CUR, true) + 7) & ~7;
    this.view.setUint32(this.ctx + CTX.ARENA_CUR, at + bytes, true);
    return at;
  }
  /** What the host's clock says. */
  clock = 0n;
  private zonesAt = 32768;
  private readonly zones = new Map<string, number>();
  /** Places the table of a zone as the host does. */
  zone(p: number, n: number, kind: number): number {
    const name = Buffer.from(this.bytes.slice(p, p + n)).toString('utf8');
    const key = `${kind} ${name}`;
    const known = this.zones.get(key);
    if (known !== undefined) return known;
    const zone = namedZone(name, kind as ZoneKind);
    if (zone === undefined) return 0;
    const table = zoneTable(zone);
    const at = this.zonesAt;
    this.bytes.set(table, at);
    this.zonesAt += table.length;
    this.zones.set(key, at);
    return at;
  }
  /** Makes a zone the session's. */
  session(zone: string): void {
    const table = zoneTable(zone);
    this.bytes.set(table, this.zonesAt);
    this.view.setInt32(this.ctx + CTX.TZ_TABLE, this.zonesAt, true);
    this.zonesAt += table.length;
  }
  reset(): void {
    if (this.checked && this.chain) this.k['check_memory']!(this.ctx);
    this.view.setInt32(this.ctx + CTX.ZONES, 0, true);
    this.bytes.fill(0, this.ctx, this.ctx + CTX.ERROR_LEN + 8);
    this.bytes.fill(0, this.ctx + CTX.REGEX_PROGRAMS, this.ctx + CTX.BYTES);
    this.inputAt = this.input;
    this.place(8 << 20, 24 << 20);
    if (this.checked) {
      const pool = new RegionPool(8 << 20, 16 << 20);
      this.chain = new RegionChain(pool);
      const first = this.chain.open()!;
      this.place(first.start, first.end);
    }
    this.view.setInt32(this.ctx + CTX.ARENA_CUR, 24 << 20, true);
    this.view.setInt32(this.ctx + CTX.ARENA_END, 32 << 20, true);
  }
  private place(start: number, end: number): void {
    this.view.setInt32(this.ctx + CTX.SCRATCH_CUR, start, true);
    this.view.setInt32(this.ctx + CTX.SCRATCH_END, end, true);
  }
  str(text: string | Uint8Array): bigint {
    const raw = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    const at = this.inputAt;
    this.bytes.set(raw, at);
    this.inputAt = (at + raw.length + 15) & ~7;
    return BigInt(at) | (BigInt(raw.length) << 32n);
  }
  text(s: bigint, encoding: 'utf8' | 'hex' = 'utf8'): string {
    const u = BigInt.asUintN(64, s);
    const at = Number(u & 0xffffffffn);
    return Buffer.from(this.bytes.slice(at, at + Number(u >> 32n))).toString(encoding);
  }
  /** The high word of the last i128 result joined with its low word. */
  wide(low: bigint): bigint {
    return (this.view.getBigInt64(this.ctx + CTX.RET_HI, true) << 64n) | BigInt.asUintN(64, low);
  }
  error(): string | undefined {
    const code = this.view.getInt32(this.ctx + CTX.ERROR_CODE, true);
    if (code === 0) return undefined;
    const at = this.view.getUint32(this.ctx + CTX.ERROR_ARG, true);
    const length = this.view.getUint32(this.ctx + CTX.ERROR_LEN, true);
    const arg = Buffer.from(this.bytes.slice(at, at + length)).toString('utf8');
    return (RUNTIME_ERRORS[code]?.message ?? `code ${code}`).replace('$1', arg);
  }
  isNull(): boolean {
    return this.view.getInt32(this.ctx + CTX.RET_NULL, true) === 1;
  }
  /** Calls a kernel on fresh scratch; throws the kernel's error as an Error. */
  call(name: string, ...args: (number | bigint | string)[]): number & bigint {
    this.reset();
    return this.callMore(name, ...args);
  }
  /** The same without giving memory back. */
  callMore(name: string, ...args: (number | bigint | string)[]): number & bigint {
    const kernel = this.k[name];
    if (kernel === undefined) throw new ReferenceError(`no kernel ${name}`);
    const result = kernel(this.ctx, ...args.map((a) => (typeof a === 'string' ? this.str(a) : a)));
    const error = this.error();
    if (error !== undefined) throw new RangeError(error);
    return result;
  }
  callText(name: string, ...args: (number | bigint | string)[]): string | null {
    const s = this.call(name, ...args) as bigint;
    return this.isNull() ? null : this.text(s);
  }
}

export const split128 = (v: bigint): [bigint, bigint] => [BigInt.asIntN(64, v), BigInt.asIntN(64, v >> 64n)];

export async function makeBench(checked = false): Promise<Bench> {
  const newest = Math.max(...readdirSync(here).filter((f) => !f.endsWith('.test.ts') && f !== 'test-bed.ts').map((f) => statSync(join(here, f)).mtimeMs));
  const file = wasmFile(checked);
  const fresh = existsSync(file) && statSync(file).mtimeMs >= newest;
  return new Bench(fresh ? readFileSync(file) : await buildKernels(checked), checked);
}
