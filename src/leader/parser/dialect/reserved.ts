/**
 * Redshift's reserved words where they name something in a query: 42601 at the word, though Postgres' grammar would take it
 * for a column, a table or a label. Behind a dot and behind AS in a select list every word is a label. Words that belong to a
 * clause are told from names by their neighbours.
 */
import { syntaxErrorAt } from '../../../common/errors/catalogue.ts';
import { RESERVED_WORDS } from '../../../common/reserved-words.ts';
import { shownToken, type Token } from '../token.ts';
import { isPunct, isWord, type Rewrite } from './rewrite.ts';

/** Words that no clause of a query uses. */
const NAMES_ONLY: ReadonlySet<string> = new Set(
  `aes128 aes256 allowoverwrite analyse analyze authorization az64 backup blanksasnull bytedict bzip2 check column
  constraint create credentials deferrable deflate defrag delta delta32k disable emptyasnull enable encode encrypt
  encryption explicit foreign freeze globaldict256 globaldict64k grant gzip identity initially lun luns lzo lzop mostly16
  mostly32 mostly8 new off offline old open parallel percent permissions primary raw readratio recover references rejectlog
  resort restore snapshot system tag tdes text255 text32k truncatecolumns verbose wallet`.split(/\s+/),
);

/** These end an operand or an ORDER BY item themselves. */
const CLOSING_WORDS: ReadonlySet<string> = new Set(['asc', 'desc', 'isnull', 'notnull', 'nulls', 'null']);

/** Postgres' grammar takes these for no label either, and its error stands at the right place. */
const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  'from where on order group having limit offset union except intersect into for as with to'.split(' '),
);

const CASE_WORDS: ReadonlySet<string> = new Set(['when', 'then', 'else', 'end']);

/** Words that are no names and yet not reserved: what stands behind them is no label. */
const OPENING_WORDS: ReadonlySet<string> = new Set(
  'by set limit values over escape zone prior exists rows range unbounded qualify update insert delete exclude returns'.split(
    ' ',
  ),
);

type Around = (before: Token | undefined, after: Token | undefined, tokens: readonly Token[], i: number) => boolean;

const isTypeName: Around = (before, after, tokens, i) =>
  before?.value === '::' ||
  isWord(before, 'as') ||
  after?.kind === 'string' ||
  after?.kind === 'number' ||
  isPunct(after, '(') ||
  (isPunct(before, '(') && isWord(tokens[i - 2], 'convert'));

/** Where a word that also starts or joins a clause stands as such. */
const IN_ITS_CLAUSE: Readonly<Record<string, Around>> = {
  timestamp: (before, after, tokens, i) =>
    isTypeName(before, after, tokens, i) || isWord(after, 'with', 'without') || isPunct(before, ','),
  interval: isTypeName,
  partition: (before, after, tokens, i) =>
    isWord(after, 'by') || (isPunct(before, '(') && isWord(tokens[i - 2], 'over')),
  ignore: (_before, after) => isWord(after, 'nulls'),
  respect: (_before, after) => isWord(after, 'nulls'),
  nulls: (before, after) =>
    isWord(before, 'ignore', 'respect', 'include', 'exclude') || isWord(after, 'first', 'last'),
  minus: (before) => !opensExpression(before),
  top: (before, after) => isWord(before, 'select', 'distinct', 'all') && after !== undefined && after.kind !== 'op',
  unnest: (_before, after) => isPunct(after, '('),
  table: (before) => isWord(before, 'temp', 'temporary', 'into'),
  between: (before) => !opensExpression(before),
};

const EXPRESSION_OPENERS = ['select', 'where', 'by', 'having', 'on', 'and', 'or', 'distinct', 'when', 'then', 'else'];

const opensExpression = (token: Token | undefined): boolean =>
  token === undefined ||
  isPunct(token, '(') ||
  isPunct(token, ',') ||
  token.kind === 'op' ||
  isWord(token, ...EXPRESSION_OPENERS);

function closesOperand(token: Token | undefined): boolean {
  switch (token?.kind) {
    case 'number':
    case 'string':
    case 'param':
    case 'quoted':
    case 'literals':
      return true;
    case 'word':
      return CLOSING_WORDS.has(token.value) || !(RESERVED_WORDS.has(token.value) || OPENING_WORDS.has(token.value));
    default:
      return isPunct(token, ')') || isPunct(token, ']');
  }
}

/** True where a label without AS would stand: behind an operand, before a comma, FROM or the end. */
const atLabel = (before: Token | undefined, after: Token | undefined): boolean =>
  closesOperand(before) &&
  (after === undefined || isPunct(after, ',') || isPunct(after, ')') || isWord(after, 'from', 'union', 'where'));

/** What the words of one level of parentheses are about. */
interface Level {
  inList: boolean;
  inFrom: boolean;
  cases: number;
}

const FROM_ENDS = [
  'select',
  'where',
  'group',
  'having',
  'order',
  'limit',
  'union',
  'except',
  'intersect',
  'minus',
  'set',
];

function followLevels(levels: Level[], token: Token): void {
  const level = levels[levels.length - 1];
  if (isPunct(token, '(')) levels.push({ inList: false, inFrom: false, cases: 0 });
  else if (isPunct(token, ')') && levels.length > 1) levels.pop();
  else if (isWord(token, 'from', 'join', 'into')) Object.assign(level, { inList: false, inFrom: true });
  else if (isWord(token, ...FROM_ENDS)) Object.assign(level, { inList: token.value === 'select', inFrom: false });
  else if (isWord(token, 'case')) level.cases += 1;
  else if (isWord(token, 'end') && level.cases > 0) level.cases -= 1;
}

function isMisplaced(tokens: readonly Token[], i: number, level: Level): boolean {
  const { value } = tokens[i];
  const before = tokens[i - 1];
  const after = tokens[i + 1];
  if (isPunct(before, '.')) return false;
  if (isWord(before, 'as')) return level.inFrom && NAMES_ONLY.has(value);
  if (NAMES_ONLY.has(value)) return true;
  if (Object.hasOwn(IN_ITS_CLAUSE, value) && !IN_ITS_CLAUSE[value](before, after, tokens, i)) return true;
  if (CLOSING_WORDS.has(value) || CLAUSE_WORDS.has(value)) return false;
  if (level.cases > 0 && CASE_WORDS.has(value)) return false;
  return level.inList && atLabel(before, after);
}

export const reserved: Rewrite = {
  triggers: [...RESERVED_WORDS],
  apply: (tokens, text) => {
    const levels: Level[] = [{ inList: false, inFrom: false, cases: 0 }];
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      const level = levels[levels.length - 1];
      if (token.kind === 'word' && RESERVED_WORDS.has(token.value) && isMisplaced(tokens, i, level))
        throw syntaxErrorAt(shownToken(text, token), token.start + 1);
      followLevels(levels, token);
    }
    return tokens;
  },
};
