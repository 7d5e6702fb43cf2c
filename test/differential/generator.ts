/**
 * Random queries over random tables, as trees both dialects render. Where Redshift and PostgreSQL differ by design the
 * tree carries two texts (integer averages are cut) or the construct is left out (decimal division, length of varchar
 * with trailing blanks).
 */
import { Prng } from '../../src/common/prng.ts';
import { joined, orderByAll, some } from './draw.ts';
import type { Query, Source } from './kind.ts';
import { CAST, literal } from './schema.ts';
import { node, optional, render, type Node, type Piece } from './tree.ts';

export interface Ref {
  readonly text: string;
  readonly type: string;
}
export interface Scope {
  readonly columns: readonly Ref[];
  readonly outer: readonly Ref[];
  /** No subqueries (ON conditions, deep levels). */
  readonly plain: boolean;
}
const COMMON_TYPES = ['int', 'int', 'big', 'dec', 'flt', 'str', 'str', 'date', 'ts', 'bool'];
export const ALL_TYPES = [...COMMON_TYPES, ...COMMON_TYPES, 'time', 'ttz', 'tz', 'y2m', 'd2s'];
export const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='];

export class Generator {
  private alias = 0;
  private ctes: Source[] = [];
  constructor(
    private readonly random: Prng,
    private readonly sources: readonly Source[],
  ) {}

  private chance(p: number): boolean {
    return this.random.float() < p;
  }
  private list<T>(low: number, high: number, make: (i: number) => T): T[] {
    return some(this.random, low, high, make);
  }

  query(): Query {
    const types = this.list(1, 4, () => this.random.pick(ALL_TYPES));
    const pieces: Piece[] = [];
    this.ctes = [];
    if (this.chance(0.15)) {
      const cteTypes = this.list(1, 3, () => this.random.pick(ALL_TYPES));
      const body = this.select(cteTypes, [], 1);
      const name = `w${this.alias++}`;
      pieces.push('with ', `${name} as (`, body, ') ');
      this.ctes.push({ name, columns: cteTypes.map((type, i) => ({ name: `c${i}`, type })) });
    }
    const setop = this.chance(0.15);
    pieces.push(setop ? this.setOperation(types) : this.select(types, [], 2));
    const ordered = this.chance(0.5);
    if (ordered) pieces.push(orderByAll(this.random, types.length));
    if (ordered && this.chance(0.5)) {
      pieces.push(optional(` limit ${this.random.pick([0, 1, 3, 10, 1000])}`));
      if (this.chance(0.5)) pieces.push(optional(` offset ${this.random.pick([0, 1, 5, 500])}`));
    }
    return { tree: node('query', ...pieces), types, ordered };
  }
  private setOperation(types: readonly string[]): Node {
    const op = this.random.pick(['union all', 'union', 'intersect', 'except']);
    return node('', this.select(types, [], 1), ` ${op} `, this.select(types, [], 1));
  }

