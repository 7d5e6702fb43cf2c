/** save: rows kept in the order they came, for as many readers as there are, each from the first on. */
import { assert } from '../../common/assert.ts';
import { Breaker, nextExtent, type NextRows, type RowsReader, type Work } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import { readPage, type Page, type Partition, type PartitionWriter } from '../breakers/partitions.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';

export class SaveBreaker extends Breaker {
  private pages: PartitionWriter | undefined;
  private spilled: Partition | undefined;
  private finishing: Work | undefined;

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
  /** One step towards what can be read; true when all can. */
  settle(): boolean {
    if (this.pages === undefined) return true;
    this.finishing ??= this.finishPages(this.pages);
    this.finishing.next();
    return false;
  }
  page(index: number): Page | undefined {
    return this.spilled?.pages[index];
  }
  /** The page's rows in memory that the caller frees. */
  load(page: Page): number {
    return readPage(this.host, this.layout, this.textFields, this.file!, page);
  }
  next(): NextRows {
    assert(false, 'saved rows are read by readers');
  }
  override reader(): RowsReader {
    return new SavedRows(this, this.host);
  }
  override free(): void {
    this.pages?.release();
    super.free();
  }
}

/** Pages on disk first, then what is in memory. */
class SavedRows implements RowsReader {
  private page = 0;
  private held = 0;
  private extent = 0;
  constructor(
    private readonly saved: SaveBreaker,
    private readonly host: BreakerHost,
  ) {}
  next(): NextRows {
    if (!this.saved.settle()) return 'busy';
    this.close();
    const page = this.saved.page(this.page);
    if (page === undefined) return nextExtent(this.saved.store, this.extent++);
    this.page++;
    this.held = this.saved.load(page);
    return { address: this.held, rows: page.rows, pointers: false };
  }
  close(): void {
    if (this.held !== 0) this.host.memory.free(this.held);
    this.held = 0;
  }
}
