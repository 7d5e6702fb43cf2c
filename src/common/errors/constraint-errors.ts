/**
 * The catalogue's errors of PRIMARY KEY, UNIQUE and FOREIGN KEY.
 */
import { make } from './make-error.ts';
import { SqlError } from './sql-error.ts';

export const multiplePrimaryKeys = make('42P16', (t) => `multiple primary keys for table "${t}" are not allowed`);
export const duplicateConstraint = make(
  '42710',
  (name, t) => `constraint "${name}" for relation "${t}" already exists`,
);
export const repeatedKeyColumn = make('42701', (c, key) => `column "${c}" appears twice in ${key} constraint`);
export const referencedNoTable = make('42809', (t) => `referenced relation "${t}" is not a table`);
export const noPrimaryKeyReferenced = make('42704', (t) => `there is no primary key for referenced table "${t}"`);
export const noUniqueKeyReferenced = make(
  '42830',
  (t) => `there is no unique constraint matching given keys for referenced table "${t}"`,
);
export const foreignKeyCount = make(
  '42830',
  () => 'number of referencing and referenced columns for foreign key disagree',
);
export const foreignKeyTypes = (constraint: string, detail: string) =>
  new SqlError({
    sqlstate: '42804',
    message: `foreign key constraint "${constraint}" cannot be implemented`,
    detail,
  });
