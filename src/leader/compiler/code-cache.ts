/**
 * Compiled segments by shape. A hit costs a look-up; a miss emits and compiles (lazily, by V8) a module. Bounded: the
 * entry that was not used for longest goes first, here and (onEvict) from the slices. SVL_COMPILE reports what happened here.
 */
import { CODE_CACHE_MODULES_MAX } from '../../common/limits.ts';
import type { ScalarFunction } from '../../functions/define.ts';
import { emitSegment, type SegmentModule } from '../../steps/emit-segment.ts';
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
  /** Told the number of a module that nobody will start from the cache again. */
  onEvict: (moduleId: number) => void = () => undefined;

  constructor(
    private readonly functionOf: (name: string) => ScalarFunction | undefined,
    private readonly modulesMax = CODE_CACHE_MODULES_MAX,
    private readonly narrow = true,
    private readonly listItemsMin?: number,
  ) {}

  compile(spec: SegmentSpec, parameterCount: number): CompiledSegment {
    const normal = normaliseSegment(spec, this.listItemsMin);
    const key = `${parameterCount}:${normal.key}`;
    const known = this.modules.get(key);
    if (known) {
      this.modules.delete(key);
      this.modules.set(key, known);
      return { normal, code: known, hit: true };
    }
    const { bytes, ...rest } = emitSegment(
      {
        spec: normal.spec,
        literalCount: normal.literals.length,
        parameterCount: normal.literals.length + parameterCount,
        nameSlots: normal.nameSlots,
        narrow: this.narrow,
      },
      this.functionOf,
    );
    const code: CachedModule = {
      ...rest,
      moduleId: this.nextId++,
      module: new WebAssembly.Module(bytes),
      byteCount: bytes.length,
    };
    this.evictOver(this.modulesMax - 1);
    this.modules.set(key, code);
    return { normal, code, hit: false };
  }
  private evictOver(count: number): void {
    for (const [key, { moduleId }] of this.modules) {
      if (this.modules.size <= count) return;
      this.modules.delete(key);
      this.onEvict(moduleId);
    }
  }
}
