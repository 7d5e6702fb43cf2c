/**
 * Every limit of the system by name. Passing one is a SqlError, never a hang or a crash.
 */
/** Redshift's limit for one SQL statement, bytes. */
export const STATEMENT_BYTES_MAX = 16 * 1024 * 1024;
/** Nesting of parentheses and operators that the parser accepts before 54001. */
export const EXPRESSION_DEPTH_MAX = 1000;
/** Nodes of a relation that is copied to draw the outer values of a correlated subquery from. */
export const DOMAIN_NODES_MAX = 4096;
/** Identifier length in bytes; longer names are cut silently, as in Redshift. */
export const IDENTIFIER_BYTES_MAX = 127;
/** References to WITH queries and views of a statement, those in one another counted as often as they are read. */
export const QUERY_REFERENCES_MAX = 16_384;
export const TABLE_COLUMNS_MAX = 1600;
/** Sets of one GROUP BY; bits of what GROUPING() gives. */
export const GROUPING_SETS_MAX = 64;
export const GROUPING_ARGUMENTS_MAX = 31;
export const TARGET_LIST_MAX = 1664;
export const VARCHAR_BYTES_MAX = 65535;
/** Columns of fixed length in a row that compute nodes process, together. */
export const FIXED_ROW_BYTES_MAX = 65_535;
/** Longest text that functions give, with enable_large_strings_opt_in; no column holds one of more than VARCHAR_BYTES_MAX. */
export const LARGE_STRING_BYTES_MAX = 16_000_000;
/** From one look for materialized views that are to be refreshed by themselves to the next. */
export const VIEW_REFRESH_POLL_MS = 1_000;
/** From one look for new files of jobs of COPY to the next. */
export const COPY_JOB_POLL_MS = 500;
/** Longest VARBYTE. */
export const VARBYTE_BYTES_MAX = 16_777_216;
/** Digits of a NUMERIC, and those behind its point. */
/** Bytes of a SUPER value, and how deep arrays and objects may lie in each other; a string in one is as long as any text. */
export const SUPER_BYTES_MAX = 16 * 1024 * 1024;
export const SUPER_NESTING_MAX = 1000;
/** Bytes of a GEOMETRY or GEOGRAPHY value as EWKB, and how deep collections may lie in each other. */
export const GEOMETRY_BYTES_MAX = 1_048_447;
export const GEOMETRY_NESTING_MAX = 100;
/** Steps of one spatial computation: pairs of edges that are looked at, a second or two of them. */
export const SPATIAL_WORK_MAX = 10_000_000;
/** Segments of a quarter of a circle that ST_Buffer draws. */
export const SPATIAL_SEGMENTS_MAX = 10_000;
/** Cells that one H3 function gives. */
export const H3_CELLS_MAX = 500_000;
export const NUMERIC_PRECISION_MAX = 38;
export const NUMERIC_SCALE_MAX = 37;
export const CHAR_BYTES_MAX = 4096;
export const SLICES_MAX = 128;
/** A size that tests make small through the environment, to reach every boundary with few rows. */
function adjustable(name: string, normal: number, least: number): number {
  const given = Number(process.env[name] ?? normal);
  return Number.isInteger(given) && given >= least && given <= normal ? given : normal;
}
/** One page of a Parquet column, unpacked, and the footer of a Parquet file. */
export const PARQUET_PAGE_BYTES_MAX = 256 * 1024 * 1024;
export const PARQUET_FOOTER_BYTES_MAX = 64 * 1024 * 1024;
/** An ORC file's footer, the data of one of its stripes as it is stored, a dictionary, the texts of one batch of a column. */
export const ORC_FOOTER_BYTES_MAX = 64 * 1024 * 1024;
export const ORC_STRIPE_BYTES_MAX = 512 * 1024 * 1024;
export const ORC_DICTIONARY_BYTES_MAX = 256 * 1024 * 1024;
export const ORC_TEXTS_BYTES_MAX = 256 * 1024 * 1024;
/** Parts of the nested values of one batch of ORC, and the characters of their JSON. */
export const ORC_NESTED_VALUES_MAX = 4 * 1024 * 1024;
export const ORC_NESTED_BYTES_MAX = 64 * 1024 * 1024;
/** One shape of a shapefile. */
export const SHAPE_BYTES_MAX = 32 * 1024 * 1024;
/** Rows of one batch between steps of a segment. */
export const BATCH_ROWS = adjustable('SLICEHOUSE_BATCH_ROWS', 2048, 1);
/** Region sizes of a segment's scratch and arena: the first, and up to where each new one doubles; powers of two. */
export const REGION_BYTES_MIN = adjustable('SLICEHOUSE_REGION_BYTES', 16 * 1024, 64);
export const REGION_BYTES_MAX = 1024 * 1024;
/** Scratch that a row may leave behind: giving back costs a call, a few KiB stay in the cache. */
export const SCRATCH_LEFT_BYTES = adjustable('SLICEHOUSE_SCRATCH_LEFT_BYTES', 4096, 0);
/** Texts that an insert gathers in scratch before it hands its rows on. */
export const INSERT_TEXT_BYTES_MAX = 1024 * 1024;
/** One allocation of a kernel, and one row on its way out: more is Out Of Memory. */
export const ALLOCATION_BYTES_MAX = 1024 * 1024 * 1024;
/** Bytes of one exchange ring at most; a power of two. */
export const RING_BYTES_MAX = adjustable('SLICEHOUSE_RING_BYTES', 256 * 1024, 16);
/** Bytes of rings that wait for the next query. */
export const EDGE_POOL_BYTES_MAX = 32 * 1024 * 1024;
/** Rows of a closed row group. */
export const ROW_GROUP_ROWS = 65536;
/** Encoded bytes of a chunk or block. */
export const BLOCK_BYTES_MAX = 1024 * 1024;
/** Rows of one statement on one slice up to this many bytes travel in the commit record instead of blocks. */
export const SMALL_WRITE_BYTES_MAX = 64 * 1024;
/** Prepared statements and portals of one session. */
export const PREPARED_STATEMENTS_MAX = 10_000;
export const PORTALS_MAX = 1_000;
export const CONNECTIONS_MAX = 500;
/** Bind parameters of one statement. */
export const PARAMETERS_MAX = 32767;
/** Items of an IN list from which on they are data that a kernel searches, not code. */
export const LIST_ITEMS_MIN = adjustable('SLICEHOUSE_LIST_ITEMS_MIN', 24, 1);
/** Weight of the code (expressions/code-size.ts) of one emitted function: some thousand instructions. */
export const FUNCTION_WEIGHT_MAX = adjustable('SLICEHOUSE_FUNCTION_WEIGHT', 1000, 1);
/** Rows of one slice that a window step may order: their numbers, and those a frame away, fit 31 bits. */
export const WINDOW_ROWS_MAX = 2 ** 29;
/** Joins of one segment: its state holds a batch of rows per join, with a tuple of every join before it. */
export const SEGMENT_JOINS_MAX = adjustable('SLICEHOUSE_SEGMENT_JOINS', 24, 1);
/** Texts that are parsed by the leader's own thread; longer ones go to a thread that lives while they come. */
export const PARSED_HERE_BYTES_MAX = 128 * 1024;
export const PARSED_HERE_TOKENS_MAX = 4_000;
export const PARSER_IDLE_MS = 10_000;
/** Memory of that thread for one statement, MiB. */
export const PARSER_MEMORY_MB_MAX = 1024;
/** Literals of an IN list, or of the rows of VALUES, from which on they leave the text as data before it is parsed. */
export const LITERALS_MIN = 1_000;
/** Bytes of a request of object I/O between its thread and the slice; powers of two. */
export const OBJECT_READ_BYTES_MAX = adjustable('SLICEHOUSE_OBJECT_READ_BYTES', 1024 * 1024, 64);
export const OBJECT_WRITE_BYTES_MAX = 512 * 1024;
/** Rows that one writer of an UNLOAD of Parquet keeps of all partitions. */
export const UNLOAD_PARTITION_BYTES = 64 * 1024 * 1024;
/** Partitions that one writer of an UNLOAD has open. */
export const UNLOAD_PARTITIONS_MAX = 1000;
/** Buffers of ended reads that a slice keeps for the next ones. */
export const OBJECT_BUFFERS_KEPT_MAX = 4;
/** COPY row limit, bytes. */
export const COPY_ROW_BYTES_MAX = 4 * 1024 * 1024;
/** Multipart uploads of the S3 door that are open at a time. */
export const S3_UPLOADS_MAX = 1_000;
/** Events of loads that wait to be sent, time of one try, tries, the pause between them, and time for them at the end. */
export const EVENTS_WAITING_MAX = 1_000;
export const EVENT_TIMEOUT_MS = 5_000;
export const EVENT_TRIES_MAX = 3;
export const EVENT_PAUSE_MS = 500;
export const EVENT_CLOSE_MS_MAX = 1_000;
/** Of an S3 endpoint over the network: time to connect, silence in an answer, tries of a request. */
export const S3_CONNECT_MS_MAX = 5_000;
export const S3_SILENCE_MS_MAX = 30_000;
export const S3_TRIES_MAX = 4;
/**
 * Of a DynamoDB endpoint: tries of a request (the SDK's pauses grow to 20 s), units of a page (1 MB, read with strong consistency),
 * and what a table on demand gives in a second by default.
 */
