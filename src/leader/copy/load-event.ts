/**
 * What is told of a COPY when it has ended, in the shape of the events of the Redshift Data API. The statement has ended then; a
 * transaction around it may still be rolled back.
 */
import type { LoadRecord } from '../history/types.ts';

export interface LoadEvent {
  readonly 'detail-type': string;
  readonly source: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}
const resourceOf = (source: string): string =>
  /^dynamodb:/i.test(source)
    ? `arn:aws:dynamodb:::table/${source.replace(/^dynamodb:\/\//i, '')}`
    : `arn:aws:s3:::${source.replace(/^s3:\/\//i, '')}`;
export const loadEvent = (load: LoadRecord, error: string | undefined): LoadEvent => ({
  'detail-type': 'Slicehouse Load Status Change',
  source: 'slicehouse.load',
  resources: [resourceOf(load.source)],
  detail: {
    queryId: load.query,
    transactionId: load.xid,
    sessionId: load.pid,
    database: load.database,
    table: load.tableName,
    dataSource: load.source,
    fileFormat: load.format,
    state: load.status === 'completed' ? 'FINISHED' : 'FAILED',
    rows: load.rows,
    bytes: load.bytes,
    sourceFiles: load.sourceFiles,
    sourceBytes: load.sourceBytes,
    errors: load.errors,
    durationMicros: Number(load.endMicros - load.startMicros),
    ...(error === undefined ? {} : { error }),
  },
});
