/**
 * Commands of Redshift that Slicehouse does not have: parsed, so that garbage is 42601, then refused with 0A000. The syntax
 * begins with the words that the command is known by.
 */
const LISTING = '[LIKE string] [LIMIT integer]';

export const MISSING_COMMANDS: readonly string[] = [
  'DESC IDENTITY PROVIDER name',
  `CREATE EXTERNAL SCHEMA [IF NOT EXISTS] name
    FROM {[DATA] CATALOG | HIVE METASTORE | POSTGRES | MYSQL | KINESIS | MSK | KAFKA | REDSHIFT} [schemaoption ...]`,
  `CREATE EXTERNAL TABLE [IF NOT EXISTS] qualified [columns] [PARTITIONED BY ( {name type | name} ,... )]
    [ROW FORMAT {DELIMITED [{{FIELDS | LINES} TERMINATED BY string} ...]
      | SERDE string [WITH SERDEPROPERTIES ( {string = string} ,... )]}]
    STORED AS {INPUTFORMAT string OUTPUTFORMAT string | PARQUET | RCFILE | SEQUENCEFILE | TEXTFILE | ORC | AVRO}
    LOCATION string [MANIFEST] [TABLE PROPERTIES properties] [AS query]`,
  `CREATE EXTERNAL FUNCTION qualified arguments RETURNS type {VOLATILE | STABLE | IMMUTABLE} {LAMBDA | SAGEMAKER} string
    IAM_ROLE role [RETRY_TIMEOUT integer] [MAX_BATCH_ROWS integer] [MAX_BATCH_SIZE integer [KB | MB]]`,
  `CREATE EXTERNAL MODEL qualified FUNCTION qualified IAM_ROLE role MODEL_TYPE BEDROCK SETTINGS ( {name value} ,... )`,
  'CREATE EXTERNAL VIEW qualified [IF NOT EXISTS] [CATALOG | qualified] AS query',
  'CREATE PROTECTED EXTERNAL VIEW qualified [IF NOT EXISTS] [CATALOG | qualified] AS query',
  `CREATE MODEL qualified [FROM {( query ) | qualified | string} [TARGET name]] FUNCTION qualified [types] [RETURNS type]
    [SAGEMAKER string] IAM_ROLE role [AUTO {ON | OFF}] [MODEL_TYPE name] [PROBLEM_TYPE name] [OBJECTIVE string]
    [PREPROCESSORS string] [HYPERPARAMETERS DEFAULT [EXCEPT ( {name value} ,... )]]
    [SETTINGS ( {name value} ,... )]`,
  `CREATE LIBRARY name LANGUAGE PLPYTHONU FROM string [options]`,
  `CREATE IDENTITY PROVIDER name TYPE {AZURE | AWSIDC} NAMESPACE string [provideroption ...]`,
  'CREATE TEMPLATE qualified FOR COPY [AS] [options]',
  `ALTER EXTERNAL SCHEMA name schemaoption ...`,
  'ALTER EXTERNAL VIEW qualified [qualified] [FORCE] {AS {( query ) | query} | REMOVE DEFINITION}',
  'ALTER IDENTITY PROVIDER name provideroption ...',
  'ALTER SYSTEM SET {{DATA_CATALOG_AUTO_MOUNT | METADATA_SECURITY} = switch | DEFAULT_IDENTITY_NAMESPACE = string}',
  'ALTER TEMPLATE qualified {RENAME TO name | OWNER TO owner | {SET | ADD} options | DROP word}',
  'DROP EXTERNAL VIEW qualified [CATALOG | IF EXISTS | qualified] [IF EXISTS]',
  'DROP IDENTITY PROVIDER name [CASCADE]',
  'DROP LIBRARY name',
  'DROP MODEL [IF EXISTS] qualified',
  'DROP TEMPLATE [IF EXISTS] qualified',
  'SHOW EXTERNAL TABLE qualified [PARTITION]',
  'SHOW MODEL {ALL | qualified}',
  'SHOW TEMPLATE qualified',
  `SHOW TEMPLATES FROM SCHEMA qualified ${LISTING}`,
];

/** What ALTER TABLE does not do here, behind the table's name, by the words that its refusal names. */
export const ALTER_TABLE: Readonly<Record<string, string>> = {
  MASKING: 'MASKING {ON | OFF} FOR DATASHARES',
  'SET LOCATION': 'SET LOCATION string',
  'SET FILE FORMAT': 'SET FILE FORMAT {AVRO | PARQUET | ORC | RCFILE | SEQUENCEFILE | TEXTFILE}',
  'SET TABLE PROPERTIES': 'SET TABLE PROPERTIES properties',
  'ADD PARTITION': 'ADD [IF NOT EXISTS] {partition LOCATION string} ...',
  'DROP PARTITION': 'DROP partition',
  PARTITION: 'partition SET LOCATION string',
};

/** CREATE DATABASE .. FROM, behind the name. */
export const DATABASE_FROM = `FROM {ARN string WITH [NO] DATA CATALOG SCHEMA [value]
  | INTEGRATION value [DATABASE value] [SET setting ,...]}`;
/** Zero-ETL integrations of ALTER DATABASE, behind the name. */
export const DATABASE_INTEGRATION = `{INTEGRATION {REFRESH {ALL | INERROR} TABLES [IN SCHEMA name ,...] | REFRESH TABLE qualified ,...
    | SET setting ...} | SET setting ...}`;

const GRANTED = `{privileges ON {grantobjects | CONNECTION name} | systemprivilege ,... | ROLE name ,...
  | ASSUMEROLE [ON {string ,... | DEFAULT | ALL}] | {EXPLAIN | IGNORE} RLS | EXPLAIN MASKING
  | privileges FOR scopedobjects IN {SCHEMA name [DATABASE name] | DATABASE name}}`;
const FOR_COMMANDS = '[FOR {ALL | {COPY | UNLOAD | EXTERNAL FUNCTION | CREATE MODEL} ,...}]';

/** GRANT and REVOKE in all their forms. */
export const GRANT = `GRANT ${GRANTED} TO receiver ,... ${FOR_COMMANDS}`;
export const REVOKE = `REVOKE [{GRANT | ADMIN} OPTION FOR] ${GRANTED} FROM receiver ,... ${FOR_COMMANDS} [RESTRICT | CASCADE]`;
