/**
 * DROP of an object of any kind. What is the same for all, finding, IF EXISTS, dependents and storage, is done here and in
 * ddl/drop-objects.ts; who may drop what, and what goes first, stands in drop-rules.ts. Storage of dropped tables is
 * removed when the transaction commits.
 */
import { classOfKind, OBJECT_CLASSES } from '../catalog/classes/index.ts';
import { lockResolved, locksOn } from '../catalog/lock-by-name.ts';
import { findObject, missingObject, spelled } from '../catalog/names.ts';
import type { CatalogObject, ClassName } from '../catalog/objects.ts';
import { dropObjects } from '../ddl/drop-objects.ts';
import type { QualifiedName, Statement } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';
import { dropRuleOf } from './drop-rules.ts';
import { info, recorded } from './recorded-command.ts';

type Drop = Extract<Statement, { kind: 'drop' }>;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const inSchema = (of: ClassName): boolean => OBJECT_CLASSES[of].uniqueIn === 'schema';

function findForDrop(
  { session, transaction }: CommandContext,
  of: ClassName,
  statement: Drop,
  name: QualifiedName,
): CatalogObject | undefined {
  const catalog = transaction.catalog();
  const noSchema = inSchema(of) && name.schema !== undefined && catalog.schema(name.schema) === undefined;
  if (statement.ifExists && noSchema) return undefined;
  return findObject<ClassName>(catalog, session.searchPath(), of, name);
}

/** Drops together what the names mean. */
async function dropNames(context: CommandContext, statement: Drop, names: readonly QualifiedName[]): Promise<void> {
  const of = classOfKind(statement.objectKind);
  const rule = dropRuleOf(of);
  let missing: readonly QualifiedName[] = [];
  const find = (): readonly CatalogObject[] => {
    const found = new Map<number, CatalogObject>();
    const absent: QualifiedName[] = [];
    for (const name of names) {
      const object = findForDrop(context, of, statement, name);
      if (object !== undefined) {
        rule.check(context, object, statement);
        found.set(object.oid, object);
      } else if (statement.ifExists) absent.push(name);
      else throw missingObject(of, name);
    }
    missing = absent;
    return [...found.values()];
  };
  if (rule.first !== undefined) {
    const { first, changes } = rule;
    const { transaction } = context;
    const objects = await lockResolved(transaction, () => {
      const value = find();
      const changed = value.flatMap((object) => changes?.(context, object) ?? []);
      const locks = new Map(locksOn(transaction, changed, 'ShareRowExclusiveLock'));
      for (const lock of locksOn(transaction, value, 'AccessExclusiveLock')) locks.set(...lock);
      return { value, locks };
    });
    for (const object of objects) await first(context, object, statement);
  }
  await dropObjects(context, find, statement.cascade);
  for (const name of missing) {
    const shown = inSchema(of) ? spelled(name) : name.name;
    context.notice(info(`${capital(statement.objectKind)} "${shown}" does not exist and will be skipped`));
  }
}

export default recorded('ddl', {
  kind: 'drop',
  doc: 'DROP',
  outsideTransaction: (statement) => (statement.objectKind === 'database' ? 'DROP DATABASE' : undefined),
  async run(context, statement: Drop) {
    context.transaction.requireXid();
    const of = classOfKind(statement.objectKind);
    dropRuleOf(of).before?.(context);
    // Relations may need each other and go together.
    const groups = inSchema(of) ? [statement.names] : statement.names.map((name) => [name]);
    for (const names of groups) await dropNames(context, statement, names);
    return { tag: `DROP ${statement.objectKind.toUpperCase()}` };
  },
});
