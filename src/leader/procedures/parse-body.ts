/**
 * Reads the body of a procedure: PL/pgSQL as Redshift has it, over the tokens of SQL. Everything that can be known without
 * the catalog is settled here, so CREATE PROCEDURE tells what is wrong; SQL in it is parsed to the same end, tables and
 * columns are looked up when it runs. Errors stand at positions of the body.
 */
import { statementTooComplex } from '../../common/errors/catalogue.ts';
import {
  conditionNotOthers,
  exitOutsideLoop,
  invalidRoutine,
  noLabel,
  notNullNeedsDefault,
  raiseParameters,
  undeclaredVariable,
} from '../../common/errors/routine-errors.ts';
import { ROUTINE_NESTING_MAX } from '../../common/limits.ts';
import type { RoutineArgument } from '../catalog/objects.ts';
import { parseQueryTextSync, parseStatementsSync } from '../parser/parser.ts';
import { typeName } from '../parser/statements/type.ts';
import type { Token } from '../parser/token.ts';
import type { Block, Declaration, Declared, Program, RaiseLevel, Sql, Step } from './body.ts';
import { BodyReader, isSymbol, isWord } from './body-reader.ts';
import { sqlOf, wrapped } from './scope.ts';

const LEVELS: readonly RaiseLevel[] = ['debug', 'log', 'info', 'notice', 'warning', 'exception'];
/** Arguments of a routine as the body's first variables: by name and by number; FOUND is behind them. */
export function parseBody(source: string, given: readonly RoutineArgument[], name = ''): Program {
  return new BodyParser(source).program(given, name);
}

class BodyParser extends BodyReader {
  private depth = 0;

  program(given: readonly RoutineArgument[], name: string): Program {
    const { c, names } = this;
    names.open(name === '' ? undefined : name);
    for (const [i, argument] of given.entries()) {
      const isDocument = argument.type.name === 'super';
      const variable =
        argument.name === undefined
          ? names.hidden(`$${i + 1}`)
          : names.add(argument.name, 'scalar', undefined, isDocument);
      names.alias(`$${i + 1}`, { variable, kind: 'scalar', isDocument });
    }
    names.add('found', 'scalar');
    const block = this.block(this.label());
    c.acceptSymbol(';');
    c.expectEnd();
    return { block, variables: names.variables };
  }

  // ---- blocks and declarations ----------------------------------------------------------------------------------

  /** <<name>> */
  private label(): string | undefined {
    if (!this.c.acceptSymbol('<<')) return undefined;
    const name = this.c.word();
    this.c.expectSymbol('>>');
    return name;
  }
  private block(label: string | undefined): Block {
    const { c, names } = this;
    const { line } = this;
    names.open(label);
    const declarations: Declaration[] = [];
    while (c.accept('declare')) {
      while (!c.atWords('begin') && !c.atWords('declare')) {
        const declaration = this.declaration();
        if (declaration !== undefined) declarations.push(declaration);
      }
    }
    c.expect('begin');
    const body = this.steps(['exception', 'end']);
    const handler = c.accept('exception') ? this.handler() : undefined;
    c.expect('end');
    this.endLabel(label);
    names.close();
    return {
      kind: 'block',
      line,
      declarations,
      body,
      ...(label === undefined ? {} : { label }),
      ...(handler === undefined ? {} : { handler }),
    };
  }
  private handler(): Block['handler'] {
    const { c, names } = this;
    names.open(undefined);
    const sqlstate = names.add('sqlstate', 'scalar');
    const sqlerrm = names.add('sqlerrm', 'scalar');
    c.expect('when');
    const at = c.pos;
    const condition = c.word();
    if (condition !== 'others') throw conditionNotOthers(condition, at + 1);
    c.expect('then');
    const body = this.steps(['when', 'end']);
    if (c.atWords('when')) throw conditionNotOthers('a second WHEN', c.pos + 1);
    names.close();
    return { body, sqlstate, sqlerrm };
  }
  private endLabel(label: string | undefined): void {
    const { c } = this;
    if (isSymbol(c.peek(), ';') || c.done) return;
    const at = c.peek();
    if (c.word() !== label) throw c.fail(at);
  }

