/**
 * The kernels' text conversions on the leader, one value at a time: literals, parameters, and what EXPLAIN prints. There is
 * one reader and one writer of dates, times, timestamps and intervals, and it is the one that slices run over columns; so a
 * literal means what the same text in a column means. A small memory of its own, laid out as below; nothing is kept
 * between two calls but the session zone's table.
 *
 *   64 context   4096 argument text   SCRATCH.. scratch   ARENA.. arena   SESSION.. session zone   NAMED.. zones in texts
 */
import { assert } from '../common/assert.ts';
import { RUNTIME_ERRORS } from '../common/errors/runtime-errors.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { kernelsModule } from '../wasm/kernels-module.ts';
import { CTX, NO_LONG_VALUES } from '../wasm/memory-map.ts';
import { TYPE_INFO, type SqlType, type TypeName } from './sql-type.ts';
import { namedZone, zoneOfSetting, type ZoneKind } from './timezone.ts';
import { intervalHigh, intervalOf, type ConstValue, type IntervalValue } from './value.ts';
import { zoneTable } from './zone-table.ts';

const PAGE = 65536;
const CONTEXT = 64;
const ARGUMENT = 4096;
const ARGUMENT_BYTES = 2 * PAGE - ARGUMENT;
const SCRATCH = 2 * PAGE;
const ARENA = 8 * PAGE;
const SESSION = 9 * PAGE;
const NAMED = 10 * PAGE;
const PAGES = 12;

/** What a session's settings mean for texts of dates and times. */
export interface KernelTextSettings {
  /** Value of the timezone setting. */
  readonly timezone: string;
  /** date-style.ts */
  readonly dateStyle: number;
  /** For 'now' and 'today'; microseconds since 2000-01-01 UTC. */
  readonly nowMicros?: bigint;
}

const NO_SETTINGS: KernelTextSettings = { timezone: 'UTC', dateStyle: 0 };

type Kernel = (...args: (number | bigint)[]) => number & bigint;
const TEMPORAL: ReadonlySet<TypeName> = new Set([
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
  'interval',
  'intervaly2m',
  'intervald2s',
]);
/** Types whose texts kernels read and write here. */
export const isTemporal = (type: SqlType): boolean => TEMPORAL.has(type.name);

class TextKernels {
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private readonly kernels: Readonly<Record<string, Kernel>>;
  private session = '';
  private zonesEnd = NAMED;

