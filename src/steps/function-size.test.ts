/**
 * No emitted function grows with the statement: twice as many columns, arms or aggregates are twice as many functions, or
 * more calls of them.
 */
import { expect, test } from 'vitest';
import { atOnce, type Steps } from '../common/steps.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import { compare } from '../expressions/walk.ts';
import { BOOL, INT4 } from '../types/sql-type.ts';
import { layoutTuple } from '../types/tuple-layout.ts';
import { emittedSegment, type SegmentModule } from './emit-segment.ts';
import { normaliseSegment } from './normalise.ts';
import type { SegmentSpec, SinkSpec, TransformSpec } from './spec.ts';

/** Bytes that one function may have; some 20 KB are 1 ms of V8's compiler. */
const FUNCTION_BYTES_MAX = 40_000;
const INPUT = [
  { id: 1, type: INT4, nullable: true },
  { id: 2, type: INT4, nullable: false },
];
const column = (id: number): BoundExpr => ({ kind: 'column', id, type: INT4 });
const number = (value: number): BoundExpr => ({ kind: 'const', type: INT4, value });
const plus = (left: BoundExpr, right: BoundExpr): BoundExpr => ({ kind: 'arith', type: INT4, op: '+', left, right });
const many = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));

const returned = (exprs: readonly BoundExpr[]): SinkSpec => ({
  kind: 'return',
  edge: 0,
  columns: exprs.map((expr) => ({ expr, type: expr.type, format: 0 })),
  ordered: false,
  last: true,
});
const segment = (transforms: readonly TransformSpec[], sink: SinkSpec): SegmentSpec => ({
  segment: 0,
  stream: 0,
  locus: 'leader',
  source: { kind: 'rows', rows: 0, shape: { fields: INPUT, layout: layoutTuple(INPUT) }, label: '' },
  transforms,
  sink,
  dependsOn: [],
});

/** Sizes of the function bodies of a module. */
function bodies(bytes: Uint8Array): number[] {
  let at = 8;
  const u32 = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const b = bytes[at++]!;
      value |= (b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
  };
  for (;;) {
    const [id, length] = [bytes[at++], u32()];
    if (id !== 10) at += length;
    else
      return many(u32(), () => {
        const size = u32();
        at += size;
        return size;
      });
  }
}
function emission(spec: SegmentSpec): Steps<SegmentModule> {
  const { spec: normal, literals, nameSlots } = normaliseSegment(spec);
  const literalCount = literals.length;
  return emittedSegment({ spec: normal, literalCount, parameterCount: literalCount, nameSlots }, () => undefined);
}
function largest(spec: SegmentSpec): number {
  const { bytes } = atOnce(emission(spec));
  expect(WebAssembly.validate(bytes)).toBe(true);
  return Math.max(...bodies(bytes));
}
/** Conditions of several shapes, so that they do not become one loop over their values. */
const condition = (i: number): BoundExpr =>
  compare(i % 2 ? '<' : '=', i % 3 ? column(1) : plus(column(2), number(i)), number(i));

test.each([
  ['columns', segment([], returned(many(1600, (i) => plus(column(1), number(i)))))],
  [
    'arms of OR',
    segment(
      [{ kind: 'filter', conditions: [{ kind: 'or', type: BOOL, args: many(5000, condition) }] }],
      returned([column(1)]),
    ),
  ],
  ['arms of AND as a value', segment([], returned([{ kind: 'and', type: BOOL, args: many(5000, condition) }]))],
  [
    'arms of CASE',
    segment(
      [],
      returned([
        {
          kind: 'case',
          type: INT4,
          whens: many(3000, (i) => ({ when: condition(i), then: plus(column(1), number(i)) })),
          otherwise: number(0),
        },
      ]),
    ),
  ],
  ['operands one in the other', segment([], returned([many(900, number).reduce(plus, column(1))]))],
])('%s', (_, spec) => {
  expect(largest(spec)).toBeLessThan(FUNCTION_BYTES_MAX);
});

test('an AND of an ordinary statement stands where it is used', () => {
  const one = segment(
    [{ kind: 'filter', conditions: [{ kind: 'and', type: BOOL, args: many(8, condition) }] }],
    returned([column(1)]),
  );
  expect(largest(one)).toBeLessThan(5000);
});

test('each function of a long chain and of a wide row is a step of its own', () => {
  const steps = (spec: SegmentSpec): number => [...emission(spec)].length;
  const chain = (arms: number): SegmentSpec =>
    segment(
      [{ kind: 'filter', conditions: [{ kind: 'or', type: BOOL, args: many(arms, condition) }] }],
      returned([column(1)]),
    );
  const cases = (arms: number): SegmentSpec =>
    segment(
      [],
      returned([
        {
          kind: 'case',
          type: INT4,
          whens: many(arms, (i) => ({ when: condition(i), then: plus(column(1), number(i)) })),
          otherwise: number(0),
        },
      ]),
    );
  const wide = (columns: number): SegmentSpec =>
    segment([], returned(many(columns, (i) => plus(column(1), number(i)))));
  expect(steps(chain(3200))).toBeGreaterThan(1.5 * steps(chain(1600)));
  expect(steps(cases(3200))).toBeGreaterThan(1.5 * steps(cases(1600)));
  expect(steps(wide(3200))).toBeGreaterThan(1.5 * steps(wide(1600)));
});
