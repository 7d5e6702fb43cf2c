/**
 * The catalogue's errors of datashares and the databases made from them.
 */
import { make } from './make-error.ts';

export const duplicateDatashare = make('42710', (name) => `Datashare "${name}" already exists`);
export const undefinedDatashare = make('42704', (name) => `Datashare "${name}" does not exist`);
export const datashareInUse = make(
  '2BP01',
  (name, databases) => `Datashare "${name}" cannot be dropped: databases were made from it: ${databases}`,
);
export const schemaNotShared = make('42704', (schema, share) => `Schema "${schema}" is not in datashare "${share}"`);
export const alreadyShared = make('42710', (object, share) => `${object} is already in datashare "${share}"`);
export const notShared = make('42704', (object, share) => `${object} is not in datashare "${share}"`);
export const temporaryNotShared = make('0A000', (name) => `temporary table "${name}" cannot be added to a datashare`);
export const noSuchShareHere = make(
  '42704',
  (share, namespace) =>
    `Datashare "${share}" of namespace "${namespace}" does not exist: only shares of this warehouse are reached`,
);
export const shareNotGranted = make(
  '42501',
  (share, namespace) => `Datashare "${share}" was not granted to namespace "${namespace}"`,
);
export const databaseFromShare = make(
  '0A000',
  (database) => `"${database}" was made from a datashare: its objects are read by names of three parts`,
);
