/**
 * A query's AST as SQL text. Tables of a frozen query (analyser/freeze.ts) print under the names they have now: a
 * qualified query has its columns renamed along, any other keeps the old ones by a derived table. Every operand is put in
 * parentheses where it is more than a name, a literal or a call, so the text parses to the same tree.
 */
import type {
  Expr,
  FromItem,
  FrozenRoutine,
  FrozenTable,
  GroupItem,
  OrderItem,
  Pivot,
  Query,
  SelectCore,
  TypeRef,
  Unpivot,
  WindowSpec,
} from './ast.ts';
import { literalExprs } from './literal-expr.ts';

/** What frozen tables and their columns are called now. */
export interface CurrentNames {
  quote(name: string): string;
  /** schema.name, quoted. */
  table(table: FrozenTable): string;
  /** Name of the column with that number; undefined when it is gone. */
  column(table: FrozenTable, attnum: number): string | undefined;
  /** schema.name of a function of users, quoted. */
  routine(routine: FrozenRoutine): string;
  /** The table's columns are exactly those it had, under the same names. */
  unchanged(table: FrozenTable): boolean;
}

/** Functions that are written without parentheses. */
const BARE = new Set(
  'current_date current_time current_timestamp localtime localtimestamp current_user session_user user sysdate'.split(
    ' ',
  ),
);
/** Names of functions that the grammar would take for its own syntax. */
const SYNTAX = new Set([
  'position',
  'overlay',
  'trim',
  'extract',
  'treat',
  'normalize',
  'collate',
  'array',
  'row',
  'values',
]);
const literal = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
const SIMPLE = new Set<Expr['kind']>(['literal', 'number', 'param', 'name', 'call', 'star', 'cast', 'subscript']);

class Printer {
  /** Aliases of the FROM clauses around, innermost last. */
  private readonly scopes: Map<string, FrozenTable | undefined>[] = [];

  constructor(
    private readonly names: CurrentNames,
    private readonly qualified: boolean,
  ) {}

  query(q: Query): string {
    const parts: string[] = [];
    if (q.ctes.length > 0) {
      const list = q.ctes.map((c) => `${this.aliased(c.name, c.columnAliases)} AS (${this.query(c.query)})`);
      parts.push(`WITH ${q.recursive ? 'RECURSIVE ' : ''}${list.join(', ')}`);
    }
    const core = q.body.kind === 'select' ? q.body : undefined;
    this.scopes.push(core === undefined ? new Map() : this.scopeOf(core.from));
    parts.push(this.body(q));
    if (q.orderBy.length > 0) parts.push(`ORDER BY ${this.order(q.orderBy)}`);
    this.scopes.pop();
    if (q.limit !== undefined) parts.push(`LIMIT ${this.expr(q.limit)}`);
    if (q.offset !== undefined) parts.push(`OFFSET ${this.expr(q.offset)}`);
    return parts.join(' ');
  }

  private body({ body }: Query): string {
    switch (body.kind) {
      case 'select':
        return this.select(body);
      case 'setop':
        return `(${this.query(body.left)}) ${body.op.toUpperCase()}${body.all ? ' ALL' : ''} (${this.query(body.right)})`;
      case 'values': {
        const rows = body.rows.map(
          (row) => `(${row.map((v) => (v.kind === 'default' ? 'DEFAULT' : this.expr(v))).join(', ')})`,
        );
        return `VALUES ${rows.join(', ')}`;
      }
    }
  }

  private scopeOf(items: readonly FromItem[]): Map<string, FrozenTable | undefined> {
    const found = new Map<string, FrozenTable | undefined>();
    const visit = (item: FromItem): void => {
      if (item.kind === 'join') {
        visit(item.left);
        visit(item.right);
      } else if (item.kind === 'table') found.set(item.alias ?? item.relation?.name ?? item.name.name, item.relation);
      else if (item.alias !== undefined) found.set(item.alias, undefined);
    };
    items.forEach(visit);
    return found;
  }

