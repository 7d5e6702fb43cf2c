/**
 * Names to numbers and back for regclass, regtype, regproc and regprocedure: relations of users and of the system, types, built-in
 * functions.
 */
import { functionNotUnique, undefinedFunction, undefinedTable, undefinedType } from '../common/errors/catalogue.ts';
import { TYPE_INFO } from '../types/sql-type.ts';
import type { LeaderView, ProcedureView } from './leader-context.ts';
import { findRelation } from './privilege-check.ts';

const nameParts = (text: string): readonly string[] =>
  text
    .trim()
    .split('.')
    .map((p) => (p.startsWith('"') ? p.replaceAll('"', '') : p.toLowerCase()));

/** A system relation by name, with or without its schema. */
export function systemRelation(leader: LeaderView, text: string): number | undefined {
  const parts = nameParts(text);
  return leader.system.relationOid(parts[parts.length - 2], parts[parts.length - 1]!);
}
export function relationOid(leader: LeaderView, text: string): number {
  if (text === '-') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const found = systemRelation(leader, text) ?? findRelation(leader, text)?.oid;
  if (found === undefined) throw undefinedTable(text);
  return found;
}
/** The name, with its schema when the search path does not find it. */
export function relationName(leader: LeaderView, oid: number): string {
  if (oid === 0) return '-';
  const relation = leader.catalog.relationByOid(oid);
  if (relation === undefined) {
    const system = leader.system.relationByOid(oid);
    if (system === undefined) return String(oid);
    return system.schema === 'pg_catalog' ? system.name : `${system.schema}.${system.name}`;
  }
  if (findRelation(leader, relation.name)?.oid === oid) return relation.name;
  return `${leader.catalog.schemaByOid(relation.schemaOid)?.name ?? '?'}.${relation.name}`;
}
export function typeOid(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const name = text
    .trim()
    .toLowerCase()
    .replace(/^pg_catalog\./, '')
    .replace(/\(.*\)$/, '');
  for (const [key, info] of Object.entries(TYPE_INFO)) {
    if (key === name || info.sqlName === name) return info.oid;
  }
  throw undefinedType(text);
}
/** Functions of the server, then those of users. */
function proceduresNamed(leader: LeaderView, parts: readonly string[]): readonly ProcedureView[] {
  const name = parts[parts.length - 1]!;
  const schema = parts[parts.length - 2];
  const builtIn = schema === undefined || schema === 'pg_catalog' ? leader.system.proceduresNamed(name) : [];
  return [...builtIn, ...leader.routinesNamed(schema, name)];
}
export const procedureView = (leader: LeaderView, oid: number): ProcedureView | undefined =>
  leader.routine(oid) ?? leader.system.procedure(oid);

export function procedureOid(leader: LeaderView, text: string): number {
  if (text === '-') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const parts = nameParts(text);
  const found = proceduresNamed(leader, parts);
  if (found.length > 1) throw functionNotUnique(text);
  if (found.length === 0) throw undefinedFunction(text);
  return found[0]!.oid;
}
/** 'lower(character varying)' to its number: a name and the types of its arguments. */
export function signatureOid(leader: LeaderView, text: string): number {
  if (text === '-') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const [, name = '', args = ''] = /^\s*([^()]+?)\s*\((.*)\)\s*$/.exec(text) ?? [];
  const parts = nameParts(name);
  const types = args.trim() === '' ? [] : args.split(',').map(typeOid);
  const found = proceduresNamed(leader, parts).find(
    (p) => p.args.length === types.length && p.args.every((a, i) => typeOid(a) === types[i]),
  );
  if (found === undefined) throw undefinedFunction(text);
  return found.oid;
}
export function signatureText(leader: LeaderView, oid: number): string {
  if (oid === 0) return '-';
  const found = procedureView(leader, oid);
  return found === undefined ? String(oid) : `${found.name}(${found.args.join(',')})`;
}
