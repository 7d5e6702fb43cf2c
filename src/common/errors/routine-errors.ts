/**
 * The catalogue's errors of stored procedures and of functions that users write.
 */
import { make } from './make-error.ts';

export const undefinedRoutine = make('42883', (signature) => `function ${signature} does not exist`);
export const undefinedProcedure = make(
  '42883',
  (signature) => `procedure ${signature} does not exist`,
  'No procedure matches the given name and argument types. You may need to add explicit type casts.',
);
export const ambiguousProcedure = make(
  '42725',
  (signature) => `procedure ${signature} is not unique`,
  'Could not choose a best candidate procedure. You may need to add explicit type casts.',
);
export const duplicateRoutine = make('42723', (name) => `function "${name}" already exists with same argument types`);
export const changedOutArguments = make(
  '42P13',
  () => 'cannot change return type of existing function',
  'Use DROP PROCEDURE first.',
);
export const changedReturnType = make(
  '42P13',
  () => 'cannot change return type of existing function',
  'Use DROP FUNCTION first.',
);
export const changedKind = make('42809', (name, kind) => `cannot change routine kind: "${name}" is a ${kind}`);
export const functionBody = make('42P13', (message) => message);
export const functionExpression = make(
  '0A000',
  (what) => `The select expression can not have ${what}.`,
  'The body of an SQL function is SELECT and one expression over its arguments $1, $2 ...',
);
export const missingArgument = make('42P02', (n) => `there is no parameter $${n}`);
export const wrongFunctionResult = make(
  '42P13',
  (declared, actual) =>
    `return type mismatch in function declared to return ${declared}: actual return type is ${actual}`,
);
export const functionCallsItself = make('42P13', (name) => `function "${name}" cannot call itself`);
export const functionsNestedTooDeep = make('54001', (max) => `functions call one another more than ${max} deep`);
export const invalidRoutine = make('42P13', (message) => message);
export const tooManyRoutines = make('54000', (max) => `a database may have at most ${max} stored procedures`);
export const tooLargeRoutine = make('54000', () => 'the source of a procedure must not exceed 2 MB');

export const nestedTooDeep = make('54001', (max) => `stored procedure nesting level exceeded ${max}`);
export const atomicContext = make(
  '2D000',
  (command) => `${command} cannot be invoked from a procedure that is executing in an atomic context.`,
  'Try calling the procedure as a top-level call i.e. not from within an explicit transaction block. Or, if this ' +
    'procedure (or one of its ancestors in the call chain) was created with SET config options, recreate the procedure ' +
    'without them.',
);
export const truncateInAtomicContext = make(
  '0A000',
  () => 'TRUNCATE cannot be invoked from a procedure that is executing in an atomic context.',
  'Try calling the procedure as a top-level call i.e. not from within an explicit transaction block. Or, if this ' +
    'procedure (or one of its ancestors in the call chain) was created with SET config options, recreate the procedure ' +
    'without them.',
);
export const notInProcedure = make('0A000', (command) => `${command} is not supported inside a stored procedure`);
export const notInExecute = make(
  '0A000',
  (command) => `${command} is not supported in EXECUTE of a stored procedure`,
);
export const noDestination = make(
  '42601',
  () => 'query has no destination for result data',
  'If you want to discard the results, use PERFORM instead.',
);
export const undeclaredVariable = make('42601', (name) => `"${name}" is not a known variable`);
export const constantAssigned = make('22005', (name) => `"${name}" is declared CONSTANT`);
export const nullAssigned = make(
  '22004',
  (name) => `NULL cannot be assigned to variable "${name}" declared NOT NULL`,
);
export const notNullNeedsDefault = make(
  '42601',
  (name) => `variable "${name}" must have a default value, since it's declared as NOT NULL`,
);
export const duplicateDeclaration = make('42601', (name) => `duplicate declaration at or near "${name}"`);
export const noSuchField = make('42703', (record, field) => `record "${record}" has no field "${field}"`);
export const recordNotAssigned = make(
  '55000',
  (record) => `record "${record}" is not assigned yet`,
  'The tuple structure of a not-yet-assigned record is indeterminate.',
);
export const manyRowsInExpression = make('21000', (text) => `query "${text}" returned more than one row`);
export const manyColumnsInExpression = make('42601', (text) => `query "${text}" returned more than one column`);
export const loopBoundNull = make('22004', (which) => `${which} of FOR loop cannot be NULL`);
export const executeNull = make('22004', () => 'cannot EXECUTE a null querystring');
export const noLabel = make('42601', (label) => `label "${label}" does not exist`);
export const exitOutsideLoop = make('42601', (word) => `${word} cannot be used outside a loop`);
export const caseNotFound = make('20000', () => 'case not found', 'CASE statement is missing ELSE part.');
export const raiseParameters = make('42601', (which) => `too ${which} parameters specified for RAISE`);
export const raiseNothing = make(
  '0Z002',
  () => 'RAISE without parameters cannot be used outside an exception handler',
);
export const raised = make('P0001', (message) => message);
export const cursorAlreadyOpen = make('42P03', (name) => `cursor "${name}" already in use`);
export const cursorNotOpen = make('34000', (name) => `cursor "${name}" does not exist`);
export const cursorVariableNull = make('22004', (name) => `cursor variable "${name}" is NULL`);
export const conditionNotOthers = make(
  '0A000',
  (name) => `exception condition "${name}" is not supported; use OTHERS`,
);
export const subqueryInCall = make('0A000', () => 'cannot use subquery in CALL argument');
export const pythonEnded = make(
  '0A000',
  () => 'Python user-defined functions are not supported: Amazon Redshift ended their support after June 30, 2026',
);
