/**
 * The shape of a class of objects: all that naming, COMMENT, GRANT, DROP, the log and the catalog tables need to know of
 * it. One entry a file, joined in index.ts.
 */
import type { SqlError } from '../../../common/errors/sql-error.ts';
import type { SystemPrivilege } from '../system-privilege-names.ts';
import type { AclEntry, CatalogObject, ObjectReference } from '../objects.ts';

/** A catalog table, whose oid tells in pg_description and pg_depend what an oid is of. */
export interface CatalogTable {
  readonly name: string;
  readonly oid: number;
}

export interface KindTraits {
  /** The word COMMENT ON has for it; without one there are no comments on it. */
  readonly comment?: string;
  /** Rows on the slices go with it. */
  readonly storage?: boolean;
}

export interface ClassPrivileges {
  /** The word GRANT ... ON has for the class. */
  readonly on: string;
  /** Letter of each privilege's word; the last word of a letter is the one that is shown. */
  readonly letters: Readonly<Record<string, string>>;
  /** What an object gives until any privilege was granted or revoked; undefined: nothing. */
  initial?(object: Pick<CatalogObject, 'name' | 'ownerOid'>): readonly AclEntry[];
  /** System privileges that stand for a letter on any such object. */
  system?(object: Pick<CatalogObject, 'kind'>): Readonly<Partial<Record<string, SystemPrivilege>>>;
}

/** A part of an object that has an oid of its own: a constraint of a table. */
export interface ObjectPart {
  readonly catalog: CatalogTable;
  readonly oid: number;
  /** As a refusal names it. */
  readonly described: string;
  readonly comment?: string;
  /** What the part cannot be without. */
  readonly needs?: ObjectReference;
}

/** Methods, so that an entry can be used for any object that was found to be of its class. */
export interface ObjectClass<O extends CatalogObject> {
  /** Kinds of objects that share the class's names and oids. */
  readonly kinds: Readonly<Record<O['kind'], KindTraits>>;
  /** What messages call any of them: "must be owner of relation t". */
  readonly noun: string;
  /** Where no two have one name. Classes of the cluster are seen in every database. */
  readonly uniqueIn: 'cluster' | 'database' | 'schema';
  /** What is unique there when it is more than the name: functions are told apart by the types of their arguments too. */
  nameKey?(object: O): string;
  readonly catalog: CatalogTable;
  readonly owned: boolean;
  /** Undefined: nothing can be granted on it. */
  readonly privileges?: ClassPrivileges;
  duplicate(name: string): SqlError;
  missing(name: string, position?: number): SqlError;
  /** The object it goes with unasked. */
  belongsTo?(object: O): ObjectReference | undefined;
  parts?(object: O): readonly ObjectPart[];
  /** The object without the parts that need what is gone. */
  withoutParts?(object: O, gone: (reference: ObjectReference) => boolean): O;
}
