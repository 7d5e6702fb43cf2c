/**
 * What the analyser needs from its surroundings (AnalyserContext) and what it carries through one statement
 * (AnalyserState): the effective user and search path, which change inside a view, and what the statement used so far.
 */
import { statementTooComplex } from '../../common/errors/catalogue.ts';
import type { ColId, TableId } from '../../common/ids.ts';
import { QUERY_REFERENCES_MAX } from '../../common/limits.ts';
import type { FunctionRegistry } from '../../functions/registry.ts';
import type { Collation, SqlType } from '../../types/sql-type.ts';
import type { TextSettings } from '../../types/text.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import type { CatalogSnapshot, UserObject } from '../catalog/objects.ts';
import type { Cte, Query } from '../parser/ast.ts';
import type { NameRecorder } from './name-recorder.ts';
import type { ConvertedLists } from './converted-lists.ts';
import type { Scope } from './scope.ts';

export interface SystemViewInfo {
  /** Registry name, e.g. pg_catalog.pg_class. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  /** It lies on the compute nodes in Redshift: all but catalogs and what is external. */
  readonly onSlices?: boolean;
  /** Functions of the leader node that it calls whatever is read of it, as messages name them. */
  readonly functions?: readonly string[];
  /** Functions of the leader node that give single columns. */
  readonly columnFunctions?: Readonly<Record<string, string>>;
}

export interface AnalyserContext {
  readonly catalog: CatalogSnapshot;
  /** Schemas searched for unqualified names, the temporary schema first when it exists. */
  readonly searchPath: readonly string[];
  readonly user: UserObject;
  /** Policies protect nothing from it. */
  readonly exempt?: boolean;
  /** Types of $1, $2 ...; inferred ones are filled in place, varchar when nothing tells. */
  readonly parameterTypes: (SqlType | undefined)[];
  /** Nobody gives values to the statement: a parameter in it is an error. */
  readonly noParameters?: boolean;
  nextColId(): ColId;
  readonly functions: FunctionRegistry;
  systemViews(schema: string | undefined, name: string): SystemViewInfo | undefined;
  /** Synchronous: for the stored text of views and defaults. */
  parseQuery(text: string): Query;
  /** Compute nodes take what the statement gives: CREATE TABLE AS and its like, UNLOAD, defaults of columns. */
  readonly onSlices?: boolean;
  /** Told of every relation the statement names itself (not those inside views), for dependencies and locks. */
  readsRelation?(oid: TableId): void;
  /** Told what every name of the statement means, for CREATE VIEW. */
  readonly names?: NameRecorder;
  /** How the session reads the text of literals: date order, zone, and now for 'now' and 'today'. */
  readonly text?: TextSettings;
  /** Where very long lists are kept once they were converted, between the events of the thread; absent: at once. */
  readonly lists?: ConvertedLists;
  /** Of the database: what strings without a collation of their own have; absent: case_sensitive. */
  readonly collation?: Collation;
  /** enable_large_strings_opt_in: functions give texts of up to 16,000,000 bytes, which their types say. */
  readonly largeStrings?: boolean;
  /** enable_numeric_rounding: casts of NUMERIC values round the decimals they drop. */
  readonly roundsNumeric?: boolean;
  /** What the session's settings say of SUPER values; absent: their defaults. */
  readonly superRules?: SuperRules;
}
export interface SuperRules {
  /** navigate_super_null_on_error off: a path that is not there is an error. */
  readonly strictPaths: boolean;
  /** cast_super_null_on_error off: a value that has no such cast is an error. */
  readonly strictCasts: boolean;
  /** parse_super_null_on_error on: text that is no JSON is NULL. */
  readonly laxParse: boolean;
  /** json_parse_dedup_attributes on: the last of equal names stays. */
  readonly dedup: boolean;
  /** json_parse_truncate_strings on: a string that is too long is cut. */
  readonly truncate: boolean;
  /** enable_case_sensitive_super_attribute: plain names in paths keep their case. */
  readonly caseSensitive: boolean;
  /** default_array_search_null_handling off: a null in a search is unknown. */
  readonly nullsUnknown: boolean;
}

