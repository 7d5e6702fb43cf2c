/**
 * IDENTITY values. They are handed out in blocks, never taken back by a rollback, and unique: the counters
 * travel in the commit record of whoever used them, so no committed row holds a value that a later one could
 * get.
 */
import { assert } from '../../common/assert.ts';
import type { TableId } from '../../common/ids.ts';
import { outOfRange } from '../../common/errors/catalogue.ts';
import { formatType } from '../../types/sql-type.ts';
import type { CatalogColumn, TableObject } from '../catalog/objects.ts';
import type { IdentityCounter } from './log-record.ts';
import type { TransactionManager } from './types.ts';

const keyOf = (tableId: TableId, attnum: number): string => `${tableId}:${attnum}`;

/** Counters of all identity columns. */
export class IdentityCounters {
  private readonly used = new Map<string, IdentityCounter>();
  private readonly moved = new Set<string>();

  /** First of `count` new values; of none, what the next one will be. */
  next(tableId: TableId, attnum: number, seed: bigint, step: bigint, count: number): bigint {
    assert(Number.isSafeInteger(count) && count >= 0, 'a count of identity values');
    const key = keyOf(tableId, attnum);
    const before = this.used.get(key)?.used ?? 0;
    if (count === 0) return seed + step * BigInt(before);
    this.used.set(key, { tableId, attnum, used: before + count });
    this.moved.add(key);
    return seed + step * BigInt(before);
  }

  /** Lets the columns of a rebuilt table go on where the old table's stopped. */
  inherit(from: TableId, to: TableId): void {
    for (const counter of [...this.used.values()]) {
      if (counter.tableId !== from) continue;
      const key = keyOf(to, counter.attnum);
      this.used.set(key, { ...counter, tableId: to });
      this.moved.add(key);
    }
  }

  /** Counters that moved since the last call, for the next log record. */
  takeMoved(): readonly IdentityCounter[] {
    const moved = [...this.moved].map((key) => this.used.get(key)).filter((c) => c !== undefined);
    this.moved.clear();
    return moved;
  }

  /** A record that carried these counters was not written: the next one must carry them. */
  markMoved(counters: readonly IdentityCounter[]): void {
    for (const c of counters) {
      const key = keyOf(c.tableId, c.attnum);
      if (this.used.has(key)) this.moved.add(key);
    }
  }

  restore(counters: readonly IdentityCounter[]): void {
    for (const c of counters) {
      const key = keyOf(c.tableId, c.attnum);
      const known = this.used.get(key)?.used ?? 0;
      this.used.set(key, { ...c, used: Math.max(known, c.used) });
    }
  }

  /** Back to what they were: values handed out since may come again. */
  replace(counters: readonly IdentityCounter[]): void {
    this.used.clear();
    this.moved.clear();
    this.restore(counters);
  }

  forget(tableId: TableId): void {
    for (const [key, c] of this.used) {
      if (c.tableId !== tableId) continue;
      this.used.delete(key);
      this.moved.delete(key);
    }
  }

  all(): readonly IdentityCounter[] {
    return [...this.used.values()];
  }
}

/** The last value of an identity column's type in the direction of its steps. */
export function lastIdentity({ type, identity }: CatalogColumn): bigint {
  const limit = 1n << (type.name === 'int4' ? 31n : 63n);
  return identity!.step > 0n ? limit - 1n : -limit;
}

/**
 * A block of values for an identity column: value i of the block is first + i * step. Refuses values the column's type
 * cannot hold.
 */
export function identityBlock(
  transactions: Pick<TransactionManager, 'nextIdentity'>,
  table: TableObject,
  column: CatalogColumn,
  count: number,
): { readonly first: bigint; readonly step: bigint } {
  assert(column.identity !== undefined, `column ${column.attnum} of table ${table.oid} is no identity column`);
  const { seed, step } = column.identity;
  const first = transactions.nextIdentity(table.oid, column.attnum, seed, step, count);
  const [end, last] = [first + step * BigInt(count - 1), lastIdentity(column)];
  if (step > 0n ? end > last : end < last) throw outOfRange(formatType(column.type));
  return { first, step };
}