  private select(core: SelectCore): string {
    const items = core.items.map((item) => {
      const text = this.expr(item.expr);
      const own = item.expr.kind === 'name' && text.endsWith(`.${this.names.quote(item.alias ?? '')}`);
      return item.alias === undefined || own ? text : `${text} AS ${this.names.quote(item.alias)}`;
    });
    const parts = [`SELECT ${core.distinct ? 'DISTINCT ' : ''}${items.join(', ')}`];
    if (core.from.length > 0) parts.push(`FROM ${core.from.map((f) => this.from(f)).join(', ')}`);
    if (core.where !== undefined) parts.push(`WHERE ${this.expr(core.where)}`);
    if (core.connectBy?.start !== undefined) parts.push(`START WITH ${this.expr(core.connectBy.start)}`);
    if (core.connectBy !== undefined) parts.push(`CONNECT BY ${this.expr(core.connectBy.condition)}`);
    if (core.groupBy === 'all') parts.push('GROUP BY ALL');
    else if (core.groupBy.length > 0) parts.push(`GROUP BY ${core.groupBy.map((g) => this.group(g)).join(', ')}`);
    if (core.having !== undefined) parts.push(`HAVING ${this.expr(core.having)}`);
    if (core.qualify !== undefined) parts.push(`QUALIFY ${this.expr(core.qualify)}`);
    return parts.join(' ');
  }

  private group(item: GroupItem): string {
    if (item.kind !== 'grouping') return this.expr(item);
    const word = { sets: 'GROUPING SETS ', rollup: 'ROLLUP ', cube: 'CUBE ', list: '' }[item.form];
    return `${word}(${item.items.map((i) => this.group(i)).join(', ')})`;
  }

  private aliased(name: string, columns: readonly string[]): string {
    const list = columns.map((c) => this.names.quote(c)).join(', ');
    return columns.length === 0 ? this.names.quote(name) : `${this.names.quote(name)}(${list})`;
  }

  private pivoted(item: Pivot | Unpivot): string {
    const labels = (list: Pivot['values']): string =>
      list
        .map((v) => this.expr(v.expr) + (v.label === undefined ? '' : ` AS ${this.names.quote(v.label)}`))
        .join(', ');
    const alias = item.alias === undefined ? '' : ` ${this.aliased(item.alias, item.columnAliases)}`;
    if (item.kind === 'pivot') {
      const name = item.name === undefined ? '' : ` AS ${this.names.quote(item.name)}`;
      const clause = `${this.expr(item.aggregate)}${name} FOR ${this.expr(item.column)} IN (${labels(item.values)})`;
      return `${this.from(item.input)} PIVOT (${clause})${alias}`;
    }
    const clause = `${this.names.quote(item.value)} FOR ${this.names.quote(item.name)} IN (${labels(item.columns)})`;
    return `${this.from(item.input)} UNPIVOT ${item.includeNulls ? 'INCLUDE NULLS ' : ''}(${clause})${alias}`;
  }

  private from(item: FromItem): string {
    switch (item.kind) {
      case 'pivot':
      case 'unpivot':
        return this.pivoted(item);
      case 'table':
        return this.table(item);
      case 'derived': {
        const alias = item.alias === undefined ? '' : ` ${this.aliased(item.alias, item.columnAliases)}`;
        return `(${this.query(item.query)})${alias}`;
      }
      case 'function': {
        const typed = item.columnTypes.map((t, i) => `${this.names.quote(item.columnAliases[i]!)} ${typeText(t)}`);
        const columns = typed.length > 0 ? `(${typed.join(', ')})` : '';
        const alias =
          item.alias === undefined
            ? columns
            : ` ${typed.length > 0 ? this.names.quote(item.alias) + columns : this.aliased(item.alias, item.columnAliases)}`;
        return `${this.expr(item.call)}${item.ordinality ? ' WITH ORDINALITY' : ''}${alias}`;
      }
      case 'join': {
        const word = item.natural ? `NATURAL ${item.type}` : item.type;
        const condition =
          item.on !== undefined
            ? ` ON ${this.expr(item.on)}`
            : item.using.length > 0
              ? ` USING (${item.using.map((c) => this.names.quote(c)).join(', ')})`
              : '';
        const text = `(${this.from(item.left)} ${word.toUpperCase()} JOIN ${this.from(item.right)}${condition})`;
        return item.alias === undefined ? text : `${text} ${this.names.quote(item.alias)}`;
      }
    }
  }

