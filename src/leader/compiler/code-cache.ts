/**
 * Compiled segments by shape. A hit costs a look-up; a miss emits and compiles (lazily, by V8) a module. Bounded in modules
 * and in bytes of code: the entry that was not used for longest goes first, here and (onDrop) from every thread. What a
 * running query holds stays until it has ended, whatever it weighs, so that this cache names every module that a thread
 * may know. SVL_COMPILE reports what happened here.
 */
import { createHash } from 'node:crypto';
import { assert } from '../../common/assert.ts';
import { systemClock } from '../../common/clock.ts';
import { CODE_CACHE_BYTES_MAX, CODE_CACHE_MODULES_MAX } from '../../common/limits.ts';
import type { Steps } from '../../common/steps.ts';
import type { ScalarFunction } from '../../functions/define.ts';
import { emittedSegment, type SegmentModule } from '../../steps/emit-segment.ts';
import { normaliseSegment, type NormalSegment } from '../../steps/normalise.ts';
import type { SegmentSpec } from '../../steps/spec.ts';

export interface CachedModule extends Omit<SegmentModule, 'bytes'> {
  readonly moduleId: number;
  readonly module: WebAssembly.Module;
  readonly byteCount: number;
}
export interface CompiledSegment {
  readonly normal: NormalSegment;
  readonly code: CachedModule;
  readonly hit: boolean;
  /** When its module was found, or made. */
  readonly startMicros: bigint;
  readonly endMicros: bigint;
}
interface Kept {
  readonly code: CachedModule;
  /** Running queries that hold it. */
  holders: number;
}

export class CodeCache {
  private readonly modules = new Map<string, Kept>();
  private nextId = 1;
  private bytes = 0;
  /** Told the number of a module that nobody will start again. */
  onDrop: (moduleId: number) => void = () => undefined;

  constructor(
    private readonly functionOf: (name: string) => ScalarFunction | undefined,
    private readonly modulesMax = CODE_CACHE_MODULES_MAX,
    private readonly narrow = true,
    private readonly listItemsMin?: number,
    private readonly bytesMax = CODE_CACHE_BYTES_MAX,
  ) {}

  /** Modules kept here, and their bytes. */
  get kept(): { readonly modules: number; readonly bytes: number } {
    return { modules: this.modules.size, bytes: this.bytes };
  }
  /** For one query. */
  hold(): HeldModules {
    return new HeldModules(this);
  }

  /** Of segments that are run again and again: plans of prepared statements, expressions of procedures. */
  private readonly normals = new WeakMap<SegmentSpec, NormalSegment>();
  normalised(spec: SegmentSpec, parameterCount: number): { readonly normal: NormalSegment; readonly key: string } {
    let normal = this.normals.get(spec);
    if (normal === undefined) {
      normal = normaliseSegment(spec, this.listItemsMin);
      this.normals.set(spec, normal);
    }
    return { normal, key: digest(`${parameterCount}:${normal.key}`) };
  }
  find(key: string): Kept | undefined {
    const known = this.modules.get(key);
    if (known === undefined) return undefined;
    this.modules.delete(key);
    this.modules.set(key, known);
    return known;
  }
  /** In steps: a large segment takes long. */
  *make(key: string, normal: NormalSegment, parameterCount: number): Steps<Kept> {
    const { bytes, ...rest } = yield* emittedSegment(
      {
        spec: normal.spec,
        literalCount: normal.literals.length,
        parameterCount: normal.literals.length + parameterCount,
        nameSlots: normal.nameSlots,
        narrow: this.narrow,
      },
      this.functionOf,
    );
    // Another statement may have made it meanwhile.
    return this.find(key) ?? this.add(key, bytes, rest);
  }
  private add(key: string, bytes: Uint8Array, rest: Omit<SegmentModule, 'bytes'>): Kept {
    const code: CachedModule = {
      ...rest,
      moduleId: this.nextId++,
      module: new WebAssembly.Module(bytes),
      byteCount: bytes.length,
    };
    const kept = { code, holders: 0 };
    this.modules.set(key, kept);
    this.bytes += bytes.length;
    return kept;
  }
  /** Lets go of what is too much and nobody holds; the newest module stays whatever it weighs. */
  trim(): void {
    for (const [key, { code, holders }] of this.modules) {
      const fits = this.modules.size <= this.modulesMax && this.bytes <= this.bytesMax;
      if (fits || this.modules.size === 1) return;
      if (holders > 0) continue;
      this.modules.delete(key);
      this.bytes -= code.byteCount;
      this.onDrop(code.moduleId);
    }
  }
}

/** The modules of one running query, until it has ended. */
export class HeldModules {
  private readonly held = new Set<Kept>();
  private released = false;
  constructor(private readonly cache: CodeCache) {}

  /** What there is of all segments is held before any is made, so that a statement does not push out its own. */
  *compiled(specs: readonly SegmentSpec[], parameterCount: number): Steps<readonly CompiledSegment[]> {
    const found: (CompiledSegment | ReturnType<CodeCache['normalised']>)[] = [];
    for (const spec of specs) {
      const startMicros = systemClock.nowMicros();
      const { normal, key } = this.cache.normalised(spec, parameterCount);
      const known = this.cache.find(key);
      found.push(known ? { normal, code: this.take(known), hit: true, ...since(startMicros) } : { normal, key });
      yield;
    }
    const out: CompiledSegment[] = [];
    for (const segment of found) {
      if ('code' in segment) {
        out.push(segment);
        continue;
      }
      const { normal, key } = segment;
      const startMicros = systemClock.nowMicros();
      const known = this.cache.find(key);
      const code = this.take(known ?? (yield* this.cache.make(key, normal, parameterCount)));
      this.cache.trim();
      out.push({ normal, code, hit: known !== undefined, ...since(startMicros) });
      yield;
    }
    return out;
  }
  private take(kept: Kept): CachedModule {
    assert(!this.released, 'a module for a query that has ended');
    if (!this.held.has(kept)) {
      this.held.add(kept);
      kept.holders++;
    }
    return kept.code;
  }
  release(): void {
    this.released = true;
    for (const kept of this.held) kept.holders--;
    this.held.clear();
    this.cache.trim();
  }
}

const since = (startMicros: bigint): Pick<CompiledSegment, 'startMicros' | 'endMicros'> => {
  return { startMicros, endMicros: systemClock.nowMicros() };
};

/** A shape's text may be longer than its module: short ones stand for themselves, long ones by their hash. */
const DIGEST_LENGTH_MIN = 2048;
const digest = (shape: string): string =>
  shape.length < DIGEST_LENGTH_MIN ? shape : createHash('sha256').update(shape).digest('base64');