  /** SELECT with the given column types, columns named c0, c1 ... */
  select(types: readonly string[], outer: readonly Ref[], depth: number): Node {
    const from = this.from(depth);
    const scope: Scope = { columns: from.columns, outer, plain: depth <= 0 };
    const where = this.list(0, 3, () => optional(' and (', this.condition(scope, 2), ')'));
    if (this.chance(0.35)) return this.grouped(types, from.tree, scope, where);
    const item = (t: string): Node =>
      t === 'dec' && this.chance(0.4) ? this.product(scope) : this.expr(t, scope, 2);
    const items = types.map((t, i) => node('', item(t), ` as c${i}`));
    const distinct = this.chance(0.15) ? [optional('distinct ')] : [];
    return node('', 'select ', ...distinct, ...joined(items, ', '), ' from ', from.tree, ' where true', ...where);
  }
  private grouped(types: readonly string[], from: Node, scope: Scope, where: readonly Node[]): Node {
    const plain: Scope = { ...scope, plain: true };
    const keys = this.chance(0.2)
      ? []
      : this.list(1, 3, () => {
          const type = this.random.pick(ALL_TYPES);
          if (type === 'dec' && this.chance(0.5)) return this.product(plain);
          const columns = scope.columns.filter((c) => c.type === type);
          return columns.length > 0 && this.chance(0.8)
            ? node(type, this.random.pick(columns).text)
            : this.expr(type, { ...plain, outer: [] }, 1);
        }).filter((k) => /\bx\d+\./.test(render(k, 'ours')));
    const sets = this.chance(0.35) ? this.groupingSets(keys) : undefined;
    const item = (type: string): Node => {
      const same = keys.filter((k) => k.type === type);
      if (sets !== undefined && type === 'int' && this.chance(0.5)) return this.groupingOf(keys);
      return same.length > 0 && this.chance(0.6) ? this.random.pick(same) : this.aggregate(type, plain);
    };
    const items = types.map((t, i) => node('', item(t), ` as c${i}`));
    // Keys are not made smaller: a constant in their place would be an ordinal.
    const groupBy =
      sets !== undefined
        ? [' group by ', ...sets]
        : keys.length > 0
          ? [
              ' group by ',
              ...joined(
                keys.map((k) => ({ ...k, type: '' })),
                ', ',
              ),
            ]
          : [];
    const having = this.chance(0.3) ? [optional(' having ', this.having(plain))] : [];
    return node(
      '',
      'select ',
      ...joined(items, ', '),
      ' from ',
      from,
      ' where true',
      ...where,
      ...groupBy,
      ...having,
    );
  }
  /** ROLLUP, CUBE or GROUPING SETS over the keys; undefined when they are not columns apart. */
  groupingSets(keys: readonly Node[]): Piece[] | undefined {
    const texts = new Set(keys.map((k) => render(k, 'ours')));
    if (keys.length === 0 || texts.size < keys.length) return undefined;
    const all = keys.map((k) => ({ ...k, type: '' }));
    const whole = (word: string, of: readonly Piece[]): Piece[] => [`${word}(`, ...joined(of, ', '), ')'];
    const some = (): Node =>
      node('', ...whole(this.random.pick(['', 'rollup', 'cube']), all.slice(this.random.int(0, 1))));
    const sets = (): Piece[] => whole('grouping sets', ['()', ...this.list(1, 3, some)]);
    const word = this.random.pick(['rollup', 'cube', 'sets']);
    return word === 'sets' && all.length > 1 ? sets() : whole(word === 'sets' ? 'rollup' : word, all);
  }
  groupingOf(keys: readonly Node[]): Node {
    const asked = keys.filter(() => this.chance(0.6)).map((k) => ({ ...k, type: '' }));
    return node('int', 'grouping(', ...joined(asked.length === 0 ? [{ ...keys[0]!, type: '' }] : asked, ', '), ')');
  }
  private having(scope: Scope): Node {
    const type = this.random.pick(['int', 'dec', 'str', 'date']);
    return node('bool', this.aggregate(type, scope), ` ${this.random.pick(COMPARISONS)} `, this.constant(type));
  }
  aggregate(type: string, scope: Scope): Node {
    const arg = (t: string): Node => this.expr(t, scope, 1);
    switch (type) {
      case 'int':
        return this.random.pick([
          () => node('int', 'count(*)'),
          () => node('int', 'count(', arg(this.random.pick(ALL_TYPES)), ')'),
          () => node('int', 'count(distinct ', arg(this.random.pick(ALL_TYPES)), ')'),
          () => node('int', 'count(distinct ', this.product(scope), ')'),
          () => node('int', 'sum(', arg('int'), ')'),
          () => node('int', 'sum(distinct ', arg('int'), ')'),
          () => node('int', ['avg(', 'trunc(avg('], arg('int'), [')', '))']),
          () => node('int', 'min(', arg('int'), ')'),
          () => node('int', 'max(', arg('int'), ')'),
          () => node('int', 'sum(case when ', this.condition(scope, 1), ' then 1 else 0 end)'),
        ])();
      case 'dec':
        return this.random.pick([
          () => node('dec', 'sum(', arg('dec'), ')'),
          () => node('dec', 'sum(', arg('big'), ' % 1000)::decimal(38,0)'),
          () => node('dec', 'min(', arg('dec'), ')'),
          () => node('dec', 'max(', arg('dec'), ')'),
          () => node('dec', this.random.pick(['sum(', 'min(', 'max(', 'sum(distinct ']), this.product(scope), ')'),
        ])();
      case 'flt':
        return this.random.pick([
          () => node('flt', 'sum(', arg('flt'), ')'),
          () => node('flt', 'avg(', arg('flt'), ')'),
          () => node('flt', 'max(', arg('flt'), ')'),
        ])();
      case 'bool':
        return this.random.pick([
          () => node('bool', 'bool_and(', arg('bool'), ')'),
          () => node('bool', 'bool_or(', arg('bool'), ')'),
          () => node('bool', '(count(*) > ', String(this.random.int(0, 5)), ')'),
        ])();
      default:
        return node(type, this.random.pick(['min(', 'max(']), arg(type), ')');
    }
  }

