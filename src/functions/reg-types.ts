/**
 * Names to numbers and back for regclass, regtype and regproc.
 */
import { undefinedFunction, undefinedTable, undefinedType } from '../common/errors/catalogue.ts';
import { TYPE_INFO } from '../types/sql-type.ts';
import type { LeaderView } from './leader-context.ts';
import { findRelation } from './privilege-check.ts';

export function relationOid(leader: LeaderView, text: string): number {
  if (text === '-') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const found = findRelation(leader, text);
  if (found === undefined) throw undefinedTable(text);
  return found.oid;
}
/** The name, with its schema when the search path does not find it. */
export function relationName(leader: LeaderView, oid: number): string {
  if (oid === 0) return '-';
  const relation = leader.catalog.relationByOid(oid);
  if (relation === undefined) return String(oid);
  if (findRelation(leader, relation.name)?.oid === oid) return relation.name;
  return `${leader.catalog.schemaByOid(relation.schemaOid)?.name ?? '?'}.${relation.name}`;
}
export function typeOid(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const name = text.trim().toLowerCase().replace(/^pg_catalog\./, '').replace(/\(.*\)$/, '');
  for (const [key, info] of Object.entries(TYPE_INFO)) {
    if (key === name || info.sqlName === name) return info.oid;
  }
  throw undefinedType(text);
}
export function procedureOid(text: string): number {
  if (text === '-') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw undefinedFunction(text);
}
