/**
 * Compiled segments by shape. A hit costs a look-up; a miss emits and compiles (lazily, by V8) a module. Bounded: the
 * entry that was not used for longest goes first, here and (onEvict) from the slices, when there are too many modules or bytes of code. SVL_COMPILE reports what happened here.
 */
import { createHash } from 'node:crypto';
import { CODE_CACHE_BYTES_MAX, CODE_CACHE_MODULES_MAX } from '../../common/limits.ts';
import { atOnce, type Steps } from '../../common/steps.ts';
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
}

export class CodeCache {
  private readonly modules = new Map<string, CachedModule>();
  private nextId = 1;
  private bytes = 0;
  /** Told the number of a module that nobody will start from the cache again. */
  onEvict: (moduleId: number) => void = () => undefined;

  constructor(
    private readonly functionOf: (name: string) => ScalarFunction | undefined,
    private readonly modulesMax = CODE_CACHE_MODULES_MAX,
    private readonly narrow = true,
    private readonly listItemsMin?: number,
    private readonly bytesMax = CODE_CACHE_BYTES_MAX,
  ) {}

  /** Modules kept here, and so on every thread, and their bytes. */
  get kept(): { readonly modules: number; readonly bytes: number } {
    return { modules: this.modules.size, bytes: this.bytes };
  }

  compile(spec: SegmentSpec, parameterCount: number): CompiledSegment {
    return atOnce(this.compiled(spec, parameterCount));
  }
  /** In steps: a large segment takes long. */
  *compiled(spec: SegmentSpec, parameterCount: number): Steps<CompiledSegment> {
    const normal = normaliseSegment(spec, this.listItemsMin);
    const key = digest(`${parameterCount}:${normal.key}`);
    const code = this.used(key);
    if (code !== undefined) return { normal, code, hit: true };
    yield;
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
    return { normal, code: this.used(key) ?? this.add(key, bytes, rest), hit: false };
  }
  private used(key: string): CachedModule | undefined {
    const known = this.modules.get(key);
    if (known === undefined) return undefined;
    this.modules.delete(key);
    this.modules.set(key, known);
    return known;
  }
  private add(key: string, bytes: Uint8Array, rest: Omit<SegmentModule, 'bytes'>): CachedModule {
    const code: CachedModule = {
      ...rest,
      moduleId: this.nextId++,
      module: new WebAssembly.Module(bytes),
      byteCount: bytes.length,
    };
    this.makeRoom(bytes.length);
    this.modules.set(key, code);
    this.bytes += bytes.length;
    return code;
  }
  /** The newest module stays whatever it weighs. */
  private makeRoom(bytes: number): void {
    for (const [key, { moduleId, byteCount }] of this.modules) {
      if (this.modules.size < this.modulesMax && this.bytes + bytes <= this.bytesMax) return;
      this.modules.delete(key);
      this.bytes -= byteCount;
      this.onEvict(moduleId);
    }
  }
}

/** A shape's text may be longer than its module. */
const digest = (shape: string): string => createHash('sha256').update(shape).digest('base64');