  private declaration(): Declaration | undefined {
    const { c, names } = this;
    const { line } = this;
    const at = c.pos;
    const name = c.name();
    if (c.accept('alias', 'for')) {
      const found = names.placeAt(c.tokens, c.index);
      if (found === undefined || found.place.field !== undefined) throw c.fail();
      c.index += found.taken;
      c.expectSymbol(';');
      names.alias(name, { variable: found.place.variable, kind: found.kind });
      return undefined;
    }
    if (c.accept('cursor')) return this.cursorDeclaration(name, at, line);
    const constant = c.accept('constant');
    const declared = this.declared();
    const notNull = c.accept('not', 'null');
    let initial: Sql | undefined;
    if (c.accept('default') || c.acceptSymbol(':=') || c.acceptSymbol('=')) initial = this.expression([';']);
    if (notNull && initial === undefined) throw notNullNeedsDefault(name, at + 1);
    c.expectSymbol(';');
    const isRow = declared.kind === 'record' || declared.kind === 'row';
    if (isRow && initial !== undefined)
      throw invalidRoutine('default value for row or record variables is not supported');
    const kind = isRow ? 'record' : declared.kind === 'refcursor' ? 'cursor' : 'scalar';
    const isDocument = declared.kind === 'type' && declared.type.name === 'super';
    const variable = names.add(name, kind, at + 1, isDocument);
    return { variable, name, declared, constant, notNull, line, ...(initial === undefined ? {} : { initial }) };
  }
  /** The cursor stands behind CURSOR. */
  private cursorDeclaration(name: string, at: number, line: number): Declaration {
    const { c, names } = this;
    names.open(undefined);
    const parameters: number[] = [];
    if (c.acceptSymbol('(')) {
      parameters.push(
        ...c.list(() => {
          const variable = names.add(c.name(), 'scalar', c.pos + 1);
          typeName(c);
          return variable;
        }),
      );
      c.expectSymbol(')');
    }
    if (!c.accept('for')) c.expect('is');
    const query = this.query([';']);
    c.expectSymbol(';');
    names.close();
    const variable = names.add(name, 'cursor', at + 1);
    return { variable, name, declared: { kind: 'cursor', query, parameters }, constant: false, notNull: false, line };
  }
  private declared(): Declared {
    const { c, names } = this;
    if (c.accept('record')) return { kind: 'record' };
    if (c.accept('refcursor')) return { kind: 'refcursor' };
    const start = c.index;
    const percent = this.percentWord(start);
    if (percent === undefined) return { kind: 'type', type: typeName(c) };
    if (percent === 'rowtype') {
      const table = c.qualified();
      c.index += 2;
      return { kind: 'row', table };
    }
    const known = names.placeAt(c.tokens, start);
    if (known !== undefined && isSymbol(c.tokens[start + known.taken], '%')) {
      c.index = start + known.taken + 2;
      return { kind: 'like', place: known.place };
    }
    const { pos } = c;
    const parts = [c.name()];
    while (c.acceptSymbol('.')) parts.push(c.word());
    if (parts.length < 2) throw undeclaredVariable(parts[0], pos + 1);
    c.index += 2;
    const [column = '', table = '', schema] = [...parts].reverse();
    return { kind: 'column', table: { name: table, pos, ...(schema === undefined ? {} : { schema }) }, column };
  }
  /** Of name%TYPE and name%ROWTYPE. */
  private percentWord(at: number): 'type' | 'rowtype' | undefined {
    const { tokens } = this.c;
    let i = at + 1;
    while (isSymbol(tokens[i], '.')) i += 2;
    const word = tokens[i + 1];
    if (!isSymbol(tokens[i], '%') || word?.kind !== 'word') return undefined;
    return word.value === 'type' || word.value === 'rowtype' ? word.value : undefined;
  }

  // ---- statements -----------------------------------------------------------------------------------------------

