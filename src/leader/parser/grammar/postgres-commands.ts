/**
 * Commands that Postgres has and Redshift lacks. They are parsed, so that garbage is 42601, and then refused in Redshift's
 * words. The syntax begins with the words that the command is known by.
 */
export const POSTGRES_COMMANDS: readonly string[] = [
  'SAVEPOINT name',
  'RELEASE [SAVEPOINT] name',
  'LISTEN name',
  'NOTIFY name',
  'UNLISTEN {name | *}',
  'CLUSTER [qualified [ON qualified]]',
  'REINDEX {TABLE | INDEX | DATABASE} qualified [FORCE]',
  'LOAD string',
  'DO [LANGUAGE name] string [LANGUAGE name]',
  `MOVE [NEXT | PRIOR | FIRST | LAST | ALL | {ABSOLUTE | RELATIVE} integer | {FORWARD | BACKWARD} [integer | ALL] | integer]
    [FROM | IN] name`,
  'CHECKPOINT',
  'CREATE INDEX index',
  'CREATE UNIQUE INDEX index',
  'CREATE SEQUENCE qualified [sequenceoption ...]',
  `CREATE TRIGGER name {BEFORE | AFTER} event [OR event] [OR event] ON qualified [FOR [EACH] {ROW | STATEMENT}]
    EXECUTE PROCEDURE qualified ( [value ,...] )`,
  `CREATE DOMAIN qualified [AS] type
    [{[CONSTRAINT name] {NOT NULL | NULL | CHECK ( expr )} | DEFAULT expr:NOT/NULL/CHECK/CONSTRAINT} ...]`,
  'CREATE TYPE qualified {AS columns | definitions}',
  `CREATE RULE name AS ON {SELECT | INSERT | UPDATE | DELETE} TO qualified [WHERE expr:DO] DO [ALSO | INSTEAD]
    {NOTHING | rest}`,
  `CREATE CAST ( type AS type ) {WITHOUT FUNCTION | WITH FUNCTION qualified types} [AS {ASSIGNMENT | IMPLICIT}]`,
  'CREATE OPERATOR operator definitions',
  'CREATE AGGREGATE qualified definitions',
  'CREATE CONVERSION qualified FOR string TO string FROM qualified',
  'CREATE TABLESPACE name [OWNER name] LOCATION string',
  'CREATE EXTENSION [IF NOT EXISTS] name [WITH] [SCHEMA name] [VERSION value] [CASCADE]',
  'DROP INDEX [IF EXISTS] qualified ,... behaviour',
  'DROP SEQUENCE [IF EXISTS] qualified ,... behaviour',
  'DROP DOMAIN [IF EXISTS] qualified ,... behaviour',
  'DROP TYPE [IF EXISTS] qualified ,... behaviour',
  'DROP CONVERSION [IF EXISTS] qualified behaviour',
  'DROP EXTENSION [IF EXISTS] name ,... behaviour',
  'DROP TABLESPACE [IF EXISTS] name',
  'DROP TRIGGER [IF EXISTS] name ON qualified behaviour',
  'DROP RULE [IF EXISTS] name ON qualified behaviour',
  'DROP CAST [IF EXISTS] ( type AS type ) behaviour',
  'DROP OPERATOR [IF EXISTS] operator ( {NONE | type} , {NONE | type} ) behaviour',
  'DROP AGGREGATE [IF EXISTS] qualified ( {* | type} ) behaviour',
  'DROP OWNED BY name ,... behaviour',
  'ALTER INDEX qualified {RENAME TO name | OWNER TO owner | SET TABLESPACE name}',
  'ALTER SEQUENCE qualified {RENAME TO name | OWNER TO owner | sequenceoption ...}',
  `ALTER DOMAIN qualified {SET DEFAULT expr | DROP DEFAULT | {SET | DROP} NOT NULL | ADD [CONSTRAINT name] CHECK ( expr )
    | DROP CONSTRAINT name behaviour | OWNER TO owner}`,
  'ALTER TYPE qualified {OWNER TO owner | RENAME TO name}',
  'ALTER EXTENSION name UPDATE [TO value]',
  'REASSIGN OWNED BY name ,... TO name',
];

/** Behind CREATE TEMP. */
export const TEMPORARY_SEQUENCE = 'SEQUENCE qualified [sequenceoption ...]';
/** ROLLBACK TO, behind WORK or TRANSACTION. */
export const ROLLBACK_TO = 'TO [SAVEPOINT] name';