  from(depth: number): { readonly tree: Node; readonly columns: readonly Ref[] } {
    const first = this.item(depth);
    let { tree, columns } = first;
    const joins = depth <= 0 ? this.random.pick([0, 0, 1]) : this.random.pick([0, 0, 1, 1, 1, 2, 2, 3]);
    for (let i = 0; i < joins; i++) {
      const next = this.item(depth);
      const kind = this.random.pick([
        'join',
        'join',
        'left join',
        'left join',
        'right join',
        'right join',
        'full join',
        'join',
        'cross join',
      ]);
      const both: Scope = { columns: [...columns, ...next.columns], outer: [], plain: true };
      const on =
        kind === 'cross join' ? [] : [' on ', this.joinCondition(columns, next.columns, both, kind === 'full join')];
      tree = node('', '(', tree, ` ${kind} `, next.tree, ...on, ')');
      columns = both.columns;
    }
    return { tree, columns };
  }
  private joinCondition(left: readonly Ref[], right: readonly Ref[], both: Scope, needsKey: boolean): Node {
    const pairs = comparablePairs(this.random, left, right);
    const keys: Node[] = [];
    if (!needsKey && this.chance(0.25)) {
      const [l, r] = [left, right].map((columns) => this.product({ ...both, columns }));
      keys.push(node('bool', l!, ' = ', r!));
    }
    if (pairs.length > 0 && (needsKey || this.chance(0.92))) {
      keys.push(
        ...this.list(1, this.chance(0.25) ? 2 : 1, () => {
          const [l, r] = this.random.pick(pairs);
          return node('bool', `${l.text} = ${r.text}`);
        }),
      );
    }
    const residual = keys.length === 0 || this.chance(0.3) ? [optional(' and (', this.condition(both, 1), ')')] : [];
    return node('', '(true', ...keys.flatMap((k) => [' and ', k]), ...residual, ')');
  }
  private item(depth: number): { readonly tree: Node; readonly columns: readonly Ref[] } {
    const alias = `x${this.alias++}`;
    const refs = (s: Source): Ref[] => s.columns.map((c) => ({ text: `${alias}.${c.name}`, type: c.type }));
    if (depth > 0 && this.chance(0.2)) {
      const types = this.list(1, 3, () => this.random.pick(ALL_TYPES));
      const body = this.chance(0.2) ? this.setOperation(types) : this.select(types, [], depth - 1);
      return {
        tree: node('', '(', body, `) ${alias}`),
        columns: types.map((type, i) => ({ text: `${alias}.c${i}`, type })),
      };
    }
    const source =
      this.ctes.length > 0 && this.chance(0.3) ? this.random.pick(this.ctes) : this.random.pick(this.sources);
    return { tree: node('', `${source.name} ${alias}`), columns: refs(source) };
  }