  /** Statements up to one of the words, which is not taken. */
  private steps(ends: readonly string[]): readonly Step[] {
    const { c } = this;
    if (++this.depth > ROUTINE_NESTING_MAX) throw statementTooComplex('stack depth limit exceeded', c.pos + 1);
    const found: Step[] = [];
    while (!c.atAny(ends)) {
      if (c.done) throw c.fail();
      found.push(this.step());
    }
    this.depth--;
    return found;
  }

  private step(): Step {
    const { c } = this;
    const { line } = this;
    const label = this.label();
    if (c.atAny(['declare', 'begin']) && !isSymbol(c.peek(1), ';') && !this.atTransaction())
      return this.end(this.block(label));
    if (c.accept('loop')) return this.loop({ kind: 'loop', line }, label);
    if (c.accept('while')) {
      const condition = this.expression(['loop']);
      c.expect('loop');
      return this.loop({ kind: 'while', line, condition }, label);
    }
    if (c.accept('for')) return this.forLoop(label, line);
    if (label !== undefined) throw c.fail();
    const assigned = this.assignment(line);
    if (assigned !== undefined) return assigned;
    const first = c.peek();
    const own = first?.kind === 'word' && Object.hasOwn(this.byWord, first.value) ? first.value : undefined;
    if (own === undefined) return this.sqlStep(line);
    c.next();
    return this.byWord[own]!(line);
  }
  /** BEGIN TRANSACTION and the like, not a block. */
  private atTransaction(): boolean {
    return this.c.atWords('begin', 'transaction') || this.c.atWords('begin', 'work');
  }

  private readonly byWord: Readonly<Record<string, (line: number) => Step>> = {
    if: (line) => this.ifStep(line),
    case: (line) => this.caseStep(line),
    exit: (line) => this.leave('exit', line),
    continue: (line) => this.leave('continue', line),
    return: (line) => this.returnStep(line),
    raise: (line) => this.raise(line),
    execute: (line) => this.execute(line),
    perform: (line) => this.perform(line),
    call: (line) => this.call(line),
    open: (line) => this.open(line),
    fetch: (line) => this.fetch(line),
    close: (line) => this.end({ kind: 'close', line, variable: this.cursorVariable() }),
    get: (line) => this.diagnostics(line),
    null: (line) => this.end({ kind: 'null', line }),
    commit: (line) => this.end({ kind: 'commit', line }),
    rollback: (line) => this.end({ kind: 'rollback', line }),
    begin: (line) => this.transaction(line),
    start: (line) => this.transaction(line),
  };
  private transaction(line: number): Step {
    const { c } = this;
    if (!c.accept('transaction')) c.accept('work');
    return this.end({ kind: 'begin', line });
  }

  private assignment(line: number): Step | undefined {
    const { c, names } = this;
    const found = names.placeAt(c.tokens, c.index);
    if (found === undefined) {
      const isAssignment = isSymbol(c.peek(1), ':=');
      if (isAssignment) throw undeclaredVariable(c.peek()!.value, c.pos + 1);
      return undefined;
    }
    const after = c.tokens[c.index + found.taken];
    if (!isSymbol(after, ':=') && !isSymbol(after, '=')) return undefined;
    c.index += found.taken + 1;
    const value = this.expression([';']);
    return this.end({ kind: 'assign', line, target: found.place, value });
  }

