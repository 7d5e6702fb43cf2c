/**
 * What is drawn: a kind of queries, or of changes, over tables that a seed makes. To add one: a file in kinds/ and its line
 * in kinds.ts; `npm test` and the campaign `queries` take it from there.
 */
import type { Prng } from '../../src/common/prng.ts';
import { makeTable, type Table } from './schema.ts';
import type { Node } from './tree.ts';

export interface Query {
  readonly tree: Node;
  /** Families of the columns (schema.ts). */
  readonly types: readonly string[];
  readonly ordered: boolean;
}
/** Rows with named columns: a table, or a view. */
export interface Source {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}
export interface View extends Source {
  readonly body: Node;
}
/** Tables, what is changed in them, and what is asked then. */
export interface Scenario {
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly changes: readonly Node[];
  readonly query: Query;
}
export interface Kind {
  readonly name: string;
  /** In the plural: `recursive queries`. */
  readonly about: string;
  tables(random: Prng): readonly Table[];
  views?(random: Prng, tables: readonly Table[]): readonly View[];
  /** Statements for the oracle alone: functions that it lacks. */
  readonly oracleSetup?: readonly string[];
  /** Draws queries one after the other. */
  queries?(random: Prng, tables: readonly Table[], views: readonly View[]): () => Query;
  /** Draws changes of a table one after the other, instead of queries; the table is compared behind each. */
  changes?(random: Prng, tables: readonly Table[]): (table: Table) => Node;
}

/** Two to four tables of any columns. */
export const anyTables = (random: Prng): readonly Table[] =>
  Array.from({ length: random.int(2, 4) }, (_, i) => makeTable(random, `t${i}`));