  /** product [not] in (select decimal ...): a semi or anti join on a wide key. */
  private productIn(scope: Scope): Node {
    return node(
      'bool',
      this.product(scope),
      this.random.pick([' in (', ' not in (']),
      this.select(['dec'], [], 0),
      ')',
    );
  }
  /** A product of two columns, wider than a word and exact in every engine (schema.ts); a plain decimal without such columns. */
  private product(scope: Scope): Node {
    const letter = this.random.pick(['p', 'q']);
    const factors = scope.columns.filter((c) => new RegExp(`\\.${letter}\\d+$`).test(c.text));
    if (factors.length === 0) return this.expr('dec', { ...scope, outer: [] }, 0);
    return node('dec', '(', this.random.pick(factors).text, ' * ', this.random.pick(factors).text, ')');
  }
  constant(type: string): Node {
    return constant(this.random, type);
  }
  expr(type: string, scope: Scope, depth: number): Node {
    const own = scope.columns.filter((c) => c.type === type);
    const outer = scope.outer.filter((c) => c.type === type);
    if (outer.length > 0 && this.chance(0.25)) return node(type, this.random.pick(outer).text);
    if (own.length > 0 && (depth <= 0 || this.chance(0.55))) return node(type, this.random.pick(own).text);
    if (depth <= 0 || this.chance(0.1))
      return this.chance(0.08) ? node(type, 'null', NULL_TYPE[type] ?? CAST[type]!) : this.constant(type);
    const e = (t: string): Node => this.expr(t, scope, depth - 1);
    const general = [
      (): Node =>
        node(type, 'case when ', this.condition(scope, depth - 1), ' then ', e(type), ' else ', e(type), ' end'),
      (): Node => node(type, 'case when ', this.condition(scope, depth - 1), ' then ', e(type), ' end'),
      (): Node => node(type, 'coalesce(', e(type), ', ', e(type), ')'),
      (): Node => node(type, 'nullif(', e(type), ', ', e(type), ')'),
      ...(scope.plain ? [] : [(): Node => this.scalarSubquery(type, scope)]),
    ];
    return this.random.pick([...general, ...this.special(type, e, scope, depth)])();
  }
  private special(type: string, e: (t: string) => Node, scope: Scope, depth: number): (() => Node)[] {
    const op = (...ops: string[]): string => ` ${this.random.pick(ops)} `;
    switch (type) {
      case 'int':
        return [
          () => node('int', '(', e('int'), op('+', '-', '*'), e('int'), ')'),
          () => node('int', '(', e('int'), op('/', '%'), 'nullif(', e('int'), ', 0))'),
          () => node('int', '(-', e('int'), ')'),
          () => node('int', 'abs(', e('int'), ')'),
          () => node('int', '(', e('date'), ' - ', e('date'), ')'),
          () =>
            node(
              'int',
              'extract(',
              this.random.pick(['year', 'month', 'day']),
              ' from ',
              e(this.random.pick(['date', 'ts'])),
              ')::int',
            ),
          () => node('int', 'cast(', e('bool'), ' as int)'),
          () => node('int', 'cast(trunc(', e('dec'), ') as int)'),
        ];
      case 'dec':
        return [
          () => node('dec', '(', e('dec'), op('+', '-'), e('dec'), ')'),
          () => node('dec', '(', e('dec'), op('+', '-'), e('int'), ')'),
          () => node('dec', '(cast(trunc(', e('dec'), ', 3) as decimal(12,3)) * ', e('int'), ')'),
          () => node('dec', 'cast(', e('int'), ' as decimal(10,2))'),
          () => node('dec', 'cast(trunc(', e('dec'), ', 1) as decimal(14,1))'),
        ];
      case 'flt':
        return [
          () => node('flt', '(', e('flt'), op('+', '-', '*'), e('flt'), ')'),
          () => node('flt', 'cast(', e('int'), ' as float8)'),
        ];
      case 'str':
        return [
          () => node('str', this.random.pick(['upper', 'lower']), '(', e('str'), ')', ['', '::bpchar']),
          () => node('str', '(rtrim(', e('str'), ') || rtrim(', e('str'), '))', ['', '::bpchar']),
          () =>
            node('str', `substring(`, e('str'), `, ${this.random.int(1, 3)}, ${this.random.int(0, 3)})`, [
              '',
              '::bpchar',
            ]),
          () => node('str', 'cast(', e('int'), ' as varchar(12))', ['', '::bpchar']),
          () => node('str', 'cast(', e('date'), ' as varchar(12))', ['', '::bpchar']),
        ];
      case 'date':
        return [
          () => node('date', 'cast(', e('ts'), ' as date)'),
          () => node('date', '(', e('date'), ` + ${this.random.int(-40, 40)})`),
        ];
      case 'ts':
        return [
          () => node('ts', 'cast(', e('date'), ' as timestamp)'),
          () => node('ts', `date_trunc('${this.random.pick(['day', 'month', 'year', 'hour'])}', `, e('ts'), ')'),
        ];
      case 'bool':
        return [() => node('bool', '(', this.condition(scope, depth - 1), ')')];
      default:
        return [];
    }
  }
  private scalarSubquery(type: string, scope: Scope): Node {
    const from = this.from(0);
    const inner: Scope = { columns: from.columns, outer: scope.columns, plain: true };
    const alone = { ...inner, outer: [] };
    const where = this.correlation(inner);
    return node(type, '(select ', this.aggregate(type, alone), ' from ', from.tree, ' where true', ...where, ')');
  }
  /** An equality with an outer column most of the time, sometimes another condition. */
  private correlation(inner: Scope): Node[] {
    const pairs = comparablePairs(this.random, inner.outer, inner.columns);
    const out: Node[] = [];
    if (pairs.length > 0 && this.chance(0.7)) {
      const [o, c] = this.random.pick(pairs);
      out.push(optional(` and ${c.text} = ${o.text}`));
    }
    if (this.chance(0.3))
      out.push(optional(' and (', this.condition({ ...inner, outer: this.chance(0.5) ? inner.outer : [] }, 1), ')'));
    return out;
  }