export const DYNAMODB_TRIES_MAX = 8;
export const DYNAMODB_PAGE_UNITS_MAX = 256;
export const DYNAMODB_ON_DEMAND_UNITS = 40_000;
/**
 * Of COPY over SSH: entries of a manifest, bytes of a command, time for a connection, seconds without a word from a host until it is asked whether it is there,
 * times that it may not answer, bytes of its command's stderr that are told.
 */
export const SSH_ENTRIES_MAX = 1_000;
export const SSH_COMMAND_BYTES_MAX = 64 * 1024;
export const SSH_CONNECT_MS_MAX = 15_000;
export const SSH_KEEP_ALIVE_SECONDS = 15;
export const SSH_KEEP_ALIVE_MISSED_MAX = 3;
export const SSH_STDERR_BYTES_MAX = 1_000;
/** Times that the rest of a range is asked for again when its connection broke off, and the pause, which grows. */
export const S3_RESUMES_MAX = 3;
export const S3_RESUME_WAIT_MS = 200;
/** Objects uploaded at a time, in parts of so many bytes. */
export const S3_UPLOADS_AT_ONCE = 4;
export const S3_UPLOAD_PART_BYTES = 16 * 1024 ** 2;
/** Keys that a listing looks at between two turns of the event loop. */
export const S3_SEARCHED_KEYS_TURN = 1_000;
/** Smallest part of a multipart upload but the last. */
export const S3_PART_BYTES_MIN = 5 * 1024 ** 2;
/** User metadata of an object, names and values. */
export const S3_METADATA_BYTES_MAX = 2 * 1024;
/** Tags of an object, and of a bucket. */
export const S3_OBJECT_TAGS_MAX = 10;
export const S3_BUCKET_TAGS_MAX = 50;
/** A bucket's policy, bytes of JSON. */
export const S3_POLICY_BYTES_MAX = 20 * 1024;
/** Fields of a form that uploads an object, without the file. */
export const S3_FORM_BYTES_MAX = 20 * 1024;
/** An XML body that a client sends to the S3 door: bytes, nesting, elements without children. */
export const S3_XML_BYTES_MAX = 2 * 1024 * 1024;
export const S3_XML_DEPTH_MAX = 8;
export const S3_XML_LEAVES_MAX = 60_000;
/** Keys of one DeleteObjects. */
export const S3_DELETE_KEYS_MAX = 1_000;
/** Bytes of an object or part sent in one request. */
export const S3_OBJECT_BYTES_MAX = 5 * 1024 ** 3;
/** Connections of the HTTP port; one more and the oldest of the busiest address that sends no request is dropped. */
export const HTTP_CONNECTIONS_MAX = 256;
/** Time for a request's headers, time without a byte in either direction, and time an unused connection stays. */
export const HTTP_HEADERS_TIMEOUT_MS = 15_000;
export const HTTP_IDLE_TIMEOUT_MS = 30_000;
export const HTTP_KEEP_ALIVE_MS = 5_000;
/** In each span of the idle time a body brings at least so many bytes, or the request ends. */
export const HTTP_BODY_BYTES_MIN = 16 * 1024;
/** A request for credentials of the cluster. */
export const CLUSTER_API_BYTES_MAX = 64 * 1024;
/** Time in which what a client still sends after an early answer is thrown away, before the connection is cut. */
export const HTTP_LINGER_MS = 1_000;
/** The HTTP query door: sessions, their idle time unless they ask for another, and the longest that they may ask for. */
export const HTTP_SESSIONS_MAX = 100;
export const HTTP_SESSION_IDLE_MS = 600_000;
export const HTTP_SESSION_IDLE_MAX_MS = 24 * 3_600_000;
/** Statements of one session that wait behind the one that runs. */
export const HTTP_SESSION_WAITING_MAX = 16;
/** A request's body: a statement of the longest kind, escaped, and its parameters. */
export const HTTP_QUERY_BODY_BYTES_MAX = 48 * 1024 * 1024;
/** Bytes of an answer that a client has not taken, from which on no more rows are read. */
export const HTTP_ROWS_BYTES_MAX = 256 * 1024;
/** Refused records of one COPY that a slice describes; more are counted only. */
export const LOAD_ERRORS_KEPT_MAX = 25_000;
/** Records of one COPY in which ACCEPTINVCHARS replaced something that a slice describes, as Redshift's does. */
export const LOAD_REPLACED_KEPT_MAX = 100;
/** Refused records of one COPY whose fields a slice tells. */
export const LOAD_ERRORS_DETAILED_MAX = 20;
/** Simplified shapes of one COPY that a slice describes. */
export const LOAD_SIMPLIFIED_KEPT_MAX = 10_000;
/** Memory of a COMPUPDATE sample on one slice. */
export const SAMPLE_BYTES_MAX = 16 * 1024 * 1024;
/** Text from which COPY gives an empty DISTSTYLE AUTO table the EVEN style instead of a copy on every node. */
export const AUTO_ALL_BYTES_MAX = 8 * 1024 * 1024;
/** Rows up to which a DISTSTYLE AUTO table is kept on every node; a larger one moves to its key or spreads evenly. */
export const AUTO_ALL_ROWS_MAX = 250_000;
/** Rows of each STL log kept in memory, and bytes of all logs together, before the oldest go. */
export const HISTORY_ROWS_MAX = 100_000;
export const HISTORY_BYTES_MAX = 64 * 1024 * 1024;
/** Characters of a statement's text that the history keeps. */
export const HISTORY_TEXT_MAX = 65_535;
/** History on disk: records and time of one batch, bytes that may wait for the disk, of one file and of all, days kept. */
export const HISTORY_BATCH_RECORDS = 256;
export const HISTORY_BATCH_MS = 1_000;
export const HISTORY_WAITING_BYTES_MAX = 16 * 1024 * 1024;
export const HISTORY_FILE_BYTES = 4 * 1024 * 1024;
export const HISTORY_DISK_BYTES_MAX = 128 * 1024 * 1024;
export const HISTORY_DAYS = 7;
/** Query numbers are reserved on disk in runs of this length; a crash skips the rest of a run. */
export const QUERY_ID_RESERVATION = 10_000;
/** Transition tables of time zones kept by one thread, some 15 KB each. */
export const ZONE_TABLES_MAX = 64;
/** Compiled modules kept by the leader's code cache, beside those of running queries. */
export const CODE_CACHE_MODULES_MAX = adjustable('SLICEHOUSE_CODE_CACHE_MODULES', 2_000, 1);
/** Bytes of their WebAssembly; machine code takes several times that. */
export const CODE_CACHE_BYTES_MAX = adjustable('SLICEHOUSE_CODE_CACHE_BYTES', 4 * 1024 * 1024, 1);
/** Young generation of a slice thread's JavaScript heap, MiB: what lives short there is little, and V8 would take 48. */
export const SLICE_YOUNG_HEAP_MB = 6;
/** By how much the heap of the server's process grows between collections; V8 alone lets it triple. */
export const HEAP_GROWING_PERCENT = 40;
/** Longest frontend message: a statement of full length and its framing, or the parameters of one Bind. */
export const MESSAGE_BYTES_MAX = STATEMENT_BYTES_MAX + 64 * 1024;
/** Longest start-up packet. */
export const STARTUP_BYTES_MAX = 10_000;
/** Output gathered for one connection before it is written to the socket. */
export const WIRE_FLUSH_BYTES = 64 * 1024;
/** Unsent bytes of one connection's socket before results wait for the client. */
export const SOCKET_BUFFER_BYTES_MAX = 1024 * 1024;
/** Bytes a client may send ahead of the message being handled before its socket is paused. */
export const WIRE_QUEUE_BYTES_MAX = 4 * 1024 * 1024;
/** Connections that have not logged in yet; one more and the oldest of the busiest address is dropped. */
export const UNAUTHENTICATED_CONNECTIONS_MAX = 100;
/** Connections that only superusers may take. */
export const SUPERUSER_CONNECTIONS_RESERVED = 5;
/** Bytes a client may send ahead before it has logged in, a password message included. */
export const LOGIN_BYTES_MAX = 64 * 1024;
/** A wrong password is answered after this time, doubled with every further one up to the maximum. */
export const LOGIN_DELAY_MIN_MS = 100;
export const LOGIN_DELAY_MAX_MS = 5_000;
/** Wrong passwords for one user from one address that may be waiting for their answer; further attempts queue behind. */
export const LOGIN_FAILURES_HELD_MAX = 8;
/** Wrong passwords from one address, whatever the user, from which on its answers are delayed alike. */
export const LOGIN_FAILURES_PER_ADDRESS_FREE = 20;
/** Users and addresses whose failures are remembered, and for how long after the last. */
export const LOGIN_FAILURES_KEPT_MAX = 10_000;
export const LOGIN_FAILURES_FORGOTTEN_MS = 300_000;
/** Temporary passwords that are right at a time, of all users. */
export const TEMPORARY_CREDENTIALS_MAX = 1_000;
/** A certificate of our own is renewed this long before it expires. */
export const CERTIFICATE_RENEW_DAYS = 30;
/** Time a client has from connecting to the end of authentication. */
export const AUTHENTICATION_TIMEOUT_MS = 60_000;
/** Silence after which the system asks whether a client is still there. */
export const SOCKET_KEEP_ALIVE_MS = 60_000;
/** Size of the commit log after which a checkpoint is taken. */
export const COMMIT_LOG_CHECKPOINT_BYTES = 64 * 1024 * 1024;
/** Size of what a cluster in memory keeps of its commits after which the slices write their superblocks. */
export const MEMORY_LOG_CHECKPOINT_BYTES = 16 * 1024 * 1024;
/** Longest time between a commit and the sync of the mark that names it as the end of the log. */
export const ROOT_SYNC_MS = 100;
/** Bytes of one group commit written and synced together. */
export const GROUP_COMMIT_BYTES_MAX = 16 * 1024 * 1024;
/** Xids and oids are reserved durably in runs of this length; a crash skips the rest of a run. */
export const XID_RESERVATION = 4096;
export const OID_RESERVATION = 256;
/**
 * Accesses (a transaction, a table it read, a table it wrote) that the conflict graph of SERIALIZABLE databases keeps; beyond
 * it the oldest running transaction is given up.
 */
