/**
 * What the tab key offers behind a text: commands with a backslash, relations where a relation stands, else columns of the
 * relations that the statement names, functions and key words.
 */
import { KEYWORDS } from '../../common/reserved-words.ts';
import { COLUMN_NAMES, FUNCTION_NAMES, NAMES_MAX, RELATION_NAMES } from './catalog-queries.ts';

/** First column of the rows of a query over the catalog. */
export type AskNames = (sql: string) => Promise<readonly string[]>;
export interface Completions {
  readonly words: readonly string[];
  /** The end of the text that they replace. */
  readonly replaces: string;
}
const RELATION_FOLLOWS = /\b(?:from|join|into|update|table|view|copy|analyze|vacuum|truncate|delete\s+from)\s+$/i;
const NAMED_RELATION =
  /\b(?:from|join|into|update|table|copy)\s+(?:[\p{L}_][\p{L}\p{N}_$]*\.)?([\p{L}_][\p{L}\p{N}_$]*)/giu;
const RELATIONS_MAX = 20;

/** `statement` is what was typed of it so far, `commands` the names of commands with a backslash. */
export async function complete(statement: string, commands: readonly string[], ask: AskNames): Promise<Completions> {
  const command = /^\s*(\\\S*)$/.exec(statement)?.[1];
  if (command !== undefined) return { words: commands.filter((c) => c.startsWith(command)), replaces: command };
  const word = /[\p{L}\p{N}_$.]*$/u.exec(statement)?.[0] ?? '';
  const before = statement.slice(0, statement.length - word.length);
  const dot = word.lastIndexOf('.');
  const [qualifier, prefix] = dot < 0 ? ['', word] : [word.slice(0, dot), word.slice(dot + 1)];
  if (RELATION_FOLLOWS.test(before) || /^\s*\\d\S*\s+$/.test(before))
    return { words: await ask(RELATION_NAMES(qualifier, prefix)), replaces: prefix };
  const relations = [...statement.matchAll(NAMED_RELATION)].slice(0, RELATIONS_MAX).map((m) => m[1]!.toLowerCase());
  const columns = relations.length === 0 ? [] : await ask(COLUMN_NAMES(relations, prefix));
  if (qualifier !== '' || prefix === '') return { words: columns, replaces: prefix };
  const upper = prefix === prefix.toUpperCase();
  const key = [...KEYWORDS]
    .filter((k) => k.startsWith(prefix.toLowerCase()))
    .map((k) => (upper ? k.toUpperCase() : k));
  const functions = (await ask(FUNCTION_NAMES(prefix))).map((f) => `${f}(`);
  const words = [...new Set([...columns, ...key.sort(), ...functions])];
  return { words: words.slice(0, NAMES_MAX), replaces: prefix };
}
