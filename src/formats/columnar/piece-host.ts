/**
 * The load as one piece of a columnar file uses it: what the piece has allocated goes with it, not with the query.
 */
import type { LoadHost } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';

export class PieceHost implements LoadHost {
  readonly memory: LoadHost['memory'];
  readonly kernels: LoadHost['kernels'];
  readonly context: number;
  private readonly taken = new Set<number>();
  constructor(private readonly load: LoadHost) {
    const { memory } = load;
    this.kernels = load.kernels;
    this.context = load.context;
    this.memory = {
      bytes: memory.bytes,
      view: memory.view,
      u32: (at) => memory.view.getUint32(at, true),
      setU32: (at, value) => memory.view.setUint32(at, value, true),
      free: (at) => {
        this.taken.delete(at);
        memory.free(at);
      },
    };
  }
  allocate(bytes: number): number {
    const at = this.load.allocate(bytes);
    this.taken.add(at);
    return at;
  }
  open(piece: LoadPiece): ReturnType<LoadHost['open']> {
    return this.load.open(piece);
  }
  refuse(record: Parameters<LoadHost['refuse']>[0]): void {
    this.load.refuse(record);
  }
  fail(): never {
    return this.load.fail();
  }
  freeAll(): void {
    for (const at of this.taken) this.load.memory.free(at);
    this.taken.clear();
  }
}
