/** COMMENT ON TABLE, COLUMN, VIEW, SCHEMA or DATABASE; NULL removes the comment. */
import {
  undefinedDatabase,
  undefinedSchema,
  undefinedTargetColumn,
  wrongObjectType,
} from '../../common/errors/catalogue.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { columnByName } from '../catalog/objects.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';
import type { Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

type Comment = Extract<Statement, { kind: 'comment' }>;

async function commentRelation(context: CommandContext, statement: Comment): Promise<void> {
  const { session, transaction } = context;
  const relation = await lockRelation(session, transaction, statement.name, 'ShareRowExclusiveLock', (found) =>
    requireOwner(session.user, 'relation', found),
  );
  const { database } = transaction;
  if (statement.objectKind === 'column') {
    const column = columnByName(relation, statement.column!);
    if (column === undefined) throw undefinedTargetColumn(statement.column!, relation.name);
    const { [column.attnum]: _, ...others } = relation.columnComments ?? {};
    const columnComments = statement.text === null ? others : { ...others, [column.attnum]: statement.text };
    transaction.changeCatalog({ kind: 'put-relation', database, relation: { ...relation, columnComments } });
    return;
  }
  const isView = relation.kind !== 'table';
  if (isView !== (statement.objectKind === 'view')) {
    throw wrongObjectType(relation.name, statement.objectKind);
  }
  transaction.changeCatalog({
    kind: 'put-relation',
    database,
    relation: { ...relation, comment: statement.text ?? undefined },
  });
}

export default recorded('ddl', {
  kind: 'comment',
  doc: 'COMMENT',
  async run(context, statement: Comment) {
    const { session, transaction } = context;
    transaction.requireXid();
    const comment = statement.text ?? undefined;
    const { name } = statement.name;
    if (statement.objectKind === 'schema') {
      const schema = transaction.catalog().schema(name);
      if (schema === undefined) throw undefinedSchema(name);
      requireOwner(session.user, 'schema', schema);
      transaction.changeCatalog({
        kind: 'put-schema',
        database: transaction.database,
        schema: { ...schema, comment },
      });
    } else if (statement.objectKind === 'database') {
      const object = transaction
        .catalog()
        .databases()
        .find((d) => d.name === name);
      if (object === undefined) throw undefinedDatabase(name);
      requireOwner(session.user, 'database', object);
      transaction.changeCatalog({ kind: 'put-database', object: { ...object, comment } });
    } else await commentRelation(context, statement);
    return { tag: 'COMMENT' };
  },
});
