/** Datashares: objects of a database that others may read. */
import { duplicateDatashare, undefinedDatashare } from '../../../common/errors/datashare-errors.ts';
import type { DatashareObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

export const datashare: ObjectClass<DatashareObject> = {
  kinds: { datashare: {} },
  noun: 'datashare',
  uniqueIn: 'cluster',
  catalog: { name: 'svv_datashares', oid: 4802 },
  owned: true,
  privileges: { on: 'datashare', letters: { ALTER: 'A', SHARE: 'S' }, system: () => ({ A: 'ALTER DATASHARE' }) },
  duplicate: duplicateDatashare,
  missing: undefinedDatashare,
};
