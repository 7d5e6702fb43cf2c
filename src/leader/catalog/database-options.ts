/**
 * Options of CREATE DATABASE and ALTER DATABASE: ISOLATION LEVEL, CONNECTION LIMIT and COLLATE.
 */
import { featureNotSupported, redundantOptions } from '../../common/errors/catalogue.ts';
import type { Collation } from '../../types/sql-type.ts';
import type { CommandOption } from '../parser/ast.ts';
import type { DatabaseObject } from './objects.ts';

/**
 * What the options say; one that would change behaviour and is not implemented is refused, and so is one given twice.
 * A limit of undefined is UNLIMITED, a collation of undefined case_sensitive.
 */
export function databaseOptions(
  command: string,
  options: readonly CommandOption[],
): Partial<Pick<DatabaseObject, 'isolation' | 'connectionLimit' | 'collation'>> {
  const out: {
    isolation?: 'snapshot' | 'serializable';
    connectionLimit?: number | undefined;
    collation?: Collation | undefined;
  } = {};
  const seen = new Set<string>();
  for (const { name, args, pos } of options) {
    const value = String(args[0] ?? '').toLowerCase();
    if (seen.has(name)) throw redundantOptions(pos + 1);
    seen.add(name);
    if (name === 'ISOLATION LEVEL' && (value === 'snapshot' || value === 'serializable')) out.isolation = value;
    else if (name === 'COLLATE')
      out.collation = value === 'case_sensitive' || value === 'cs' ? undefined : 'case_insensitive';
    else if (name === 'CONNECTION LIMIT') out.connectionLimit = value === 'unlimited' ? undefined : Number(value);
    else throw featureNotSupported(`${command} ${name} ${value} is not supported`);
  }
  return out;
}