  condition(scope: Scope, depth: number): Node {
    const e = (t: string): Node => this.expr(t, scope, Math.max(0, depth - 1));
    const type = this.random.pick(ALL_TYPES.filter((t) => t !== 'bool'));
    const basic = [
      (): Node => node('bool', e(type), ` ${this.random.pick(COMPARISONS)} `, e(this.alike(type))),
      (): Node => node('bool', e(type), ` ${this.random.pick(COMPARISONS)} `, this.constant(type)),
      (): Node => node('bool', e(type), this.random.pick([' is null', ' is not null'])),
      (): Node =>
        node(
          'bool',
          e(type),
          this.random.pick([' in (', ' not in (']),
          ...joined(
            this.list(1, this.chance(0.1) ? 14 : 4, () => this.constant(type)),
            ', ',
          ),
          ')',
        ),
      (): Node => node('bool', e(type), this.random.pick([' between ', ' not between ']), e(type), ' and ', e(type)),
      (): Node =>
        node('bool', e('int'), ` ${this.random.pick(COMPARISONS)} `, e(this.random.pick(['big', 'dec', 'flt']))),
      (): Node => node('bool', this.product(scope), ` ${this.random.pick(COMPARISONS)} `, e('dec')),
      (): Node =>
        node(
          'bool',
          this.product(scope),
          ' in (',
          ...joined(
            this.list(1, 4, () => this.constant('dec')),
            ', ',
          ),
          ')',
        ),
      ...(scope.plain ? [] : [(): Node => this.productIn(scope)]),
      (): Node =>
        node(
          'bool',
          'rtrim(',
          e('str'),
          ')',
          this.random.pick([' like ', ' not like ']),
          this.random.pick(["'a%'", "'%b'", "'_b%'", "'%'", "''", "'%a%b%'", "'a'"]),
        ),
    ];
    if (depth <= 0) return this.random.pick(basic)();
    const c = (): Node => this.condition(scope, depth - 1);
    const more = [
      () => node('bool', '(', c(), ' and ', c(), ')'),
      () => node('bool', '(', c(), ' or ', c(), ')'),
      () => node('bool', 'not (', c(), ')'),
      () =>
        node(
          'bool',
          '(',
          c(),
          ')',
          this.random.pick([' is true', ' is not true', ' is false', ' is unknown', ' is not false']),
        ),
      () => this.expr('bool', scope, depth - 1),
    ];
    if (scope.plain) return this.random.pick([...basic, ...more])();
    return this.random.pick([...basic, ...more, ...this.subqueries(scope, type, e)])();
  }
  private alike(type: string): string {
    return this.chance(0.15) ? this.random.pick(ALIKE.find((a) => a.includes(type)) ?? [type]) : type;
  }
  private subqueries(scope: Scope, type: string, e: (t: string) => Node): (() => Node)[] {
    const make = (build: (from: Node, inner: Scope, where: readonly Node[]) => Node): Node => {
      const from = this.from(0);
      const inner: Scope = { columns: from.columns, outer: this.chance(0.6) ? scope.columns : [], plain: true };
      return build(from.tree, inner, this.correlation(inner));
    };
    return [
      () =>
        make((from, _, where) =>
          node(
            'bool',
            this.random.pick(['exists (', 'not exists (']),
            'select 1 from ',
            from,
            ' where true',
            ...where,
            ')',
          ),
        ),
      () =>
        make((from, inner, where) =>
          node(
            'bool',
            e(type),
            this.random.pick([' in (', ' not in (']),
            'select ',
            this.expr(this.alike(type), { ...inner, outer: [] }, 1),
            ' from ',
            from,
            ' where true',
            ...where,
            ')',
          ),
        ),
      () => node('bool', e(type), ` ${this.random.pick(COMPARISONS)} `, this.scalarSubquery(type, scope)),
    ];
  }
}

/** Types whose values equal one another. */
const ALIKE: readonly (readonly string[])[] = [
  ['int', 'big', 'dec', 'flt'],
  ['date', 'ts', 'tz'],
];
/** Pairs of columns that may be compared: of one type, or at times of two that are alike. */
export function comparablePairs(
  random: Prng,
  left: readonly Ref[],
  right: readonly Ref[],
): readonly (readonly [Ref, Ref])[] {
  const all = left.flatMap((l) => right.map((r) => [l, r] as const));
  const mixed = all.filter(
    ([l, r]) => l.type !== r.type && ALIKE.some((a) => a.includes(l.type) && a.includes(r.type)),
  );
  return mixed.length > 0 && random.float() < 0.2 ? mixed : all.filter(([l, r]) => l.type === r.type);
}
/** A literal of a type. */
export function constant(random: Prng, type: string): Node {
  const text = literal(random, type);
  const cast = CAST[type];
  if (cast !== undefined) return node(type, text.startsWith("'") ? text : `(${text})`, cast);
  return node(type, text.startsWith('-') ? `(${text})` : text);
}

const NULL_TYPE: Readonly<Record<string, string>> = {
  int: '::int',
  big: '::bigint',
  dec: '::decimal(12,3)',
  str: '::char(3)',
  bool: '::bool',
};
