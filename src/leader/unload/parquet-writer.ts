/**
 * UNLOAD of Parquet where the rows end on the leader: encoded in a memory of its own, which is made when the first rows come.
 */
import { sliceOutOfMemory } from '../../common/errors/catalogue.ts';
import { ParquetRows, type ParquetUnload } from '../../formats/parquet/parquet-rows.ts';
import type { LineWriter } from '../../s3/line-writer.ts';
import type { SealedPart } from '../../s3/part-writer.ts';
import { toldFrames } from '../../s3/told-parts.ts';
import { kernelsModule } from '../../wasm/kernels-module.ts';
import { NO_LONG_VALUES } from '../../wasm/memory-map.ts';
import { RegionPool } from '../../wasm/region-pool.ts';

/** Of address space; what is not touched takes no memory. */
const PAGES = 8192;
const PAGE_BYTES = 65_536;

type OwnWriter = Pick<LineWriter, 'write' | 'abort'> & { finish(always?: boolean): Promise<readonly SealedPart[]> };

export class ParquetWriter implements OwnWriter {
  private rows: ParquetRows | undefined;
  private readonly told: ReturnType<typeof toldFrames>[] = [];
  constructor(
    private readonly parts: LineWriter,
    private readonly unload: ParquetUnload,
  ) {}
  private get encoder(): ParquetRows {
    return (this.rows ??= this.makeRows());
  }
  private makeRows(): ParquetRows {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    const env = { memory, grow: () => 0, zone: () => 0, clock: () => 0n, ...NO_LONG_VALUES };
    const pool = new RegionPool(PAGE_BYTES, (PAGES - 1) * PAGE_BYTES);
    const host = {
      memory: { bytes: new Uint8Array(memory.buffer), view: new DataView(memory.buffer) },
      kernels: new WebAssembly.Instance(kernelsModule(), { env }).exports,
      allocate: (bytes: number) => {
        const address = pool.allocate(bytes);
        if (address === 0) throw sliceOutOfMemory();
        return address;
      },
      free: (address: number) => pool.free(address),
    };
    return new ParquetRows(
      host,
      this.unload,
      (path, bytes, rows) => void this.told.push(toldFrames(path, bytes, rows)),
    );
  }
  async write(rows: Uint8Array): Promise<void> {
    this.encoder.write(rows);
    await this.flush();
  }
  private async flush(): Promise<void> {
    for (const frames of this.told.splice(0))
      for (const { bytes, rows } of frames) await this.parts.write(bytes, rows);
  }
  async finish(always = false): Promise<readonly SealedPart[]> {
    if (always || this.rows !== undefined) {
      this.encoder.finish(always);
      await this.flush();
    }
    return this.parts.finish();
  }
  abort(): Promise<void> {
    return this.parts.abort();
  }
}
