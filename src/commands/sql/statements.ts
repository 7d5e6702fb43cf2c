/**
 * Cuts what a user types or a file holds into statements, at `;` outside strings, quoted names, dollar quotes and comments,
 * by Redshift's rules: a backslash in a string escapes, comments lie in one another. Takes whole lines, keeps what is open.
 */
export interface Statement {
  /** Without the semicolon and without blanks and comments around it that hold nothing else. */
  readonly text: string;
  /** The line it begins in, from 1, counted over everything that was pushed. */
  readonly line: number;
}
/** What is open: nothing, a statement, or what the statement's end would have to close first. */
export type Open = '=' | '-' | "'" | '"' | '$' | '*';

const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;

export class StatementSplitter {
  private text = '';
  private at = 0;
  /** First character that is neither blank nor comment; -1 before it. */
  private begin = -1;
  private line = 1;
  private beginLine = 1;
  private mode: '' | "'" | '"' | '$' | '*' = '';
  private tag = '';
  private depth = 0;

  get open(): Open {
    if (this.mode !== '') return this.mode;
    return this.begin < 0 ? '=' : '-';
  }
  /** True where a line with a backslash first is a command of the shell. */
  get takesCommands(): boolean {
    return this.mode === '';
  }
  /** What is typed so far. */
  get pending(): string {
    return this.begin < 0 ? '' : this.text.slice(this.begin);
  }
  /** Forgets what is open. */
  reset(): void {
    this.text = '';
    this.at = 0;
    this.begin = -1;
    this.mode = '';
    this.beginLine = this.line;
  }
  /** A line that is not SQL. */
  skipLine(): void {
    this.line += 1;
  }
  /** Lines, each with its line break. */
  push(lines: string): Statement[] {
    this.text += lines;
    const out: Statement[] = [];
    while (this.at < this.text.length) {
      const c = this.text[this.at] as string;
      if (c === '\n') this.line += 1;
      if (this.mode !== '') this.inside(c);
      else if (c === ';') out.push(...this.take(this.at, this.at + 1));
      else this.outside(c);
    }
    if (this.begin < 0 && this.mode === '') this.reset();
    return out;
  }
  /** What is left at the end, which needs no semicolon. */
  end(): Statement[] {
    const out = this.take(this.text.length, this.text.length);
    this.reset();
    return out;
  }

  private take(end: number, next: number): Statement[] {
    const out: Statement[] =
      this.begin < 0 ? [] : [{ text: this.text.slice(this.begin, end).trimEnd(), line: this.beginLine }];
    this.text = this.text.slice(next);
    this.at = 0;
    this.begin = -1;
    return out;
  }
  private enter(mode: "'" | '"' | '$', length: number): void {
    this.start();
    this.mode = mode;
    this.at += length;
  }
  private start(): void {
    if (this.begin >= 0) return;
    this.begin = this.at;
    this.beginLine = this.line;
  }
  private outside(c: string): void {
    const { text, at } = this;
    if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at);
      this.at = end < 0 ? text.length : end;
    } else if (text.startsWith('/*', at)) {
      this.mode = '*';
      this.depth = 1;
      this.at += 2;
    } else if (c === "'" || c === '"') {
      this.enter(c, 1);
    } else if (/\s/.test(c)) {
      this.at += 1;
    } else {
      this.word(c);
    }
  }
  private word(c: string): void {
    const tag = matchAt(DOLLAR, this.text, this.at);
    if (c === '$' && tag !== undefined) {
      this.tag = tag;
      this.enter('$', tag.length);
      return;
    }
    this.start();
    // A dollar sign in a name opens nothing.
    this.at += matchAt(WORD, this.text, this.at)?.length ?? 1;
  }
  private inside(c: string): void {
    const { text, at, mode } = this;
    if (mode === '*') {
      const opens = text.startsWith('/*', at);
      const closes = text.startsWith('*/', at);
      this.depth += opens ? 1 : closes ? -1 : 0;
      this.at += opens || closes ? 2 : 1;
      if (this.depth === 0) this.mode = '';
    } else if (mode === '$') {
      const closes = text.startsWith(this.tag, at);
      this.at += closes ? this.tag.length : 1;
      if (closes) this.mode = '';
    } else if (mode === "'" && c === '\\') {
      if (text[at + 1] === '\n') this.line += 1;
      this.at += 2;
    } else {
      // A doubled quote closes and opens again.
      if (c === mode) this.mode = '';
      this.at += 1;
    }
  }
}
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
