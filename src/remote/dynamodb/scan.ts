/**
 * One segment of a DynamoDB table as bytes: strongly consistent pages of a parallel Scan, one after another, each item as JSON on a
 * line of its own. What is read stays below the rate that all segments share: pages are as large as a second's share, as far as
 * the size of items is known by then.
 */
import type { AttributeValue, ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../common/clock.ts';
import { DYNAMODB_PAGE_UNITS_MAX } from '../../common/limits.ts';
import type { DynamoSegment } from '../../common/remote-source.ts';
import { noTraffic, timed, type ObjectReader } from '../../s3/object-io.ts';
import type { RemoteAccess } from '../access.ts';
import { Rate } from '../rate.ts';
import { asDynamoError, connectDynamo, type Dynamo } from './client.ts';
import { UNIT_BYTES } from './table.ts';

/** Items of unknown size are taken for this many units. */
const ITEM_UNITS = 1;
const ITEM_UNITS_MIN = 1 / UNIT_BYTES;
type Item = Readonly<Record<string, AttributeValue>>;

/** Binary values are for looking at only. */
const asText = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
function plain(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: asText(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(asText) };
  if (value.M !== undefined) return { M: Object.fromEntries(Object.entries(value.M).map(([k, v]) => [k, plain(v)])) };
  if (value.L !== undefined) return { L: value.L.map(plain) };
  return value;
}
function lineOf(item: Item): string {
  const entries = Object.entries(item).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(plain(value))}`,
  );
  return `{${entries.join(',')}}\n`;
}

class SegmentReader implements ObjectReader {
  readonly traffic = noTraffic();
  private readonly rate: Rate;
  private readonly stop = new AbortController();
  private left: Buffer = Buffer.alloc(0);
  private next: ScanCommandOutput['LastEvaluatedKey'];
  private isLast = false;
  private itemUnits: number;
  constructor(
    private readonly dynamo: Dynamo,
    private readonly source: DynamoSegment,
  ) {
    this.rate = new Rate(source.rate, systemClock);
    this.itemUnits = Math.max(ITEM_UNITS_MIN, source.itemUnits ?? ITEM_UNITS);
  }
  async read(into: Uint8Array): Promise<number> {
    while (this.left.length === 0) {
      if (this.isLast) return 0;
      await this.page();
    }
    const n = Math.min(into.length, this.left.length);
    into.set(this.left.subarray(0, n));
    this.left = this.left.subarray(n);
    return n;
  }
  private async page(): Promise<void> {
    const { sdk, client } = this.dynamo;
    const { table, segment, segments, rate } = this.source;
    const signal = this.stop.signal;
    const share = Math.min(DYNAMODB_PAGE_UNITS_MAX, Math.max(1, rate.unitsPerSecond));
    const limit = Math.max(1, Math.floor(share / this.itemUnits));
    const asked = Math.min(DYNAMODB_PAGE_UNITS_MAX, limit * this.itemUnits);
    try {
      await this.rate.take(asked, signal);
      const command = new sdk.ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        Segment: segment,
        TotalSegments: segments,
        Limit: limit,
        ExclusiveStartKey: this.next,
      });
      this.take(await timed(this.traffic, () => client.send(command, { abortSignal: signal })), asked);
    } catch (error) {
      throw asDynamoError(error, table);
    }
  }
  private take(answer: ScanCommandOutput, asked: number): void {
    const items = answer.Items ?? [];
    this.left = Buffer.from(items.map(lineOf).join(''));
    this.next = answer.LastEvaluatedKey;
    this.isLast = this.next === undefined;
    const used = answer.ConsumedCapacity?.CapacityUnits ?? this.left.length / UNIT_BYTES;
    this.rate.took(used, asked);
    if (items.length > 0) this.itemUnits = Math.max(ITEM_UNITS_MIN, used / items.length);
    const { traffic } = this;
    traffic.bytes += this.left.length;
    traffic.retries = (traffic.retries ?? 0) + Math.max(0, (answer.$metadata.attempts ?? 1) - 1);
    traffic.requestId = answer.$metadata.requestId;
  }
  abort(): void {
    this.stop.abort();
    this.dynamo.release();
  }
  close(): Promise<void> {
    this.abort();
    return Promise.resolve();
  }
}

export const openSegment = async (source: DynamoSegment, access: RemoteAccess): Promise<ObjectReader> =>
  new SegmentReader(await connectDynamo(access, source), source);