  private branchesUntil(ends: readonly string[], word: readonly string[]) {
    const { c } = this;
    const branches: { condition: Sql; body: readonly Step[] }[] = [];
    do {
      const condition = this.expression(['then']);
      c.expect('then');
      branches.push({ condition, body: this.steps(ends) });
    } while (word.some((w) => c.accept(w)));
    return branches;
  }
  private ifStep(line: number): Step {
    const { c } = this;
    const branches = this.branchesUntil(['elsif', 'elseif', 'else', 'end'], ['elsif', 'elseif']);
    const otherwise = c.accept('else') ? this.steps(['end']) : [];
    c.expect('end', 'if');
    return this.end({ kind: 'if', line, branches, otherwise });
  }
  private caseStep(line: number): Step {
    const { c, names } = this;
    if (c.accept('when')) {
      const branches = this.branchesUntil(['when', 'else', 'end'], ['when']);
      return this.caseEnd({ kind: 'case', line, branches });
    }
    const value = this.expression(['when']);
    const variable = names.hidden('case');
    c.expect('when');
    const branches: { condition: Sql; body: readonly Step[] }[] = [];
    do {
      const { parts, uses, places } = wrapped(' IN (', this.expression(['then']), ')');
      c.expect('then');
      const condition = sqlOf(['', ...parts], [places.length, ...uses], [...places, { variable }]);
      branches.push({ condition, body: this.steps(['when', 'else', 'end']) });
    } while (c.accept('when'));
    return this.caseEnd({ kind: 'case', line, branches, subject: { value, variable } });
  }
  private caseEnd(step: Extract<Step, { kind: 'case' }>): Step {
    const { c } = this;
    const otherwise = c.accept('else') ? this.steps(['end']) : undefined;
    c.expect('end', 'case');
    return this.end(otherwise === undefined ? step : { ...step, otherwise });
  }

  /** The body of a loop, behind LOOP. */
  private loop<S extends { readonly line: number }>(head: S, label: string | undefined, variables?: () => void) {
    const { c, names } = this;
    names.open(label, true);
    variables?.();
    const body = this.steps(['end']);
    c.expect('end', 'loop');
    this.endLabel(label);
    names.close();
    return this.end({ ...head, body, ...(label === undefined ? {} : { label }) } as unknown as Step);
  }
  private forLoop(label: string | undefined, line: number): Step {
    const { c, names } = this;
    const at = c.pos;
    const targets = this.placesIfKnown();
    const name = targets === undefined ? c.name() : '';
    c.expect('in');
    const reverse = c.accept('reverse');
    const range = this.rangeEnd();
    if (range !== undefined) {
      const counter = name === '' ? c.tokens.find((t) => t.start === at)!.value : name;
      const from = names.sql(this.takeTo(range), this.source);
      this.checkExpression(from);
      c.expectSymbol('..');
      const to = this.expression(['loop']);
      c.expect('loop');
      const head = { kind: 'for-range', line, variable: -1, reverse, from, to };
      return this.loop(head, label, () => (head.variable = names.add(counter, 'scalar')));
    }
    if (targets === undefined) throw undeclaredVariable(name, at + 1);
    if (reverse) throw c.fail();
    const source = this.loopSource();
    c.expect('loop');
    return this.loop({ kind: 'for-query', line, into: targets, source }, label);
  }
  private loopSource(): Extract<Step, { kind: 'for-query' }>['source'] {
    const { c, names } = this;
    if (c.accept('execute')) return { kind: 'execute', sql: this.expression(['loop']) };
    const cursor = names.placeAt(c.tokens, c.index);
    if (cursor?.kind === 'cursor') {
      c.index += cursor.taken;
      return { kind: 'cursor', variable: cursor.place.variable, arguments: this.cursorArguments() };
    }
    return { kind: 'query', sql: this.query(['loop']) };
  }
  /** Index of the .. between here and LOOP. */
  private rangeEnd(): number | undefined {
    const { tokens, index } = this.c;
    let depth = 0;
    for (let i = index; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (isSymbol(token, '(')) depth++;
      if (isSymbol(token, ')')) depth--;
      if (isSymbol(token, '..') && depth === 0) return i;
      if (isSymbol(token, ';') || isWord(token, ['loop'])) return undefined;
    }
    return undefined;
  }
  private takeTo(index: number): readonly Token[] {
    const { c } = this;
    const found = c.tokens.slice(c.index, index);
    c.index = index;
    return found;
  }

