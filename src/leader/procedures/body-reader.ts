/**
 * What reading a body comes down to: its lines, and the SQL, expressions and variables in it. SQL is parsed here only so
 * that what is wrong with it is told when the procedure is made.
 */
import { syntaxErrorAt } from '../../common/errors/catalogue.ts';
import { noDestination, undeclaredVariable } from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { Cursor } from '../parser/cursor.ts';
import { tokenize } from '../parser/lexer.ts';
import { parseExpressionTextSync, parseQueryTextSync, parseStatementsSync } from '../parser/parser.ts';
import type { Token } from '../parser/token.ts';
import type { Place, Sql, Step } from './body.ts';
import { Names } from './scope.ts';

export const isWord = (token: Token, words: readonly string[]): boolean =>
  token.kind === 'word' && words.includes(token.value);
export const isSymbol = (token: Token | undefined, symbol: string): boolean =>
  (token?.kind === 'punct' || token?.kind === 'op') && token.value === symbol;

export abstract class BodyReader {
  protected readonly names = new Names();
  protected readonly c: Cursor;
  private readonly lineStarts: number[] = [];

  constructor(protected readonly source: string) {
    // The line break behind the opening quote is not counted.
    const first = /^\r?\n/.exec(source)?.[0].length ?? 0;
    this.lineStarts.push(first);
    for (let i = source.indexOf('\n', first); i >= 0; i = source.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
    this.c = new Cursor(tokenize(source), source);
  }
  private lineAt(position: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
  protected get line(): number {
    return this.lineAt(this.c.pos);
  }

  protected end<S extends Step>(step: S): S {
    this.c.expectSymbol(';');
    return step;
  }

  // ---- SQL and expressions --------------------------------------------------------------------------------------

  /** Variables that a row goes to, if the word at hand is one. */
  protected placesIfKnown(): readonly Place[] | undefined {
    return this.names.placeAt(this.c.tokens, this.c.index) === undefined ? undefined : this.places();
  }
  protected places(one = false): readonly Place[] {
    const { c, names } = this;
    const next = (): Place => {
      const found = names.placeAt(c.tokens, c.index);
      if (found === undefined) throw undeclaredVariable(c.peek()?.value ?? '', c.pos + 1);
      c.index += found.taken;
      return found.place;
    };
    return one ? [next()] : c.list(next);
  }

  /** Tokens up to a word or symbol outside of parentheses, which is not taken. */
  protected takeUntilEnd(ends: readonly string[]): readonly Token[] {
    const { c } = this;
    const from = c.index;
    let depth = 0;
    for (; !c.done; c.index++) {
      const token = c.peek()!;
      if (token.kind === 'string' || token.kind === 'quoted') continue;
      if (depth === 0 && ends.includes(token.value)) break;
      if (isSymbol(token, ';')) break;
      if (isSymbol(token, '(') || isSymbol(token, '[')) depth++;
      if (isSymbol(token, ')') || isSymbol(token, ']')) depth--;
    }
    return c.tokens.slice(from, c.index);
  }
  /** An error of SQL inside the body stands where the SQL begins. */
  protected checked<T>(tokens: readonly Token[], parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (error instanceof SqlError) error.position = (tokens[0]?.start ?? this.c.pos) + 1;
      throw error;
    }
  }
  protected expression(ends: readonly string[]): Sql {
    const tokens = this.takeUntilEnd(ends);
    if (tokens.length === 0) throw this.c.fail();
    const at = this.c.peek();
    if (at === undefined) throw this.c.fail();
    if (!ends.includes(at.value)) throw syntaxErrorAt(at.value, at.start + 1);
    const sql = this.names.sql(tokens, this.source);
    this.checkExpression(sql, tokens);
    return sql;
  }
  /** As in PL/pgSQL an expression is what may stand behind SELECT, so a FROM may follow. */
  protected checkExpression(sql: Sql, tokens: readonly Token[] = []): void {
    this.checked(tokens, () => {
      if (tokens.some((t) => isWord(t, ['from']))) parseQueryTextSync(`SELECT ${sql.text}`);
      else parseExpressionTextSync(sql.text);
    });
  }
  protected query(ends: readonly string[]): Sql {
    const tokens = this.takeUntilEnd(ends);
    if (tokens.length === 0) throw this.c.fail();
    const sql = this.names.sql(tokens, this.source);
    this.checked(tokens, () => parseQueryTextSync(sql.text));
    return sql;
  }

  protected sqlStep(line: number): Step {
    const tokens = this.takeUntilEnd([';']);
    if (tokens.length === 0) throw this.c.fail();
    const isQuery = isWord(tokens[0]!, ['select', 'with']) || isSymbol(tokens[0], '(');
    const into = isQuery ? this.intoOf(tokens) : undefined;
    const sql = this.names.sql(into?.rest ?? tokens, this.source, into?.gap);
    const statements = this.checked(tokens, () => parseStatementsSync(sql.text));
    if (statements.length !== 1) throw this.c.fail();
    const makesTable = statements[0]!.kind === 'query' && / into /i.test(` ${sql.text} `.replace(/\s+/g, ' '));
    if (isQuery && into === undefined && !makesTable) throw noDestination(tokens[0]!.start + 1);
    return this.end({ kind: 'sql', line, sql, ...(into === undefined ? {} : { into: into.places }) });
  }
  /** SELECT ... INTO variables: the tokens without it. An INTO of anything else makes a table. */
  protected intoOf(
    tokens: readonly Token[],
  ): { readonly places: readonly Place[]; readonly rest: readonly Token[]; readonly gap: number } | undefined {
    let depth = 0;
    for (const [i, token] of tokens.entries()) {
      if (isSymbol(token, '(')) depth++;
      if (isSymbol(token, ')')) depth--;
      if (depth !== 0 || !isWord(token, ['into'])) continue;
      const places: Place[] = [];
      let at = i + 1;
      for (;;) {
        const found = this.names.placeAt(tokens, at);
        if (found === undefined) break;
        places.push(found.place);
        at += found.taken;
        if (!isSymbol(tokens[at], ',') || this.names.placeAt(tokens, at + 1) === undefined) break;
        at++;
      }
      if (places.length === 0) return undefined;
      return { places, rest: [...tokens.slice(0, i), ...tokens.slice(at)], gap: i };
    }
    return undefined;
  }
}