  private table(item: Extract<FromItem, { kind: 'table' }>): string {
    const { relation } = item;
    if (relation === undefined) {
      const { schema, name } = item.name;
      const text =
        schema === undefined ? this.names.quote(name) : `${this.names.quote(schema)}.${this.names.quote(name)}`;
      return item.alias === undefined ? text : `${text} ${this.aliased(item.alias, item.columnAliases)}`;
    }
    const now = this.names.table(relation);
    const alias = this.names.quote(item.alias ?? relation.name);
    const renamed = relation.columns.some((c) => c.name !== c.column);
    if (this.qualified || (this.names.unchanged(relation) && !renamed)) {
      return now.endsWith(`.${alias}`) ? now : `${now} ${alias}`;
    }
    const columns = relation.columns.flatMap((c) => {
      const column = this.names.column(relation, c.attnum);
      return column === undefined ? [] : [`${this.names.quote(column)} AS ${this.names.quote(c.name)}`];
    });
    return `(SELECT ${columns.join(', ')} FROM ${now}) ${alias}`;
  }

  private order(items: readonly OrderItem[]): string {
    const one = (o: OrderItem): string =>
      this.expr(o.expr) +
      (o.descending ? ' DESC' : '') +
      (o.nulls === undefined ? '' : ` NULLS ${o.nulls.toUpperCase()}`);
    return items.map(one).join(', ');
  }

  private columnName(parts: readonly string[]): string {
    if (this.qualified && parts.length === 2) {
      for (const scope of [...this.scopes].reverse()) {
        if (!scope.has(parts[0]!)) continue;
        const table = scope.get(parts[0]!);
        const frozen = table?.columns.find((c) => c.name === parts[1]);
        const now = frozen === undefined ? undefined : this.names.column(table!, frozen.attnum);
        return [parts[0]!, now ?? parts[1]!].map((p) => this.names.quote(p)).join('.');
      }
    }
    return parts.map((p) => this.names.quote(p)).join('.');
  }

  private operand(e: Expr): string {
    const text = this.expr(e);
    return SIMPLE.has(e.kind) ? text : `(${text})`;
  }
  private list(items: readonly Expr[]): string {
    return items.map((i) => this.expr(i)).join(', ');
  }

  expr(e: Expr): string {
    switch (e.kind) {
      case 'literal':
        return typeof e.value === 'string' ? literal(e.value) : String(e.value).toUpperCase();
      case 'number':
        return e.text;
      case 'param':
        return `$${e.index}`;
      case 'literals':
        return this.list(literalExprs(e.list));
      case 'name':
        return this.columnName(e.parts);
      case 'star': {
        const exclude =
          e.exclude.length > 0 ? ` EXCLUDE (${e.exclude.map((c) => this.names.quote(c)).join(', ')})` : '';
        return [...e.parts.map((p) => this.names.quote(p)), '*'].join('.') + exclude;
      }
      case 'outer':
        return `${this.expr(e.arg)}(+)`;
      case 'prior':
        return `PRIOR ${e.arg.kind === 'name' || e.arg.kind === 'call' ? this.expr(e.arg) : `(${this.expr(e.arg)})`}`;
      case 'unary':
        return `${e.op === 'not' ? 'NOT' : e.op} ${this.operand(e.arg)}`;
      case 'binary':
        return this.binary(e);
      case 'isnull':
        return `${this.operand(e.arg)} IS ${e.negated ? 'NOT ' : ''}NULL`;
      case 'istest':
        return `${this.operand(e.arg)} IS ${e.negated ? 'NOT ' : ''}${e.test.toUpperCase()}`;
      case 'between':
        return `${this.operand(e.arg)} ${e.negated ? 'NOT ' : ''}BETWEEN ${this.operand(e.low)} AND ${this.operand(e.high)}`;
      case 'inlist':
        return `${this.operand(e.arg)} ${e.negated ? 'NOT ' : ''}IN (${this.list(e.items)})`;
      case 'subquery':
        return this.subquery(e);
      case 'anyarray':
        return `${this.operand(e.left)} ${e.op} ${e.quantifier.toUpperCase()} (${this.expr(e.array)})`;
      case 'case': {
        const whens = e.whens.map((w) => `WHEN ${this.expr(w.when)} THEN ${this.expr(w.then)}`).join(' ');
        const arg = e.arg === undefined ? '' : ` ${this.operand(e.arg)}`;
        const otherwise = e.otherwise === undefined ? '' : ` ELSE ${this.expr(e.otherwise)}`;
        return `CASE${arg} ${whens}${otherwise} END`;
      }
      case 'cast':
        return `${e.tries === true ? 'TRY_' : ''}CAST(${this.expr(e.arg)} AS ${typeText(e.type)})`;
      case 'call':
        return this.call(e);
      case 'interval':
        return `INTERVAL ${literal(e.text)}${e.fields === undefined ? '' : ` ${e.fields}`}`;
      case 'array':
        return `ARRAY[${this.list(e.items)}]`;
      case 'subscript':
        return `(${this.expr(e.arg)})[${this.expr(e.index)}]`;
      case 'row':
        return `(${this.list(e.items)})`;
    }
  }

