/** What CREATE TABLE, CREATE TABLE AS and CREATE MATERIALIZED VIEW say behind the columns. */

/** DISTSTYLE, DISTKEY, SORTKEY, BACKUP, ENCODE AUTO of a table, CTAS or materialized view. */
export interface TableAttributes {
  readonly diststyle?: 'even' | 'key' | 'all' | 'auto';
  readonly distkey?: string;
  readonly sortkey?: {
    readonly style: 'compound' | 'interleaved' | 'auto' | 'none';
    readonly columns: readonly string[];
  };
  readonly backup?: boolean;
  readonly encodeAuto?: boolean;
}
