/**
 * What a piece of a COPY reads that is no range of an object, as plain values: the leader makes them, slices hand them to
 * their node's I/O thread, src/remote reads them.
 */

/** What all readers of one source may take of it together. Threads share it. */
export interface SharedRate {
  readonly unitsPerSecond: number;
  /** One i64: microseconds (since 2000) at which the next reading may begin. */
  readonly free: SharedArrayBuffer;
}
/** One segment of a DynamoDB table's parallel Scan; its bytes are items as JSON, a line each. */
export interface DynamoSegment {
  readonly kind: 'dynamodb';
  readonly table: string;
  /** REGION; undefined: the endpoint's own. */
  readonly region: string | undefined;
  readonly segment: number;
  readonly segments: number;
  readonly rate: SharedRate;
  /** Read capacity units of an average item; undefined: unknown. */
  readonly itemUnits: number | undefined;
}
export type RemoteSource = DynamoSegment;

/** How system views name it. */
export const remoteName = (source: RemoteSource): string => `dynamodb://${source.table}`;