/** What the whole statement used; shared by all its queries. */
export interface Usage {
  /** Leader-only functions called, as they print: "current_schema()". */
  readonly leaderFunctions: Set<string>;
  readsUserTable: boolean;
  /** Compute nodes have to do with it: user tables, system tables that lie there, rows that are written. */
  onSlices: boolean;
  /** Catalogs, which the leader node alone has. */
  readsCatalog: boolean;
  /** A function was called that compute nodes alone have. */
  needsComputeNode: boolean;
  /** Where a regular expression stands that comes from rows. */
  patternOfRows: number | undefined;
  /** Where an interval of months, without fields, is added to what rows give. */
  monthsOfRows: number | undefined;
  /** Columns that only the leader node can give, and what is said when compute nodes ask for them. */
  readonly leaderColumns: Map<ColId, string>;
  /** A parameter stands where any type will do and nothing before it told its type. */
  hasOpenParameter: boolean;
  /** COLLATE() asked for case_insensitive. */
  foldsCase: boolean;
  /** Columns made so far. */
  columns: number;
  /** WITH queries and views read so far, each as often as it is. */
  references: number;
  /** Locals of functions of users, by function and arguments. */
  readonly lets: Map<string, readonly ColId[]>;
}

export interface AnalyserState {
  readonly context: AnalyserContext;
  readonly user: UserObject;
  readonly searchPath: readonly string[];
  readonly usage: Usage;
  /** Views being expanded, outermost first: guards against a view that reads itself. */
  readonly viewStack: readonly number[];
  /** Policies protect nothing from it: it is the system's own work, or a policy. */
  readonly exempt?: boolean;
}

export interface CteEntry {
  readonly cte: Cte;
  /** The environment the CTE's own query sees: the CTEs before it. */
  readonly env: QueryEnv;
  used: boolean;
  /** It is named within its own recursive member: the rows of the round before. */
  readonly working?: {
    readonly recursion: ColId;
    readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  };
}
/** Surroundings of one query: visible CTEs and the enclosing query for correlation. */
export interface QueryEnv {
  readonly state: AnalyserState;
  readonly ctes: ReadonlyMap<string, CteEntry>;
  readonly parent: Scope | undefined;
  /** The statement's own query, whose WITH may be recursive. */
  readonly isTop?: boolean;
}

export function newState(given: AnalyserContext): AnalyserState {
  const usage: Usage = {
    leaderFunctions: new Set(),
    readsUserTable: false,
    onSlices: given.onSlices === true,
    readsCatalog: false,
    needsComputeNode: false,
    patternOfRows: undefined,
    monthsOfRows: undefined,
    leaderColumns: new Map(),
    hasOpenParameter: false,
    foldsCase: false,
    columns: 0,
    references: 0,
    lets: new Map(),
  };
  const nextColId = (): ColId => {
    usage.columns++;
    return given.nextColId();
  };
  const context = given.lists === undefined ? given : { ...given, nextColId };
  given.lists?.begin(given.catalog.state);
  const exempt = given.exempt === true ? { exempt: true } : {};
  return { context, user: given.user, searchPath: given.searchPath, usage, viewStack: [], ...exempt };
}
/** Every reference is a query of its own here: one more of a statement that has not too many. */
export function countReference({ usage }: AnalyserState, position?: number): void {
  usage.references += 1;
  if (usage.references > QUERY_REFERENCES_MAX)
    throw statementTooComplex('too many references to WITH queries and views', position);
}
/** Where names are recorded: in the statement itself, not in the views it reads. */
export const recorderOf = (state: AnalyserState): NameRecorder | undefined =>
  state.viewStack.length === 0 ? state.context.names : undefined;
export const newEnv = (state: AnalyserState): QueryEnv => ({
  state,
  ctes: new Map(),
  parent: undefined,
  isTop: true,
});

/** A new column of the statement. */
export const newColumn = (
  state: AnalyserState,
  name: string,
  type: SqlType,
  origin?: ColumnRef['origin'],
): ColumnRef => ({ id: state.context.nextColId(), name, type, ...(origin === undefined ? {} : { origin }) });

/** 1-based position of an AST node for an error. */
export const at = (node: { readonly pos: number }): number => node.pos + 1;
