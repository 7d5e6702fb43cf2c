/**
 * A naive interpreter of relations, for tests: evaluates subqueries per row as SQL defines them, so the analyser's output
 * and the rewriter's output of one query can be run and compared. Values: null, numbers (integers, booleans as 0/1) and
 * strings; numerics are ordinary numbers.
 */
import { assert } from '../../../common/assert.ts';
import { moreThanOneRow } from '../../../common/errors/catalogue.ts';
import { withoutLocals } from '../../../expressions/walk.ts';
import type { BoundExpr } from '../../../expressions/bound.ts';
import { columnsOf, type Rel } from '../../../expressions/relation.ts';
import { PackedList } from '../../../types/packed-list.ts';

export type Value = null | number | string;
type Row = Map<number, Value>;
/** Rows of the enclosing queries, nearest first. */
type Outer = readonly Row[];
export type Tables = Readonly<Record<number, readonly (readonly Value[])[]>>;

const truth = (v: Value): boolean | null => (v === null ? null : v !== 0);
const fromTruth = (b: boolean | null): Value => (b === null ? null : b ? 1 : 0);

export class Interpreter {
  readonly #tables: Tables;
  constructor(tables: Tables) {
    this.#tables = tables;
  }

  run(rel: Rel, outer: Outer = []): readonly Row[] {
    switch (rel.kind) {
      case 'get':
        return this.#tables[rel.tableId]!.map(
          (r) => new Map(rel.columns.map((c, i) => [c.id, r[rel.attnums[i]! - 1]!])),
        );
      case 'values':
        return rel.rows.map((r) => new Map(rel.columns.map((c, i) => [c.id, this.eval(r[i]!, new Map(), outer)])));
      case 'filter':
        return this.run(rel.input, outer).filter((r) => truth(this.eval(rel.condition, r, outer)) === true);
      case 'project':
        return this.run(rel.input, outer).map(
          (r) => new Map(rel.columns.map((c, i) => [c.id, this.eval(rel.exprs[i]!, r, outer)])),
        );
      case 'subquery':
      case 'sort':
        return this.run(rel.input, outer);
      case 'limit': {
        assert(rel.limit?.kind === 'const', 'tests use constant limits');
        return this.run(rel.input, outer).slice(0, Number(rel.limit.value));
      }
      case 'distinct': {
        const columns = columnsOf(rel.input);
        const rows = this.run(rel.input, outer);
        return [...new Map(rows.map((r) => [JSON.stringify(columns.map((c) => r.get(c.id))), r])).values()];
      }
      case 'unnest':
        return this.run(rel.input, outer).flatMap((r) => {
          const times = Number(this.eval(rel.count, r, outer) ?? 0);
          if (times === 0 && rel.outer) return [new Map([...r, [rel.ordinal.id, null as Value]])];
          return Array.from({ length: times }, (_, i) => new Map([...r, [rel.ordinal.id, i as Value]]));
        });
      case 'single-row': {
        const rows = this.run(rel.input, outer);
        if (rows.length > 1) throw moreThanOneRow();
        return rows;
      }
      case 'join':
        return this.#join(rel, outer);
      case 'aggregate':
        return this.#aggregate(rel, outer);
      case 'setop':
        return this.#setop(rel, outer);
      case 'expand':
        throw assert(false, 'no grouping sets in this interpreter');
      case 'virtual':
      case 'recursive':
      case 'working':
      case 'window':
        assert(false, `no ${rel.kind} in this interpreter`);
    }
  }

  #join(rel: Extract<Rel, { kind: 'join' }>, outer: Outer): Row[] {
    const left = this.run(rel.left, outer);
    const right = this.run(rel.right, outer);
    const on = (l: Row, r: Row): boolean | null =>
      rel.on === undefined ? true : truth(this.eval(rel.on, new Map([...l, ...r]), outer));
    const nulls = (side: Rel): Row => new Map(columnsOf(side).map((c) => [c.id, null]));
    if (rel.type === 'semi') return left.filter((l) => right.some((r) => on(l, r) === true));
    if (rel.type === 'anti') return left.filter((l) => !right.some((r) => on(l, r) === true));
    if (rel.type === 'anti-null-aware') return left.filter((l) => right.every((r) => on(l, r) === false));
    const out: Row[] = [];
    const matched = new Set<Row>();
    for (const l of left) {
      const hits = right.filter((r) => on(l, r) === true);
      for (const r of hits) {
        matched.add(r);
        out.push(new Map([...l, ...r]));
      }
      if (hits.length === 0 && (rel.type === 'left' || rel.type === 'full'))
        out.push(new Map([...l, ...nulls(rel.right)]));
    }
    if (rel.type === 'right' || rel.type === 'full') {
      for (const r of right) if (!matched.has(r)) out.push(new Map([...nulls(rel.left), ...r]));
    }
    return out;
  }

  #aggregate(rel: Extract<Rel, { kind: 'aggregate' }>, outer: Outer): Row[] {
    const buckets = new Map<string, { keys: Value[]; rows: Row[] }>();
    if (rel.groups.length === 0) buckets.set('', { keys: [], rows: [] });
    for (const r of this.run(rel.input, outer)) {
      const keys = rel.groups.map((g) => this.eval(g.expr, r, outer));
      const id = rel.groups.length === 0 ? '' : JSON.stringify(keys);
      if (!buckets.has(id)) buckets.set(id, { keys, rows: [] });
      buckets.get(id)!.rows.push(r);
    }
    return [...buckets.values()].map(({ keys, rows }) => {
      const out: Row = new Map(rel.groups.map((g, i) => [g.column.id, keys[i]!]));
      for (const a of rel.aggregates) {
        let values = rows
          .map((r) => (a.args.length === 0 ? 1 : this.eval(a.args[0]!, r, outer)))
          .filter((v) => v !== null);
        if (a.distinct) values = [...new Set(values)];
        const numbers = values as number[];
        const sum = numbers.reduce((x, y) => x + y, 0);
        const results: Readonly<Record<string, () => Value>> = {
          count: () => values.length,
          sum: () => (values.length === 0 ? null : sum),
          avg: () => (values.length === 0 ? null : sum / values.length),
          min: () => (values.length === 0 ? null : Math.min(...numbers)),
          max: () => (values.length === 0 ? null : Math.max(...numbers)),
          any_value: () => values[0] ?? null,
        };
        out.set(a.id, results[a.name]!());
      }
      return out;
    });
  }

  #setop(rel: Extract<Rel, { kind: 'setop' }>, outer: Outer): Row[] {
    const side = (input: Rel): Value[][] => {
      const columns = columnsOf(input);
      return this.run(input, outer).map((r) => columns.map((c) => r.get(c.id)!));
    };
    const [left, right] = [side(rel.left), side(rel.right)];
    const unique = (rows: Value[][]): Value[][] => [...new Map(rows.map((r) => [JSON.stringify(r), r])).values()];
    const inRight = new Set(right.map((r) => JSON.stringify(r)));
    let rows: Value[][];
    if (rel.op === 'union') rows = rel.all ? [...left, ...right] : unique([...left, ...right]);
    else rows = unique(left).filter((r) => inRight.has(JSON.stringify(r)) === (rel.op === 'intersect'));
    return rows.map((r) => new Map(rel.columns.map((c, i) => [c.id, r[i]!])));
  }

  eval(e: BoundExpr, row: Row, outer: Outer): Value {
    const ev = (x: BoundExpr): Value => this.eval(x, row, outer);
    switch (e.kind) {
      case 'const': {
        if (e.value === null || typeof e.value === 'string') return e.value as Value;
        return Number(e.value) / 10 ** (e.type.name === 'numeric' ? (e.type.scale ?? 0) : 0);
      }
      case 'column':
        assert(row.has(e.id), `column ${e.id} is missing`);
        return row.get(e.id)!;
      case 'outer':
        assert(outer[e.depth - 1]!.has(e.id), `outer column ${e.id} is missing`);
        return outer[e.depth - 1]!.get(e.id)!;
      case 'and':
      case 'or': {
        const args = e.args.map((a) => truth(ev(a)));
        const absorbing = e.kind === 'or';
        return fromTruth(args.includes(absorbing) ? absorbing : args.includes(null) ? null : !absorbing);
      }
      case 'not': {
        const v = truth(ev(e.arg));
        return fromTruth(v === null ? null : !v);
      }
      case 'isnull':
        return fromTruth((ev(e.arg) === null) !== e.negated);
      case 'istest': {
        const v = truth(ev(e.arg));
        return fromTruth((v === (e.test === 'unknown' ? null : e.test === 'true')) !== e.negated);
      }
      case 'compare':
        return fromTruth(compareValues(e.op, ev(e.left), ev(e.right)));
      case 'arith': {
        const [l, r] = [ev(e.left), ev(e.right)] as number[];
        if (l === null || r === null) return null;
        return e.op === '+'
          ? l! + r!
          : e.op === '-'
            ? l! - r!
            : e.op === '*'
              ? l! * r!
              : e.op === '/'
                ? l! / r!
                : l! % r!;
      }
      case 'neg': {
        const v = ev(e.arg);
        return v === null ? null : -(v as number);
      }
      case 'case':
        return ev(e.whens.find((w) => truth(ev(w.when)) === true)?.then ?? e.otherwise);
      case 'coalesce':
        return e.args.map(ev).find((v) => v !== null) ?? null;
      case 'arms':
      case 'item':
        throw unreachable();
      case 'inlist': {
        assert(!(e.items instanceof PackedList), 'lists of these tests are short');
        const tests = e.items.map((i) => compareValues('=', ev(e.arg), ev(i)));
        const any = tests.includes(true) ? true : tests.includes(null) ? null : false;
        return fromTruth(any === null ? null : any !== e.negated);
      }
      case 'cast':
      case 'trycast':
        return ev(e.arg);
      case 'let':
        return ev(withoutLocals(e.body, new Map(e.ids.map((id, i) => [id, e.args[i]!]))));
      case 'local':
        throw unreachable();
      case 'call':
        assert(e.name === 'single_row_check', `no function ${e.name} here`);
        if (((ev(e.args[0]!) ?? 0) as number) > 1) throw moreThanOneRow();
        return 1;
      case 'subquery':
        return this.#subquery(e, row, outer);
      case 'param':
        assert(false, 'no parameters here');
    }
  }

  #subquery(e: Extract<BoundExpr, { kind: 'subquery' }>, row: Row, outer: Outer): Value {
    const rows = this.run(e.rel, [row, ...outer]);
    const columns = columnsOf(e.rel);
    if (e.form === 'exists') return fromTruth(rows.length > 0 !== e.negated);
    if (e.form === 'scalar') {
      if (rows.length > 1) throw moreThanOneRow();
      return rows[0]?.get(columns[e.index ?? 0]!.id) ?? null;
    }
    const left = e.left.map((l) => this.eval(l, row, outer));
    const tests = rows.map((r) => {
      const parts = left.map((l, i) => compareValues('=', l, r.get(columns[i]!.id)!));
      return parts.includes(false) ? false : parts.includes(null) ? null : true;
    });
    const any = tests.includes(true) ? true : tests.includes(null) ? null : false;
    return fromTruth(any === null ? null : any !== e.negated);
  }
}

function compareValues(op: string, l: Value, r: Value): boolean | null {
  if (l === null || r === null) return null;
  switch (op) {
    case '=':
      return l === r;
    case '<>':
      return l !== r;
    case '<':
      return l < r;
    case '<=':
      return l <= r;
    case '>':
      return l > r;
    default:
      return l >= r;
  }
}