  private leave(kind: 'exit' | 'continue', line: number): Step {
    const { c, names } = this;
    const at = c.pos;
    const label = c.atWords('when') || isSymbol(c.peek(), ';') ? undefined : c.word();
    if (!names.encloses(label, kind === 'continue'))
      throw label === undefined ? exitOutsideLoop(kind.toUpperCase(), at + 1) : noLabel(label, at + 1);
    const when = c.accept('when') ? this.expression([';']) : undefined;
    return this.end({
      kind,
      line,
      ...(label === undefined ? {} : { label }),
      ...(when === undefined ? {} : { when }),
    });
  }
  private returnStep(line: number): Step {
    const { c } = this;
    if (!isSymbol(c.peek(), ';')) throw invalidRoutine('RETURN cannot have a parameter in a procedure', c.pos + 1);
    return this.end({ kind: 'return', line });
  }
  private raise(line: number): Step {
    const { c } = this;
    if (isSymbol(c.peek(), ';')) return this.end({ kind: 'raise', line });
    const level = c.atAny(LEVELS) ? (c.word() as RaiseLevel) : 'exception';
    const at = c.pos;
    const format = c.string();
    const values: Sql[] = [];
    while (c.acceptSymbol(',')) values.push(this.expression([';', ',']));
    const places = format.replace(/%%/g, '').split('%').length - 1;
    if (places !== values.length) throw raiseParameters(places > values.length ? 'few' : 'many', at + 1);
    return this.end({ kind: 'raise', line, message: { level, format, values } });
  }
  private execute(line: number): Step {
    const { c } = this;
    const text = this.expression([';', 'into']);
    const into = c.accept('into') ? this.places() : undefined;
    return this.end({ kind: 'execute', line, text, ...(into === undefined ? {} : { into }) });
  }
  private perform(line: number): Step {
    const { c, names } = this;
    const tokens = this.takeUntilEnd([';']);
    if (tokens.length === 0) throw c.fail();
    const sql = names.sql(tokens, this.source);
    const query = wrapped('SELECT ', sql, '');
    this.checked(tokens, () => parseQueryTextSync(query.text));
    return this.end({ kind: 'perform', line, sql: query });
  }
  private call(line: number): Step {
    const { c, names } = this;
    const first = c.peek(-1)!;
    const tokens = [first, ...this.takeUntilEnd([';', 'into'])];
    const into = c.accept('into') ? this.places() : undefined;
    const sql = names.sql(tokens, this.source);
    const [statement] = this.checked(tokens, () => parseStatementsSync(sql.text));
    const args = statement?.kind === 'call' ? statement.args : [];
    const variables = args.map((a) => (a.kind === 'param' ? sql.places[a.index - 1] : undefined));
    return this.end({ kind: 'call', line, sql, variables, ...(into === undefined ? {} : { into }) });
  }

  private cursorVariable(): number {
    const { c, names } = this;
    const found = names.placeAt(c.tokens, c.index);
    if (found === undefined) throw undeclaredVariable(c.peek()?.value ?? '', c.pos + 1);
    c.index += found.taken;
    return found.place.variable;
  }
  private cursorArguments(): readonly Sql[] {
    const { c } = this;
    if (!c.acceptSymbol('(')) return [];
    const found = [this.expression([',', ')'])];
    while (c.acceptSymbol(',')) found.push(this.expression([',', ')']));
    c.expectSymbol(')');
    return found;
  }
  private open(line: number): Step {
    const { c } = this;
    const variable = this.cursorVariable();
    if (!c.accept('for')) return this.end({ kind: 'open', line, variable, arguments: this.cursorArguments() });
    const query = c.accept('execute')
      ? ({ kind: 'execute', sql: this.expression([';']) } as const)
      : ({ kind: 'query', sql: this.query([';']) } as const);
    return this.end({ kind: 'open', line, variable, query, arguments: [] });
  }
  private fetch(line: number): Step {
    const { c } = this;
    if (c.accept('next')) c.expect('from');
    const variable = this.cursorVariable();
    c.expect('into');
    return this.end({ kind: 'fetch', line, variable, into: this.places() });
  }
  private diagnostics(line: number): Step {
    const { c } = this;
    c.expect('diagnostics');
    const items = c.list(() => {
      const [target] = this.places(true);
      if (!c.acceptSymbol(':=')) c.expectSymbol('=');
      return { target: target!, item: c.oneOf('row_count', 'result_oid') as 'row_count' };
    });
    return this.end({ kind: 'diagnostics', line, items });
  }
}
