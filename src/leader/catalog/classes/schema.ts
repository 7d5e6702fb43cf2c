/** Schemas, which hold the names of other objects. */
import { duplicateSchema, undefinedSchema } from '../../../common/errors/catalogue.ts';
import type { SchemaObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const schema: ObjectClass<SchemaObject> = {
  kinds: { schema: { comment: 'schema' } },
  noun: 'schema',
  uniqueIn: 'database',
  catalog: { name: 'pg_namespace', oid: 2615 },
  owned: true,
  privileges: {
    on: 'schema',
    letters: { USAGE: 'U', CREATE: 'C', ALTER: 'A', DROP: 'D' },
    system: () => ({ D: 'DROP SCHEMA' }),
  },
  duplicate: duplicateSchema,
  missing: undefinedSchema,
};
