/** COMMENT ON an object, a column or a constraint; NULL removes the comment. */
import { undefinedConstraint, undefinedTargetColumn, wrongObjectType } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { CLASS_NAMES, OBJECT_CLASSES, traitsOf } from '../catalog/classes/index.ts';
import { lockObject } from '../catalog/lock-by-name.ts';
import { columnByName, type CatalogObject, type ClassName, type RelationObject } from '../catalog/objects.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';
import type { Statement } from '../parser/ast.ts';

type Comment = Extract<Statement, { kind: 'comment' }>;

function onColumn(relation: RelationObject, { column: name = '', text }: Comment): RelationObject {
  const column = columnByName(relation, name);
  if (column === undefined) throw undefinedTargetColumn(name, relation.name);
  const { [column.attnum]: _, ...others } = relation.columnComments ?? {};
  return { ...relation, columnComments: text === null ? others : { ...others, [column.attnum]: text } };
}

function onConstraint(relation: RelationObject, { constraint: name = '', text }: Comment): RelationObject {
  const constraints = relation.kind === 'table' ? relation.constraints : [];
  if (relation.kind !== 'table' || !constraints.some((c) => c.name === name)) {
    throw undefinedConstraint(name, relation.name);
  }
  const comment = text ?? undefined;
  return { ...relation, constraints: constraints.map((c) => (c.name === name ? { ...c, comment } : c)) };
}

/** Columns and constraints belong to relations. */
const classOfWord = (word: string): ClassName =>
  CLASS_NAMES.find((of) => Object.values(OBJECT_CLASSES[of].kinds).some((traits) => traits.comment === word)) ??
  'relation';

function commented(object: CatalogObject, statement: Comment): CatalogObject {
  const { objectKind, text } = statement;
  const isRelation = object.kind === 'table' || object.kind === 'view' || object.kind === 'materialized view';
  if (isRelation && objectKind === 'column') return onColumn(object, statement);
  if (isRelation && objectKind === 'constraint') return onConstraint(object, statement);
  if (traitsOf(object).comment !== objectKind) throw wrongObjectType(object.name, objectKind);
  return { ...object, comment: text ?? undefined };
}

export default recorded('ddl', {
  kind: 'comment',
  doc: 'COMMENT',
  async run(context, statement: Comment) {
    const { session, transaction } = context;
    transaction.requireXid();
    const { objectKind, name } = statement;
    const object = await lockObject(
      session,
      transaction,
      classOfWord(objectKind),
      name,
      'ShareRowExclusiveLock',
      (found: CatalogObject) => requireOwner(session.user, found),
    );
    putObject(transaction, commented(object, statement));
    return { tag: 'COMMENT' };
  },
});