export const SERIALIZABLE_ACCESSES_MAX = 50_000;
/** Times a statement resolves its names again because they meant something else after it waited for locks. */
export const NAME_RESOLUTIONS_MAX = 100;
/** Columns of a compound and of an interleaved sort key. */
export const COMPOUND_SORTKEY_COLUMNS_MAX = 400;
export const INTERLEAVED_SORTKEY_COLUMNS_MAX = 8;
export const DATABASES_MAX = 60;
export const SCHEMAS_PER_DATABASE_MAX = 9900;
/** Columns that one internal query of ANALYZE looks at. */
export const ANALYZE_COLUMNS_PER_QUERY = 200;
/** Memory of one node, MiB. Addresses stay below 2^31, so that signed and unsigned arithmetic agree everywhere. */
export const NODE_MEMORY_MB_MIN = 64;
export const NODE_MEMORY_MB_MAX = 2047;
/** A node that was started anew so often in this time is lost, and the server ends. Nodes stopped on request do not count. */
export const NODE_RESTARTS_MAX = 5;
export const NODE_RESTARTS_MS = 60_000;
/** Time in which a node's threads must have opened their storage. */
export const NODE_START_MS_MAX = 30_000;
/** Time that a statement waits for a node that is being started anew. */
export const NODE_WAIT_MS_MAX = 60_000;
/** Time that a clean stop waits for it. */
export const NODE_WAIT_AT_CLOSE_MS = 5_000;
/** Time that a query on the slices waits for its client, in all, before its rows are put aside; RAM and disk for those of all clients. */
export const RESULT_WAIT_MS = 1_000;
export const RESULT_RAM_BYTES_MAX = 16 * 1024 * 1024;
export const RESULT_DISK_BYTES_MAX = 32 * 1024 * 1024 * 1024;
/** Under --memory: RAM in place of that disk. */
export const RESULT_RAM_DISK_BYTES_MAX = 1024 * 1024 * 1024;
/** Time that a query waits for node memory which others have. */
export const MEMORY_WAIT_MS_MAX = 60_000;
/** Statements that may wait for slots of one service class. */
export const WLM_QUEUED_MAX = CONNECTIONS_MAX;
/** Under --memory: RAM of all slices' temporary disks together. */
export const TEMP_RAM_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** Rows on the temporary disk: bits of their hash that choose a partition, and how often a partition is cut again. */
export const SPILL_PARTITION_BITS = 5;
export const SPILL_LEVELS_MAX = 6;
/** Memory of files that are gone which disks in RAM keep for the next ones, all slices together; tables and temporary files each. */
export const RAM_POOL_BYTES_MAX = 512 * 1024 * 1024;
/** Rows in memory up to this size are never worth a trip to the disk, however short memory is. */
export const SPILL_BYTES_MIN = 256 * 1024;
/** Longest string that rows hold themselves; of a longer one they hold a reference (steps/long-values.ts). */
export const INLINE_BYTES_MAX = 65_535;
/** Of a long value that is read, compared or sent at a time. */
export const LONG_PIECE_BYTES = 64 * 1024;
/** Long values that a segment keeps in memory beyond those of the row at hand. */
export const FETCHED_BYTES_MAX = 16 * 1024 * 1024;
/** Least part of a table on disk that is joined at a time when it cannot be cut by its keys. */
export const JOIN_BLOCK_BYTES_MIN = 512 * 1024;
/** Stored procedures of a database, bytes of one's source, arguments in and out, variables, calls within calls, and blocks within blocks. */
export const ROUTINES_MAX = 10_000;
/** SESSION TIMEOUT of a user. */
export const SESSION_TIMEOUT_MIN_SECONDS = 60;
export const SESSION_TIMEOUT_MAX_SECONDS = 1_728_000;
/** Roles of a cluster, the system's own among them. */
export const ROLES_MAX = 1000;
export const ROUTINE_BYTES_MAX = 2 * 1024 * 1024;
export const ROUTINE_ARGUMENTS_MAX = 32;
export const ROUTINE_VARIABLES_MAX = 1_024;
export const ROUTINE_CALLS_MAX = 16;
export const ROUTINE_NESTING_MAX = 100;
/** Functions of users that call one another, written out in one another. */
export const FUNCTION_NESTING_MAX = 32;
/** Rows of a cursor that a loop of a procedure takes at a time. */
export const ROUTINE_FETCH_ROWS = 256;
