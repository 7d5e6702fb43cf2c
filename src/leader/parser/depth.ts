/**
 * Depth guard: estimates from tokens how deep the parse tree of a statement will get and refuses with 54001 what would
 * overflow the stack of libpg-query (or of the stages behind us). AND and OR chains are flat in its tree, so they may
 * be of any length; every other operator, join and set operation of a chain nests one deeper.
 */
import { statementTooComplex } from '../../common/errors/catalogue.ts';
import { EXPRESSION_DEPTH_MAX } from '../../common/limits.ts';
import type { Token } from './lexer.ts';

interface Level {
  /** Operators of the expression that is being read. */
  operators: number;
  joins: number;
  setOperations: number;
  readonly opener: string;
  /** Nesting that the level itself costs. */
  readonly cost: number;
}

/** Words that start a new expression at the same level. */
const EXPRESSION_BREAKS = new Set([
  'and',
  'or',
  'select',
  'from',
  'where',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'on',
  'using',
  'when',
  'then',
  'else',
  'union',
  'except',
  'intersect',
  'minus',
  'set',
  'values',
  'by',
  'qualify',
]);
const OPERATOR_WORDS = new Set([
  'not',
  'is',
  'isnull',
  'notnull',
  'in',
  'like',
  'ilike',
  'similar',
  'between',
  'collate',
  'at',
]);
const SET_OPERATIONS = new Set(['union', 'except', 'intersect', 'minus']);
const JOIN_BREAKS = new Set(['where', 'group', 'having', 'order', 'limit', 'select', 'qualify']);

const newLevel = (opener: string, cost: number): Level => ({
  operators: 0,
  joins: 0,
  setOperations: 0,
  opener,
  cost,
});
const weight = (level: Level): number => level.operators + level.joins + level.setOperations + level.cost;

function readWord(level: Level, word: string): void {
  if (SET_OPERATIONS.has(word)) level.setOperations += 1;
  if (word === 'join') level.joins += 1;
  if (JOIN_BREAKS.has(word)) level.joins = 0;
  if (EXPRESSION_BREAKS.has(word)) level.operators = 0;
  else if (OPERATOR_WORDS.has(word)) level.operators += 1;
}

/** Opener of the level that this token closes, if it closes any. */
function closedBy(token: Token): string | undefined {
  if (token.kind === 'word') return token.value === 'end' ? 'case' : undefined;
  if (token.kind !== 'punct') return undefined;
  return token.value === ')' ? '(' : token.value === ']' ? '[' : undefined;
}

/** Throws 54001 when the statement nests deeper than EXPRESSION_DEPTH_MAX. */
export function checkDepth(tokens: readonly Token[]): void {
  const levels: Level[] = [newLevel('', 0)];
  let below = 0;
  for (let i = 0; i < tokens.length; i += 1) {
    const { kind, value, start } = tokens[i];
    let level = levels[levels.length - 1];
    if ((kind === 'punct' && (value === '(' || value === '[')) || (kind === 'word' && value === 'case')) {
      if (value === '[') level.operators += 1;
      below += weight(level);
      const subquery = value === '(' && tokens[i + 1]?.kind === 'word' && tokens[i + 1].value === 'select';
      level = newLevel(value, subquery ? 2 : 1);
      levels.push(level);
    } else if (closedBy(tokens[i]) !== undefined) {
      if (level.opener !== closedBy(tokens[i])) continue;
      levels.pop();
      level = levels[levels.length - 1];
      below -= weight(level);
    } else if (kind === 'word') {
      readWord(level, value);
    } else if (kind === 'op' || (kind === 'punct' && value === '::')) {
      level.operators += 1;
    } else if (kind === 'punct' && value === ',') {
      level.operators = 0;
      level.joins = 0;
    }
    if (below + weight(level) > EXPRESSION_DEPTH_MAX)
      throw statementTooComplex('stack depth limit exceeded', start + 1);
  }
}