  constructor(module: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    this.view = new DataView(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    const zone = (_ctx: number, name: number, length: number, kind: number): number =>
      this.named(Buffer.from(this.bytes.slice(name, name + length)).toString('utf8'), kind as ZoneKind);
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory,
        grow: (_ctx: number, which: number, bytes: number) => this.grow(which, bytes),
        zone,
        clock: () => 0n,
        ...NO_LONG_VALUES,
      },
    });
    this.kernels = instance.exports as unknown as Readonly<Record<string, Kernel>>;
  }
  /** What kernels remember lies in the arena; nothing else may need more than there is. */
  private grow(which: number, bytes: number): number {
    const at = (this.view.getUint32(CONTEXT + CTX.ARENA_CUR, true) + 7) & ~7;
    if (which !== 2 || at + bytes > SESSION) return this.outOfMemory();
    this.view.setUint32(CONTEXT + CTX.ARENA_CUR, at + bytes, true);
    return at;
  }
  private outOfMemory(): number {
    this.view.setInt32(CONTEXT + CTX.ERROR_CODE, 17, true);
    return 0;
  }
  private named(text: string, kind: ZoneKind): number {
    const zone = namedZone(text, kind);
    if (zone === undefined) return 0;
    const table = zoneTable(zone);
    const at = this.zonesEnd;
    if (at + table.length > PAGES * PAGE) return this.outOfMemory();
    this.bytes.set(table, at);
    this.zonesEnd += table.length;
    return at;
  }
  private begin(settings: KernelTextSettings): void {
    const { view } = this;
    this.bytes.fill(0, CONTEXT, CONTEXT + CTX.BYTES);
    if (this.session !== settings.timezone) {
      this.bytes.set(zoneTable(zoneOfSetting(settings.timezone)), SESSION);
      this.session = settings.timezone;
    }
    view.setUint32(CONTEXT + CTX.SCRATCH_CUR, SCRATCH, true);
    view.setUint32(CONTEXT + CTX.SCRATCH_END, ARENA, true);
    view.setUint32(CONTEXT + CTX.ARENA_CUR, ARENA, true);
    view.setUint32(CONTEXT + CTX.ARENA_END, SESSION, true);
    view.setUint32(CONTEXT + CTX.TZ_TABLE, SESSION, true);
    view.setInt32(CONTEXT + CTX.DATE_STYLE, settings.dateStyle, true);
    view.setBigInt64(CONTEXT + CTX.NOW, settings.nowMicros ?? 0n, true);
    view.setBigInt64(CONTEXT + CTX.STMT_NOW, settings.nowMicros ?? 0n, true);
    this.zonesEnd = NAMED;
  }
  /** Calls a kernel; its failure is the user's error. */
  private call(name: string, args: readonly (number | bigint)[]): number & bigint {
    const kernel = this.kernels[name];
    assert(kernel !== undefined, `no kernel ${name}`);
    const result = kernel(CONTEXT, ...args);
    const code = this.view.getInt32(CONTEXT + CTX.ERROR_CODE, true);
    if (code === 0) return result;
    const error = RUNTIME_ERRORS[code];
    assert(error !== undefined, `kernel error ${code}`);
    const at = this.view.getUint32(CONTEXT + CTX.ERROR_ARG, true);
    const length = this.view.getUint32(CONTEXT + CTX.ERROR_LEN, true);
    const argument = Buffer.from(this.bytes.slice(at, at + length)).toString('utf8');
    throw new SqlError({ sqlstate: error.sqlstate, message: error.message.replace('$1', () => argument) });
  }
  private argument(text: string): bigint {
    const bytes = Buffer.from(text, 'utf8').subarray(0, ARGUMENT_BYTES);
    this.bytes.set(bytes, ARGUMENT);
    return BigInt(ARGUMENT) | (BigInt(bytes.length) << 32n);
  }
  read(
    kernel: string,
    type: SqlType,
    text: string,
    more: readonly number[],
    settings: KernelTextSettings,
  ): ConstValue {
    this.begin(settings);
    const result = this.call(kernel, [this.argument(text), ...more]);
    return this.value(type, result);
  }
  /** A result in constant form. */
  private value(type: SqlType, result: number | bigint): ConstValue {
    if (type.name !== 'interval') return result;
    return intervalOf(result as bigint, this.view.getBigInt64(CONTEXT + CTX.RET_HI, true));
  }
  private words(type: SqlType, value: ConstValue): readonly (number | bigint)[] {
    if (type.name === 'interval') {
      const i = value as IntervalValue;
      return [i.micros, intervalHigh(i)];
    }
    return [TYPE_INFO[type.name].phys === 'i64' ? BigInt(value as bigint) : Number(value)];
  }
  write(type: SqlType, value: ConstValue, settings: KernelTextSettings): string {
    this.begin(settings);
    return this.textAt(this.call(`${type.name}_to_text`, this.words(type, value)));
  }
  private textAt(result: number & bigint): string {
    const s = BigInt.asUintN(64, result);
    const at = Number(s & 0xffffffffn);
    return Buffer.from(this.bytes.slice(at, at + Number(s >> 32n))).toString('utf8');
  }
  /** The text a kernel makes of a text. */
  rewrite(kernel: string, text: string): string {
    this.begin(NO_SETTINGS);
    return this.textAt(this.call(kernel, [this.argument(text)]));
  }
  evaluate(
    kernel: string,
    type: SqlType,
    args: readonly { readonly type: SqlType; readonly value: ConstValue }[],
    settings: KernelTextSettings,
  ): ConstValue {
    this.begin(settings);
    return this.value(
      type,
      this.call(
        kernel,
        args.flatMap((a) => this.words(a.type, a.value)),
      ),
    );
  }
}

let instance: TextKernels | undefined;

const kernels = (): TextKernels => (instance ??= new TextKernels(kernelsModule()));

/** A date, time, timetz, timestamp, timestamptz or untyped interval of its text; throws 22007 or 22008. */
export const readTemporal = (type: SqlType, text: string, settings: KernelTextSettings): ConstValue =>
  kernels().read(`text_to_${type.name}`, type, text, [], settings);

/** An interval's text in front of a qualifier: the unit of a bare number (see interval-parse.ts). */
export const readInterval = (text: string, unit: number, minutesFirst: boolean, settings: KernelTextSettings) =>
  kernels().read(
    'text_to_interval_in',
    { name: 'interval' },
    text,
    [unit, minutesFirst ? 1 : 0],
    settings,
  ) as IntervalValue;

export const writeTemporal = (
  type: SqlType,
  value: Exclude<ConstValue, null>,
  settings: KernelTextSettings,
): string => kernels().write(type, value, settings);

/** A sketch's text as it is kept; throws 22P02. */
export const readSketch = (text: string): string => kernels().rewrite('text_to_hllsketch', text);

/** A kernel applied to constants of fixed-width types that are not NULL. */
export const evaluateTemporal = (
  kernel: string,
  type: SqlType,
  args: readonly { readonly type: SqlType; readonly value: ConstValue }[],
  settings: KernelTextSettings,
): ConstValue => kernels().evaluate(kernel, type, args, settings);
