/**
 * The rules that the syntax of commands names: those that are tokens or have a parser of their own (TOKEN_RULES), and those
 * that are written in the notation themselves (RULES). A rule that does not match answers false and leaves the cursor at the
 * token that was wrong; inside an expression or a query the error is final and thrown.
 */
import { SqlError } from '../../../common/errors/sql-error.ts';
import type { Cursor } from '../cursor.ts';
import { queryFromTokens } from '../postgres-ast.ts';
import { commandOptions } from '../statements/command-options.ts';
import { typeName } from '../statements/type.ts';
import { expressionFrom, takeOperand, takeQuery } from './expression.ts';

type TokenRule = (c: Cursor, stops: readonly string[]) => boolean;

/** True when `parse` takes something; a 42601 of it is no match. */
const attempted =
  (parse: (c: Cursor) => unknown): TokenRule =>
  (c) => {
    try {
      parse(c);
      return true;
    } catch (thrown) {
      if (thrown instanceof SqlError && thrown.sqlstate === '42601') return false;
      throw thrown;
    }
  };

const expr: TokenRule = (c, stops) => {
  const tokens = takeOperand(c, stops);
  if (tokens.length === 0) return false;
  expressionFrom(c, tokens);
  return true;
};

/** A query to the end or to the parenthesis around it. */
const query: TokenRule = (c) => {
  const tokens = takeQuery(c);
  if (tokens.length === 0) return false;
  queryFromTokens(tokens, c.text);
  return true;
};

export const TOKEN_RULES: Readonly<Record<string, TokenRule>> = {
  name: attempted((c) => c.name()),
  /** Any word. */
  word: attempted((c) => c.word()),
  /** [database.][schema.]name */
  qualified: attempted((c) => c.qualified()),
  string: attempted((c) => c.string()),
  integer: attempted((c) => c.integer()),
  number: attempted((c) => {
    c.acceptSymbol('-');
    if (c.peek()?.kind !== 'number') throw c.fail();
    c.next();
  }),
  type: attempted(typeName),
  operator: attempted((c) => {
    if (c.peek()?.kind !== 'op') throw c.fail();
    c.next();
  }),
  /** Options of COPY. */
  options: (c) => {
    commandOptions(c);
    return true;
  },
  /** Whatever stands before the next comma or closing parenthesis. */
  definition: (c) => c.takeUntil(() => false).length > 0,
  /** All tokens that are left, at least one. */
  rest: (c) => c.rest().length > 0,
  expr,
  query,
};

export const RULES: Readonly<Record<string, string>> = {
  names: '( name ,... )',
  behaviour: '[CASCADE | RESTRICT]',
  columns: '( {name type} ,... )',
  types: '( [type ,...] )',
  /** An argument of a function or procedure: its name and mode may be left out. */
  argument: '{mode name type | name mode type | mode type | name type | type}',
  mode: '{IN | OUT | INOUT}',
  arguments: '( [argument ,...] )',
  value: '{string | number | word}',
  role: '{DEFAULT | string}',
  grantee: '{PUBLIC | ROLE name | GROUP name | name}',
  owner: '{CURRENT_USER | SESSION_USER | name}',
  switch: '{ON | OFF | TRUE | FALSE | T | F}',
  setting: 'name = value',
  /** (name = value, ...) of Postgres' definitions. */
  definitions: '( {word [= definition]} ,... )',
  properties: '( {{string | word} = {string | number | word}} ,... )',
  alias: 'name',
  index: 'name ON qualified [USING name] ( indexitem ,... ) [TABLESPACE name] [WHERE expr]',
  indexitem: `{name ( [expr ,...] ) [name] | ( expr ) [name] | name [name]} [ASC | DESC] [NULLS {FIRST | LAST}]`,
  event: '{INSERT | UPDATE | DELETE}',
  sequenceoption: `{INCREMENT [BY] integer | MINVALUE integer | MAXVALUE integer | NO {MINVALUE | MAXVALUE | CYCLE}
    | START [WITH] integer | RESTART [[WITH] integer] | CACHE integer | CYCLE | AS type | OWNED BY qualified}`,
  partition: 'PARTITION ( {name = value} ,... )',
  schemaoption: `{DATABASE string | SCHEMA string | REGION string | URI string [PORT integer] | IAM_ROLE role
    | CATALOG_ROLE role | SECRET_ARN string | AUTHENTICATION {NONE | IAM | MTLS} | AUTHENTICATION_ARN string
    | CLUSTER_ARN string | CATALOG_ID string | CREATE EXTERNAL DATABASE IF NOT EXISTS}`,
  provideroption: `{PARAMETERS string | NAMESPACE string | IAM_ROLE role | APPLICATION_ARN string
    | AUTO_CREATE_ROLES {TRUE [{INCLUDE | EXCLUDE} GROUPS LIKE string] | FALSE} | ENABLE | DISABLE}`,
  privilege: `{SELECT | INSERT | UPDATE | DELETE | DROP | REFERENCES | ALTER | TRUNCATE | CREATE | TEMPORARY | TEMP | USAGE
    | EXECUTE | RULE | TRIGGER | SHARE | MANAGE} [names]`,
  privileges: '{ALL [PRIVILEGES] [names] | privilege ,...}',
  defaultobjects: '{TABLES | FUNCTIONS | PROCEDURES}',
  scopedobjects: '{SCHEMAS | TABLES | FUNCTIONS | PROCEDURES | LANGUAGES | COPY JOBS | TEMPLATES}',
  grantobjects: `{SCHEMA name ,... | DATABASE name ,... | LANGUAGE name ,... | DATASHARE name ,... | MODEL qualified ,...
    | COPY JOB name | TEMPLATE qualified ,... | EXTERNAL {TABLE | SCHEMA | COLUMN names} qualified ,...
    | {FUNCTION | PROCEDURE} {qualified arguments} ,...
    | ALL {TABLES | FUNCTIONS | PROCEDURES | COPY JOBS | TEMPLATES} IN {SCHEMA | DATABASE} name ,... | [TABLE] qualified ,...}`,
  systemprivilege: `{{CREATE | DROP | ALTER} {USER | TABLE | SCHEMA | ROLE | DATASHARE | MODEL | LIBRARY | DATABASE}
    | CREATE [OR REPLACE] {FUNCTION | EXTERNAL FUNCTION | PROCEDURE | VIEW} | DROP {FUNCTION | PROCEDURE | VIEW}
    | ALTER DEFAULT PRIVILEGES | ACCESS {CATALOG | SYSTEM TABLE} | VACUUM | ANALYZE | CANCEL | TRUNCATE TABLE | EXPLAIN RLS
    | EXPLAIN MASKING | IGNORE RLS}`,
  receiver: `{RLS POLICY qualified ,... | IAM_ROLE string ,... | NAMESPACE value | ACCOUNT value [VIA DATA CATALOG]
    | grantee [WITH {GRANT | ADMIN} OPTION]}`,
};
