/**
 * Numbers of users and groups, from 101 up. They count as identity columns of their catalog tables do: a number that a
 * transaction took is in the record of its commit, so nothing that was ever committed had the number of something else.
 */
import { FIRST_USER_OID } from '../catalog/bootstrap.ts';
import { OBJECT_CLASSES } from '../catalog/classes/index.ts';
import type { CatalogSnapshot } from '../catalog/objects.ts';
import type { TransactionManager } from '../transaction/types.ts';

/** The number's place in pg_shadow and pg_group. */
const NUMBER_COLUMN = 2;

export function newNumber(
  transactions: Pick<TransactionManager, 'nextIdentity'>,
  catalog: CatalogSnapshot,
  of: 'user' | 'group',
): number {
  const { oid: table } = OBJECT_CLASSES[of].catalog;
  const seed = BigInt(FIRST_USER_OID + 1);
  for (;;) {
    const number = Number(transactions.nextIdentity(table, NUMBER_COLUMN, seed, 1n, 1));
    // Those of a directory that was made before the counter.
    if (catalog.object(of, number) === undefined) return number;
  }
}
