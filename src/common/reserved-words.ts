/**
 * Redshift's reserved words. Unquoted they name nothing: the own statement parsers refuse them through Cursor.name(),
 * queries through dialect/reserved.ts.
 */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
  blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross current_date
  current_time current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc
  disable distinct do else emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze from
  full globaldict256 globaldict64k grant group gzip having identity ignore ilike in initially inner intersect interval
  into is isnull join leading left like limit localtime localtimestamp lun luns lzo lzop minus mostly16 mostly32 mostly8
  natural new not notnull null nulls off offline offset oid old on only open or order outer overlaps parallel partition
  percent permissions pivot placing primary raw readratio recover references rejectlog resort respect restore right
  select session_user similar snapshot some sysdate system table tag tdes text255 text32k then timestamp to top trailing
  true truncatecolumns union unique unnest unpivot user using verbose wallet when where with without`.split(/\s+/),
);

/** Reserved words that start a type's name. */
export const TYPE_WORDS: ReadonlySet<string> = new Set(['timestamp', 'interval', 'binary', 'oid']);

/** Words of PostgreSQL 8.0's grammar, reserved or not: with the reserved ones, those that QUOTE_IDENT quotes. */
const GRAMMAR_WORDS =
  `abort absolute access action add after aggregate all alter analyse analyze and any array as asc assertion
  assignment at authorization backward before begin between bigint binary bit boolean both by cache called cascade
  case cast chain char character characteristics check checkpoint class close cluster coalesce collate column
  comment commit committed constraint constraints conversion convert copy create createdb createuser cross
  current_date current_time current_timestamp current_user cursor cycle database day deallocate dec decimal declare
  default defaults deferrable deferred definer delete delimiter delimiters desc distinct do domain double drop each
  else encoding encrypted end escape except excluding exclusive execute exists explain external extract false fetch
  first float for force foreign forward freeze from full function global grant group handler having hold hour ilike
  immediate immutable implicit in including increment index inherits initially inner inout input insensitive insert
  instead int integer intersect interval into invoker is isnull isolation join key lancompiler language large last
  leading left level like limit listen load local localtime localtimestamp location lock match maxvalue minute
  minvalue mode month move names national natural nchar new next no nocreatedb nocreateuser none not nothing notify
  notnull nowait null nullif numeric object of off offset oids old on only operator option or order out outer
  overlaps overlay owner partial password path placing position precision prepare preserve primary prior privileges
  procedural procedure quote read real recheck references reindex relative rename repeatable replace reset restart
  restrict returns revoke right row rows rule schema scroll second security select sequence serializable session
  session_user set setof share show similar simple smallint some stable start statement statistics stdin stdout
  storage strict substring sysid table tablespace temp template temporary then time timestamp to toast trailing
  transaction treat trigger trim true truncate trusted type unencrypted union unique unknown unlisten until update
  usage user using vacuum valid validator values varchar varying verbose version view volatile when where with
  without work write year zone`.split(/\s+/);
export const KEYWORDS: ReadonlySet<string> = new Set([...RESERVED_WORDS, ...GRAMMAR_WORDS]);
