/**
 * GRANT and REVOKE privileges FOR TABLES (SCHEMAS, FUNCTIONS, PROCEDURES, LANGUAGES) IN a schema or database: on all that is
 * in it and all that will be. They are kept with the schema or the database.
 */
import { featureNotSupported, privilegeNotFor } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { ClassName, DatabaseObject, SchemaObject } from '../catalog/objects.ts';
import { grant, privilegeLetters, requireOwner, revoke } from '../catalog/privileges.ts';
import type { Given, GrantOrRevoke, ScopedWord } from '../parser/statements/grant.ts';
import type { DdlContext } from './context.ts';
import { granteesOf, namedGrantees } from './grant-on-objects.ts';

type Scoped = Extract<Given, { kind: 'scoped' }>;

const CLASSES: Readonly<Record<ScopedWord, ClassName>> = {
  schemas: 'schema',
  tables: 'relation',
  functions: 'routine',
  procedures: 'routine',
  languages: 'language',
};

function scopeOf({ session, transaction }: DdlContext, given: Scoped): SchemaObject | DatabaseObject {
  const catalog = transaction.catalog();
  if (given.schema === undefined) {
    const database = requireNamed(catalog, 'database', given.database!);
    requireOwner(session.user, database);
    return database;
  }
  if (given.database !== undefined && given.database !== catalog.database.name) {
    throw featureNotSupported('privileges in a schema of another database are not supported');
  }
  if (given.objects === 'schemas' || given.objects === 'languages')
    throw privilegeNotFor(given.objects.toUpperCase(), 'schema');
  const schema = requireNamed(catalog, 'schema', given.schema);
  requireOwner(session.user, schema);
  return schema;
}

export async function changeScopedPrivileges(
  context: DdlContext,
  given: Scoped,
  statement: GrantOrRevoke,
): Promise<void> {
  const { session, transaction } = context;
  const columns = given.privileges.find((p) => p.columns !== undefined);
  if (columns !== undefined) throw privilegeNotFor(columns.word.toUpperCase(), 'column');
  const letters = privilegeLetters(
    CLASSES[given.objects],
    given.privileges.map((p) => p.word),
  );
  const { scope, grantees } = await lockUses(transaction, () => {
    const to = granteesOf(transaction.catalog(), statement.grantees);
    const found = scopeOf(context, given);
    return { value: { scope: found, grantees: to }, changes: [found], names: namedGrantees(to) };
  });
  const { scoped = [] } = scope;
  const grantor = session.user.oid;
  const acl = grantees.reduce(
    (now, { number, option }) =>
      statement.kind === 'grant'
        ? grant(now, number, grantor, letters, option)
        : revoke(now, number, letters, undefined, statement.optionOnly === true),
    scoped.find((s) => s.objects === given.objects)?.acl ?? [],
  );
  const others = scoped.filter((s) => s.objects !== given.objects);
  putObject(transaction, {
    ...scope,
    scoped: acl.length === 0 ? others : [...others, { objects: given.objects, acl }],
  });
}