  private binary(e: Extract<Expr, { kind: 'binary' }>): string {
    const op = /^[a-z ]+$/.test(e.op) ? e.op.replace(/similar$/, 'similar to').toUpperCase() : e.op;
    const escape = e.escape === undefined ? '' : ` ESCAPE ${this.operand(e.escape)}`;
    return `${this.operand(e.left)} ${op} ${this.operand(e.right)}${escape}`;
  }

  private subquery(e: Extract<Expr, { kind: 'subquery' }>): string {
    const query = `(${this.query(e.query)})`;
    const not = e.negated ? 'NOT ' : '';
    const left = e.left.length === 1 ? this.operand(e.left[0]!) : `(${this.list(e.left)})`;
    switch (e.form) {
      case 'exists':
        return `${not}EXISTS ${query}`;
      case 'in':
        return `${left} ${not}IN ${query}`;
      case 'any':
      case 'all':
        return `${left} ${e.op} ${e.form.toUpperCase()} ${query}`;
      case 'scalar':
        return query;
      case 'array':
        return `ARRAY${query}`;
    }
  }

  private call(e: Extract<Expr, { kind: 'call' }>): string {
    const { name } = e.name;
    const [inner, field] = e.args;
    if (name === 'field_select' && inner !== undefined && field?.kind === 'literal')
      return `(${this.expr(inner)}).${this.names.quote(String(field.value))}`;
    if (e.args.length === 0 && !e.star && e.name.schema === undefined && BARE.has(name)) return name.toUpperCase();
    if (e.label === 'date_part' && name === 'date_part' && e.args[0]?.kind === 'literal') {
      return `EXTRACT(${String(e.args[0].value)} FROM ${this.list(e.args.slice(1))})`;
    }
    const shown = SYNTAX.has(name) ? `"${name}"` : this.names.quote(name);
    const written = e.name.schema === undefined ? [shown] : [this.names.quote(e.name.schema), shown];
    const path = e.routine === undefined ? written : [this.names.routine(e.routine)];
    const order = e.orderBy.length === 0 ? '' : `ORDER BY ${this.order(e.orderBy)}`;
    const inside = e.star ? '*' : this.list(e.args);
    const args = `${e.distinct ? 'DISTINCT ' : ''}${inside}${order !== '' && !e.withinGroup ? ` ${order}` : ''}`;
    const within = e.withinGroup ? ` WITHIN GROUP (${order})` : '';
    const nulls = e.ignoreNulls === true ? ' IGNORE NULLS' : '';
    const over = e.over === undefined ? '' : ` OVER (${this.window(e.over)})`;
    return `${e.approximate === true ? 'APPROXIMATE ' : ''}${path.join('.')}(${args})${within}${nulls}${over}`;
  }

  private window(w: WindowSpec): string {
    const parts: string[] = [];
    if (w.partitionBy.length > 0) parts.push(`PARTITION BY ${this.list(w.partitionBy)}`);
    if (w.orderBy.length > 0) parts.push(`ORDER BY ${this.order(w.orderBy)}`);
    if (w.frame !== undefined) parts.push(w.frame.toUpperCase());
    return parts.join(' ');
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = { float8: 'double precision', chartype: '"char"' };
function typeText(t: TypeRef): string {
  if (t.fields !== undefined) return `${t.name} ${t.fields}`;
  const name = TYPE_WORDS[t.name] ?? t.name;
  if (t.max === true) return `${name}(max)`;
  return t.mods.length === 0 ? name : `${name}(${t.mods.join(', ')})`;
}

export const printQuery = (q: Query, names: CurrentNames): string =>
  new Printer(names, q.qualified === true).query(q);
