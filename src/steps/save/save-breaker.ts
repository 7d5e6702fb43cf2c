/** save: rows kept in the order they came. */
import { Breaker, nextExtent, type NextRows, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { readPage, type Partition, type PartitionWriter } from '../breakers/partitions.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';

export class SaveBreaker extends Breaker {
  private pages: PartitionWriter | undefined;
  private spilled: Partition | undefined;
  private finishing: Work | undefined;
  private page = 0;
  private held = 0;
  private extent = 0;

  constructor(host: BreakerHost, layout: TupleLayout) {
    super(host, layout, true);
  }
  protected *spill(): Work {
    this.pages ??= this.writer(0, 0);
    yield* this.spillTo(this.pages);
  }
  /** Several segments may append (branches of a UNION ALL), so that the end is known to the reader only. */
  *seal(): Work {
    this.store.close();
  }
  private *finishPages(pages: PartitionWriter): Work {
    [this.spilled] = yield* this.finish(pages);
    this.pages = undefined;
  }
  next(): NextRows {
    if (this.pages !== undefined) {
      this.finishing ??= this.finishPages(this.pages);
      this.finishing.next();
      return 'busy';
    }
    if (this.held !== 0) this.host.memory.free(this.held);
    this.held = 0;
    const page = this.spilled?.pages[this.page];
    if (page === undefined) return nextExtent(this.store, this.extent++);
    this.page++;
    this.held = readPage(this.host, this.layout, this.textFields, this.file!, page);
    return { address: this.held, rows: page.rows, pointers: false };
  }
  override free(): void {
    this.pages?.release();
    if (this.held !== 0) this.host.memory.free(this.held);
    super.free();
  }
}
