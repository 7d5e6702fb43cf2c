/**
 * Options that only tests give (`startCluster({ testing })`): they force paths of execution that production takes by what
 * the data looks like, and change no answer. The command has no way to set them.
 */
export interface ForcedPaths {
  /**
   * Which variant of a segment's code row groups run in. By default a group without NULLs runs the fast one, where
   * decimals wider than a word are computed in one word as far as the zone maps prove that they fit.
   *   general     every group runs the general variant
   *   no-nulls    groups without NULLs run the fast variant, which never computes in one word
   *   alternate   as by default, but every other group runs the general variant
   */
  readonly codeVariant?: 'general' | 'no-nulls' | 'alternate';
  /** Rows of the first row group a write makes; each further one has twice as many, up to the usual size. */
  readonly firstGroupRows?: number;
  /** Items from which on a list or chain is data, instead of LIST_ITEMS_MIN. */
  readonly listItemsMin?: number;
  /** Every chunk takes the next layout and codec that can hold it, whatever is declared and however heavy it is. */
  readonly encodings?: 'in turn';
  /** Rows in memory after which hash, aggr, sort and save steps spill, whatever memory there is. */
  readonly spillRows?: number;
  /** Longest string that rows hold themselves, instead of INLINE_BYTES_MAX. */
  readonly inlineBytesMax?: number;
  /** Literals from which on an IN list or the rows of VALUES are lifted out of the text, instead of LITERALS_MIN. */
  readonly literalsMin?: number;
  /** Every text is parsed by the thread for long ones. */
  readonly parserThread?: boolean;
  /** Rows above which DISTSTYLE AUTO leaves ALL, instead of AUTO_ALL_ROWS_MAX. */
  readonly autoAllRowsMax?: number;
  /** Size of the log that starts a checkpoint, instead of COMMIT_LOG_CHECKPOINT_BYTES and MEMORY_LOG_CHECKPOINT_BYTES. */
  readonly checkpointBytes?: number;
  /** Every join by alternatives is one hash join each, however few pairs there are (optimizer/alternatives.ts). */
  readonly joinAlternatives?: boolean;
  /** The nodes' object I/O passes this switch (object-io-switch.ts). */
  readonly objectIo?: SharedArrayBuffer;
}
