/**
 * The one catalogue of user-visible errors: each function builds a SqlError with Redshift's wording and SQLSTATE.
 * A text that appears here must appear nowhere else in the sources.
 */
import { make } from './make-error.ts';
import { RUNTIME_ERRORS } from './runtime-errors.ts';
import { SqlError, type SqlErrorFields } from './sql-error.ts';

export const syntaxErrorAt = make('42601', (t) => `syntax error at or near "${t}"`);
export const syntaxErrorEnd = make('42601', () => 'syntax error at end of input');
export const unterminated = make('42601', (what, near) => `unterminated ${what} at or near "${near}"`);
export const zeroLengthIdentifier = make('42601', () => 'zero-length delimited identifier at or near """"');
export const grammarError = make('42601', (message) => message);
export const windowingError = make('42P20', (message) => message);
export const invalidEncoding = make('22021', (bytes) => `invalid byte sequence for encoding "UTF8": ${bytes}`);
export const limitInSetOperation = make('42601', () => 'LIMIT may not be used within input to set operations.');
export const orderByOfSet = make(
  '0A000',
  () => 'ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result columns',
);
export const topWithLimit = make('42601', () => 'TOP and LIMIT cannot be used in the same query');
export const copySourceNotSupported = make(
  '0A000',
  () => 'LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)',
);
export const undefinedTable = make('42P01', (name) => `relation "${name}" does not exist`);
export const duplicateTable = make('42P07', (name) => `Relation "${name}" already exists`);
export const undefinedSchema = make('3F000', (name) => `schema "${name}" does not exist`);
export const duplicateSchema = make('42P06', (name) => `Schema "${name}" already exists`);
export const undefinedDatabase = make('3D000', (name) => `database "${name}" does not exist`);
export const duplicateDatabase = make('42P04', (name) => `database "${name}" already exists`);
export const undefinedColumn = make('42703', (name, tables) => `column "${name}" does not exist in ${tables}`);
export const undefinedTargetColumn = make('42703', (c, t) => `column "${c}" of relation "${t}" does not exist`);
export const ambiguousColumn = make('42702', (name) => `column reference "${name}" is ambiguous`);
export const duplicateAlias = make('42712', (name) => `table name "${name}" specified more than once`);
export const duplicateCte = make('42712', (name) => `WITH query name "${name}" specified more than once`);
export const duplicateColumn = make('42701', (name) => `column "${name}" duplicated`);
export const systemColumnName = make('42701', (name) => `column name "${name}" conflicts with a system column name`);
export const undefinedType = make('42704', (name) => `type "${name}" does not exist`);
export const undefinedParameter = make('42704', (name) => `unrecognized configuration parameter "${name}"`);
export const undefinedUser = make('42704', (name) => `user "${name}" does not exist`);
export const mustAppearInGroupBy = make(
  '42803',
  (name) => `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
);
export const windowNotAllowed = make('42P20', (where) => `window functions not allowed in ${where} clause`);
export const windowInAggregate = make('42803', () => 'aggregate function calls cannot contain window function calls');
export const nestedWindow = make('42P20', () => 'window function calls cannot be nested');
export const frameRequired = make(
  '42P20',
  () => 'Aggregate window functions with an ORDER BY clause require a frame clause',
);
export const windowDefinition = make('42P20', (text) => text);
export const qualifyWithoutWindow = make(
  '42P20',
  () => 'QUALIFY requires a window function in its condition or in the select list',
);
export const windowTooLarge = make('54000', (n) => `a window function over more than ${n} rows of a slice`);
export const noWindowFunction = make(
  '42809',
  (name) => `OVER specified, but ${name} is not a window function nor an aggregate function`,
);
export const overRequired = make('42809', (name) => `window function ${name} requires an OVER clause`);
export const outerUnderOr = make('0A000', () => 'Outer join operator (+) not allowed in operand of OR or IN.');
export const outerTwice = make('0A000', () => 'A table may be outer joined to at most one other table.');
export const groupingArgument = make('42803', () => 'arguments to GROUPING must be grouping expressions');
export const aggregateNotAllowed = make('42803', (where) => `aggregates not allowed in ${where} clause`);
export const undefinedFunction = make(
  '42883',
  (signature) => `function ${signature} does not exist`,
  'No function matches the given name and argument types. You may need to add explicit type casts.',
);
export const noOrder = make('42883', (type) => `could not identify an ordering operator for type ${type}`);
export const undefinedOperator = make(
  '42883',
  (signature) => `operator does not exist: ${signature}`,
  'No operator matches the given name and argument type(s). You may need to add explicit type casts.',
);
export const cannotCast = make('42846', (from, to) => `cannot cast type ${from} to ${to}`);
export const typeMismatch = make(
  '42804',
  (column, type, other) => `column "${column}" is of type ${type} but expression is of type ${other}`,
  'You will need to rewrite or cast the expression.',
);
export const unionTypes = make('42804', (what, a, b) => `${what} types ${a} and ${b} cannot be matched`);
export const unionColumns = make('42601', (what) => `each ${what} query must have the same number of columns`);
export const noArray = make('42804', (type) => `cannot subscript type ${type} because it is not an array`);
export const subscriptType = make('42804', () => 'array subscript must have type integer');
export const malformedArray = make('22P02', (text) => `malformed array literal: "${text}"`);
export const invalidText = make('22P02', (type, text) => `invalid input syntax for ${type}: "${text}"`);
export const multibyteChar = make('22021', (char) => RUNTIME_ERRORS[23]!.message.replace('$1', () => char));
export const compositeInterval = make(
  '22007',
  (family, part) =>
    `Interval ${family} literal cannot contain ${part} parts. Disable the GUC interval_forbid_composite_literals to suppress this error and silently discard the ${part} part.`,
);
export const floatOutOfRange = make('22003', (text, type) => `"${text}" is out of range for type ${type}`);
export const datetimeResult = make('22008', (type) => `${type} out of range`);
export const outOfRange = make('22003', (type) => `${type} out of range`);
export const numericFieldOverflow = make('22003', () => 'numeric field overflow');
export const valueTooLong = make('22001', (type) => `value too long for type ${type}`);
export const moreThanOneRow = make('21000', () => 'more than one row returned by a subquery used as an expression');
export const hostNeedsPassword = make(
  '22023',
  (host) => `Host ${host} can be reached from other machines: give a password too`,
);
export const cannotListen = make(
  '58000',
  (address, reason, remedy) => `cannot listen on ${address}: ${reason}; ${remedy}`,
);
export const featureNotSupported = make('0A000', (message) => message);
export const functionNotSupported = make(
  '0A000',
  (name, reason) => `function ${name} is not supported${reason === '' ? ' yet' : `: ${reason}`}`,
);
export const commandNotSupported = make('0A000', (cmd) => `SQL command "${cmd}" not supported on Redshift tables.`);
export const correlatedNotSupported = make(
  '0A000',
  () => 'This type of correlated subquery pattern is not supported due to internal error',
);
export const transactionAborted = make(
  '25P02',
  () => 'current transaction is aborted, commands ignored until end of transaction block',
);
export const cannotRunInTransaction = make('25001', (cmd) => `${cmd} cannot run inside a transaction block`);
export const permissionDenied = make('42501', (kind, name) => `permission denied for ${kind} ${name}`);
export const mustBeOwner = make('42501', (kind, name) => `must be owner of ${kind} ${name}`);
export const dependentObjects = (what: string, dependents: readonly string[]): SqlError =>
  new SqlError({
    sqlstate: '2BP01',
    message: `cannot drop ${what} because other objects depend on it`,
    detail: dependents.map((d) => `${d} depends on ${what}`).join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
export const statementTooComplex = make('54001', (what) => `${what}: statement too complex`);
export const statementTooLarge = make(
  '54000',
  (size, max) => `statement is too large. Statement Size: ${size} bytes. Maximum Allowed: ${max} bytes`,
);
export const queryCancelled = make('57014', (query) => `Query (${query}) cancelled on user's request`);
const numbered = (message: string, detail: string): SqlError => new SqlError({ sqlstate: 'XX000', message, detail });
const TOO_WIDE =
  'The combined length of columns processed in the SQL statement exceeded the query-processing limit of 65535 characters';
export const columnsTooWide = (pid: number): SqlError => numbered('8001', `${TOO_WIDE} (pid:${pid})`);
export const undefinedPrepared = make('26000', (name) => `prepared statement "${name}" does not exist`);
export const undefinedCursor = make('34000', (name) => `portal "${name}" does not exist`);
export const invalidParameterValue = make('22023', (message) => message);
export const protocolViolation = make('08P01', (message) => message);

/**
 * A compute-node failure with Redshift's boxed detail block (error, code, context, query, location, process).
 */
export function internalError(message: string, code: number, context: string, query = 0): SqlError {
  const line = '-----------------------------------------------';
  const detail = [
    line,
    `error:  ${message}`,
    `code:      ${code}`,
    `context:   ${context}`,
    `query:     ${query}`,
    'location:  slicehouse',
    'process:   slice',
    line,
  ].join('\n  ');
  return new SqlError({ sqlstate: 'XX000', message, detail: `\n  ${detail}\n` });
}

export const recursionRows = (query: number): SqlError =>
  internalError(
    'Hit recursive CTE max rows limit, please add correct CTE termination predicates or change the max_recursion_rows parameter.',
    8001,
    '',
    query,
  );

const fatal =
  (sqlstate: string, text: (...args: string[]) => string) =>
  (...args: readonly string[]): SqlError =>
    new SqlError({ sqlstate, message: text(...args), severity: 'FATAL' });

export const unsupportedProtocol = fatal(
  '0A000',
  (version) => `unsupported frontend protocol ${version}: server supports 1.0 to 3.0`,
);
export const authenticationFailed = fatal('28000', (user) => `password authentication failed for user "${user}"`);
export const unknownUserAtLogin = fatal('28000', (user) => `user "${user}" does not exist`);
export const noUserAtLogin = fatal('28000', () => 'no PostgreSQL user name specified in startup packet');
export const unknownDatabaseAtLogin = fatal('3D000', (name) => `database "${name}" does not exist`);
export const noPlainConnections = fatal(
  '28000',
  (host, user, database) =>
    `no pg_hba.conf entry for host "${host}", user "${user}", database "${database}", SSL off`,
);
export const databaseTakesNoConnections = fatal(
  '55000',
  (name) => `database "${name}" is not currently accepting connections`,
);
export const tooManyOf = fatal('53300', (kind, name) => `too many connections for ${kind} "${name}"`);
export const unencryptedData = fatal('08P01', (request) => `received unencrypted data after ${request} request`);
export const directTlsNeedsProtocol = fatal(
  '08P01',
  () => 'received direct SSL connection request without ALPN protocol negotiation extension',
);
export const tooManyConnections = fatal('53300', () => 'sorry, too many clients already');
export const terminatedByAdministrator = fatal('57P01', () => 'terminating connection due to administrator command');
export const idleInTransaction = fatal('25P03', () => 'terminating connection due to idle-in-transaction timeout');
export const idleSession = fatal('57P05', () => 'terminating connection due to idle-session timeout');
export const fatalProtocolViolation = fatal('08P01', (message) => message);
export const multipleCommandsPrepared = make(
  '42601',
  () => 'cannot insert multiple commands into a prepared statement',
);
export const duplicatePrepared = make('42P05', (name) => `prepared statement "${name}" already exists`);
export const duplicateCursor = make('42P03', (name) => `cursor "${name}" already exists`);
export const undefinedSqlCursor = make('34000', (name) => `cursor "${name}" does not exist`);
export const cursorOutsideTransaction = make('25P01', () => 'DECLARE CURSOR may only be used in transaction blocks');
export const oneCursorOnly = make('0A000', () => 'Only one cursor can be opened at a time per session');
export const resultTypeChanged = make('0A000', () => 'cached plan must not change result type');
export const wrongParameterCount = make(
  '08P01',
  (given, name, wanted) =>
    `bind message supplies ${given} parameters, but prepared statement "${name}" requires ${wanted}`,
);
export const missingParameter = make('42P02', (index) => `there is no parameter $${index}`);
export const wrongExecuteCount = make(
  '42601',
  (name, given, wanted) =>
    `wrong number of parameters for prepared statement "${name}": expected ${wanted}, got ${given}`,
);
export const incorrectBinary = make('22P03', (n) => `incorrect binary data format in bind parameter ${n}`);
export const parameterReadOnly = make('55P02', (name) => `parameter "${name}" cannot be changed`);
export const invalidSettingValue = make(
  '22023',
  (name, value) => `invalid value for parameter "${name}": "${value}"`,
);
export const settingOutOfRange = make(
  '22023',
  (name, value, low, high) => `${value} is outside the valid range for parameter "${name}" (${low} .. ${high})`,
);
export const tooManyPrepared = make('54000', (what, max) => `too many ${what} in one session (maximum ${max})`);
export const internalFailure = make('XX000', (message) => message);

// ---- names, clauses and calls (analyser)
export const missingFromEntry = make('42P01', (t) => `missing FROM-clause entry for table "${t}"`);
export const unknownColumn = make('42703', (name) => `column "${name}" does not exist`);
export const ambiguousTable = make('42P09', (name) => `table reference "${name}" is ambiguous`);
export const ambiguousOrderBy = make('42702', (clause, name) => `${clause} "${name}" is ambiguous`);
export const positionNotInSelectList = make('42P10', (clause, n) => `${clause} position ${n} is not in select list`);
export const nonIntegerConstant = make('42601', (clause) => `non-integer constant in ${clause}`);
export const distinctOrderBy = make(
  '42P10',
  () => 'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
);
export const otherWithinGroupOrder = make(
  '42803',
  () => 'within group ORDER BY clauses for aggregate functions must be the same',
);
export const delimiterNotConstant = make('42601', () => 'the delimiter of LISTAGG must be a constant');
export const percentileNotConstant = make('42601', () => 'the percentile must be a constant');
export const medianAndDistinct = make('0A000', () => 'MEDIAN cannot be combined with DISTINCT aggregates');
export const nestedAggregate = make('42803', () => 'aggregate function calls may not be nested');
export const mustBeType = make('42804', (what, type, other) => `${what} must be type ${type}, not type ${other}`);
export const functionNotUnique = make(
  '42725',
  (signature) => `function ${signature} is not unique`,
  'Could not choose a best candidate function. You may need to add explicit type casts.',
);
export const operatorNotUnique = make(
  '42725',
  (signature) => `operator is not unique: ${signature}`,
  'Could not choose a best candidate operator. You may need to add explicit type casts.',
);
export const subqueryColumnCount = make('42601', (what) => `subquery ${what}`);
export const insertColumnCount = make('42601', (more, fewer) => `INSERT has more ${more} than ${fewer}`);
export const valuesLengths = make('42601', () => 'VALUES lists must all be the same length');
export const identityColumnValue = make('0A000', () => 'cannot set an identity column to a value');
export const columnTwice = make('42701', (name) => `column "${name}" specified more than once`);
export const targetWithoutEquijoin = make('0A000', () => 'Target table must be part of an equijoin predicate');
export const assignedTwice = make('42601', (name) => `multiple assignments to same column "${name}"`);
export const targetListTooLong = make('54011', (max) => `target lists can have at most ${max} entries`);
export const columnAliasCount = make(
  '42P10',
  (t, have, given) => `table "${t}" has ${have} columns available but ${given} columns specified`,
);
export const usingColumnMissing = make(
  '42703',
  (c, side) => `column "${c}" specified in USING clause does not exist in ${side} table`,
);

// Transactions, the commit log and the data directory.
export const deadlockDetected = (detail: string): SqlError =>
  new SqlError({ sqlstate: '40P01', message: 'deadlock detected', detail });
export const namesKeepChanging = make(
  '55P03',
  (times) => `names of the statement came to mean other relations ${times} times while it waited for locks`,
);
export const concurrentChange = (what: string): SqlError =>
  new SqlError({
    sqlstate: '40001',
    message: 'could not complete because of conflict with concurrent transaction',
    detail: `The ${what} was changed or dropped by another transaction.`,
    hint: 'Run the transaction again.',
  });
export const readOnlyTransaction = make('25006', () => 'transaction is read-only');
export const commitLogCorrupt = (file: string, offset: number, what: string): SqlError =>
  new SqlError({
    sqlstate: 'XX000',
    severity: 'FATAL',
    message: `commit log "${file}" is damaged at byte ${offset}: ${what}`,
    hint: 'The server does not start on a damaged log, because committed transactions would be lost. Restore the data directory from a copy.',
  });
const RESTORE =
  'The server does not start, because it would show other data than was committed. Restore the data directory from a copy.';
export const commitLogMissing = make('XX000', (file) => `commit log "${file}" is missing`, RESTORE);
export const checkpointCorrupt = make(
  'XX000',
  (what) => `the catalog has no checkpoint to start from: ${what}`,
  RESTORE,
);
export const rootDamaged = make('XX000', (what) => `the root of the data directory is damaged: ${what}`, RESTORE);
export const superblockAhead = make(
  'XX000',
  (slice, lsn, end) =>
    `slices/${slice} holds record ${lsn}, but the commit log ends with record ${end}: one of them is from another time`,
  RESTORE,
);
export const dataDirectoryDamaged = make(
  'XX000',
  (name, file, what) => `data directory "${name}": ${file} ${what}`,
  RESTORE,
);
export const dataDirectoryUnusable = make(
  '58030',
  (name, what) => `data directory "${name}" cannot be used: ${what}`,
);
/** For good. `node`: compute node 1, or the leader node. */
export const nodeOutOfService = (node: string, cause: string, dataIsLost: boolean): SqlError =>
  new SqlError({
    sqlstate: '57P02',
    message: `${node} is out of service after an internal fault; the server stops`,
    detail: causeDetail(cause),
    hint: dataIsLost
      ? 'The data was in memory only and is lost. Start the server again, load the data and retry.'
      : 'Committed data is safe: start the server again to recover it, then retry.',
  });
/** A cause as Redshift shows an internal error. */
export const causeDetail = (cause: string): string =>
  internalError('Assert', 1000, cause.slice(0, 2000)).detail ?? '';
/** What ran on the slices when the node went down. */
export const nodeRestarts = (node: string, detail: string): SqlErrorFields => ({
  sqlstate: '57P02',
  message: `compute node ${node} went out of service and is started anew; the statement was ended`,
  detail,
  hint: 'Committed data is safe. Retry the transaction.',
});
/** Whoever has written on the node and not committed. */
export const transactionLostWork = (node: string, detail: string): SqlError =>
  new SqlError({
    sqlstate: '57P02',
    message: `compute node ${node} went out of service and what the transaction wrote there is lost`,
    detail,
    hint: 'The transaction is rolled back. Retry it.',
  });
/** A snapshot older than what the node starts from. */
export const transactionLostSnapshot = (node: string): SqlError =>
  new SqlError({
    sqlstate: '57P02',
    message: `compute node ${node} was started anew and rows that only the transaction's snapshot sees are gone`,
    hint: 'The transaction is rolled back. Retry it.',
  });
export const nodeNotBack = make(
  '57P02',
  (nodes, seconds) => `compute node ${nodes} is being started anew and was not back within ${seconds} s`,
  'Retry later.',
);
/** The commit record was on disk before the fault: the transaction is there after the restart. */
export const committedBeforeOutage = (outage: SqlError, dataIsLost: boolean): SqlError =>
  dataIsLost
    ? outage
    : new SqlError({
        sqlstate: outage.sqlstate,
        message: `the transaction is committed, but ${outage.message}`,
        detail: outage.detail ?? '',
        hint: 'Do not repeat the transaction: the next start recovers it.',
      });
export const systemFailure = make('58030', (what) => `input/output error: ${what}`);
/** A node's object I/O thread ended by itself: its requests end, the next one starts another. */
export const objectIoEnded = (node: number, detail: string): SqlError =>
  new SqlError({
    sqlstate: '58030',
    message: `the object I/O thread of compute node ${node} has ended; the statement was ended`,
    detail,
    hint: 'Run the statement again.',
  });
export const commitLogFailed = make('58030', (what) => `could not write the commit log: ${what}`);
export const dataDirectoryInUse = make(
  '55006',
  (directory, pid) => `data directory "${directory}" is in use by another server (pid ${pid})`,
  'Stop that server or choose another data directory.',
);
export const dataDirectoryTopology = make(
  '0A000',
  (name, has, wanted, options) =>
    `data directory ${name} belongs to a cluster of ${has} slices, not ${wanted}: start it with ${options}`,
);
export const dataDirectoryFormat = make(
  'XX000',
  (directory, found, want) => `data directory "${directory}" has format "${found}", this server reads "${want}"`,
);

// DDL and utility commands.
export const unsupportedColumnType = make('0A000', (c, type) => `Column "${c}" has unsupported type "${type}".`);
export const noSchemaSelected = make('3F000', () => 'no schema has been selected to create in');
export const tooManyTableColumns = make('54011', (max) => `tables can have at most ${max} columns`);
export const tooManySortkeys = make(
  '42601',
  (c, t) => `too many SORTKEY declarations at column "${c}" of table "${t}"`,
);
export const unqualifiedLateBinding = make(
  '42601',
  () => 'All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.',
);
export const undefinedKeyColumn = make('42703', (c) => `column "${c}" named in key does not exist`);
export const temporaryInSchema = make('42P16', () => 'cannot create temporary relation in non-temporary schema');
export const invalidTableDefinition = make('42P16', (message) => message);
export const invalidColumnDefinition = make('42611', (message) => message);
export const invalidColumnEncoding = make(
  '0A000',
  (c, encoding, type) => `invalid encoding type specified for column "${c}": ${encoding} cannot hold ${type}`,
);
export const unknownEncoding = make('42704', (encoding) => `encoding type "${encoding}" does not exist`);
export const typeLengthTooLong = make('22023', (type, max) => `length for type ${type} cannot exceed ${max}`);
export const typeLengthTooShort = make('22023', (type) => `length for type ${type} must be at least 1`);
export const invalidModifier = make('22023', (type) => `invalid ${type} type modifier`);
export const modifierNotAllowed = make('42601', (type) => `type modifier is not allowed for type "${type}"`);
export const numericPrecisionRange = make('22023', (p) => `NUMERIC precision ${p} must be between 1 and 38`);
export const numericScaleRange = make('22023', (s, p) => `NUMERIC scale ${s} must be between 0 and precision ${p}`);
export const defaultReferences = make('42P10', () => 'cannot use column references in default expression');
export const defaultSubquery = make('0A000', () => 'cannot use subquery in default expression');
export const defaultType = make(
  '42804',
  (c, type, other) => `column "${c}" is of type ${type} but default expression is of type ${other}`,
  'You will need to rewrite or cast the expression.',
);
export const multipleDefaults = make(
  '42601',
  (c, t) => `multiple default values specified for column "${c}" of table "${t}"`,
);
export const wrongObjectType = make('42809', (name, kind) => `"${name}" is not a ${kind}`);
export const duplicateUser = make('42710', (name) => `user "${name}" already exists`);
export const duplicateGroup = make('42710', (name) => `group "${name}" already exists`);
export const undefinedGroup = make('42704', (name) => `group "${name}" does not exist`);
export const duplicateCopyJob = make('42710', (name) => `copy job "${name}" already exists`);
export const undefinedCopyJob = make('42704', (name) => `copy job "${name}" does not exist`);
export const notInCopyJob = make('42601', (what) => `COPY JOB does not support ${what}`);
export const copyJobNeedsRole = make('42601', () => 'COPY JOB requires IAM_ROLE with the ARN of a role');
export const copyJobName = make(
  '42602',
  (name) => `invalid name of copy job "${name}": it must not contain a hyphen`,
);
export const undefinedConstraint = make('42704', (c, t) => `constraint "${c}" of relation "${t}" does not exist`);
export const mustBeSuperuser = make('42501', (what) => `must be superuser to ${what}`);
export const userOwnsObjects = make('55006', (u) => `user "${u}" can't be dropped because the user owns some object`);
export const userHasPrivileges = make(
  '55006',
  (u) => `user "${u}" can't be dropped because the user has a privilege on some object`,
);
export const groupHasPrivileges = make(
  '55006',
  (g) => `group "${g}" can't be dropped because the group has a privilege on some object`,
);
export const currentUserDropped = make('55006', () => 'current user cannot be dropped');
export const sessionUserRenamed = make('0A000', () => 'session user may not be renamed');
export const currentDatabaseDropped = make('55006', () => 'cannot drop the currently open database');
export const databaseInUse = make('55006', (d) => `database "${d}" is being accessed by other users`);
export const systemDatabase = make('42501', (d) => `database "${d}" is a system database and cannot be dropped`);
export const defaultDatabaseIsolation = make(
  '0A000',
  (d) => `ALTER DATABASE ISOLATION LEVEL is not supported for the default database "${d}"`,
);
export const reservedSchemaName = make(
  '42939',
  (name) => `unacceptable schema name "${name}"`,
  'The prefix "pg_" is reserved for system schemas.',
);
export const reservedName = make('42939', (kind, name) => `${kind} name "${name}" is reserved`);
export const certificateUnusable = make('22023', (file, what) => `TLS certificate ${file} cannot be used: ${what}`);
export const emptyPassword = make('22023', () => 'the password must not be empty');
export const superuserMissing = make(
  '42704',
  (user, directory, known) =>
    `user "${user}" is not a superuser of the warehouse in ${directory}, whose superuser is "${known}": give --user ${known}`,
);
export const passwordPolicy = make('22023', (what) => `password ${what}`);
export const sessionNotFound = make(
  'XX000',
  (pid) =>
    `Session ${pid} does not exist. The session PID might have changed. Check the stl_restarted_sessions system table for details.`,
);
export const privilegeNotFor = make('0LP01', (privilege, kind) => `invalid privilege type ${privilege} for ${kind}`);
export const viewColumnCount = make('42601', (what) => `${what} specifies more column names than columns`);
export const viewColumnChanged = make('42P16', (message) => message);
export const wlmQueueFull = make('53000', (name, max) => `WLM queue "${name}" is full: ${max} queries wait in it`);
export const limitReached = make('54000', (what, max) => `limit of ${max} ${what} reached`);
export const transactionModeTooLate = make('25001', () => 'transaction read-write mode must be set before any query');

// COPY and UNLOAD
export const redundantOptions = make('42601', () => 'conflicting or redundant options');
export const optionNotOf = make('42601', (option, command) => `${option} is not an option of ${command}`);
export const optionConflict = make('42601', (a, b) => `${a} is not compatible with ${b}`);
export const optionNeeds = make('42601', (a, b) => `${a} needs ${b}`);
export const optionValue = make('22023', (option, what) => `Invalid value for ${option}: ${what}`);
export const maxErrorConflict = make('XX000', () => "IGNOREALLERRORS and MAXERROR can't be used together");
export const invalidS3Url = make('22023', (url) => `"${url}" is not a full path of the form s3://bucket/key`);
export const identityNeedsList = make(
  '0A000',
  (column) => `EXPLICIT_IDS needs the identity column "${column}" in the column list`,
);
export const loadFailed = make(
  'XX000',
  (table) => `Load into table '${table}' failed.  Check 'stl_load_errors' system table for details.`,
);
export const unloadNotEmpty = make(
  'XX000',
  () =>
    'Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.',
);
export const unloadLimit = make('0A000', () => 'Limit clause is not supported');
/** S3 said no: Redshift's boxed error with S3's own code. */
export function s3ServiceException(
  message: string,
  status: number,
  code: string,
  context: string,
  hint?: string,
): SqlError {
  const text = `S3ServiceException:${message},Status ${status},Error ${code},Rid 0,ExtRid 0,CanRetry 1`;
  const { sqlstate, detail } = internalError(text, 8001, context);
  return new SqlError({ sqlstate, message: text, detail, hint });
}
export const s3PrefixMissing = (prefix: string, context: string): SqlError =>
  internalError(`The specified S3 prefix '${prefix}' does not exist`, 8001, context);
export const manifestError = (message: string, context: string): SqlError => internalError(message, 8001, context);
/** A columnar file that does not fit the table, or is damaged. */
export const spectrumScanError = (context: string, code: 15001 | 15007 = 15007): SqlError =>
  internalError('Spectrum Scan Error', code, context);
export const superNeedsSerialize = make('0A000', () => 'SUPER column in COPY query requires SERIALIZETOJSON option');
export const optionNotColumnar = make(
  '0A000',
  (option, format) => `${option} argument is not supported for ${format} based COPY`,
);
export const invalidJsonPath = make('XX000', (what) => `Invalid JSONPath format: ${what}`);
export const jsonPathCount = (paths: number, columns: number): SqlError =>
  internalError(
    `Number of jsonpaths and the number of columns should match. JSONPath size: ${paths}, Number of columns in table or column list: ${columns}`,
    8001,
    'JSONPath size does not match',
  );
export const fixedWidthColumns = make(
  '22023',
  (widths, columns) => `the FIXEDWIDTH specification has ${widths} fields, and ${columns} columns are loaded`,
);
export const unloadNameTwice = make(
  '42701',
  (name) => `column name "${name}" stands twice in the query of UNLOAD with FORMAT JSON`,
);
export const unloadType = make('0A000', (format, type) => `UNLOAD with ${format} cannot write type ${type}`);
export const partitionColumn = make('42703', (name) => `column "${name}" of PARTITION BY is not in the result`);
export const partitionType = make(
  '0A000',
  (name, type) => `column "${name}" of type ${type} cannot be in PARTITION BY`,
);
export const partitionOnly = make('42601', () => 'UNLOAD with PARTITION BY must write at least one other column');
export const tooManyPartitions = make('54000', (most) => `a slice writes more than ${most} partitions`);
export const noshredNeedsSuper = make('0A000', () => "COPY with JSON 'noshred' loads one column of type SUPER");
export const currentDatabaseRenamed = make('55006', () => 'current database may not be renamed');
export const unrefreshable = (view: string, reason: string): SqlError =>
  new SqlError({
    sqlstate: 'XX000',
    message: `Materialized view ${view} is unrefreshable as a base table was dropped or changed`,
    detail: `Refresh failed. ${reason}.`,
  });
export const typeUsedByView = (detail: string): SqlError =>
  new SqlError({ sqlstate: '0A000', message: 'cannot alter type of a column used by a view or rule', detail });
export const statementNotSupported = make('0A000', (cmd) => `${cmd} is not supported`);

/** A slice's block, chunk or superblock whose bytes do not fit their checksum. */
export const corruptBlock = (what: string, context: string): SqlError =>
  internalError(`Corrupt block: ${what}`, 1020, context);
export const sliceOutOfMemory = make('53200', () => 'Out Of Memory: the slice has no memory left for its blocks');
export const brokenCompression = make('XX000', (codec) => `${codec} data is broken`);
