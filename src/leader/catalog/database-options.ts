/**
 * Options of CREATE DATABASE and ALTER DATABASE: ISOLATION LEVEL, CONNECTION LIMIT and COLLATE.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { CommandOption } from '../parser/ast.ts';
import type { DatabaseObject } from './objects.ts';

/**
 * The options that mean something here; one that would change behaviour and is not implemented is refused.
 */
export function databaseOptions(
  command: string,
  options: readonly CommandOption[],
): Pick<DatabaseObject, 'isolation' | 'connectionLimit'> {
  let isolation: 'snapshot' | 'serializable' = 'snapshot';
  let connectionLimit: number | undefined;
  for (const { name, args } of options) {
    const value = String(args[0] ?? '').toLowerCase();
    if (name === 'ISOLATION LEVEL' && (value === 'snapshot' || value === 'serializable')) isolation = value;
    else if (name === 'COLLATE' && (value === 'case_sensitive' || value === 'cs')) continue;
    else if (name === 'CONNECTION LIMIT') connectionLimit = value === 'unlimited' ? undefined : Number(value);
    else throw featureNotSupported(`${command} ${name} ${value} is not supported`);
  }
  return { isolation, connectionLimit };
}
