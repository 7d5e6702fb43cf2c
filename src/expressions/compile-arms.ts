/**
 * AND, OR and CASE over the rows of a value table (steps/arms.ts): a loop that reads one row's items where an arm has its
 * values, and leaves with the first arm that decides.
 */
import { assert } from '../common/assert.ts';
import { LOAD, physOf } from '../types/sql-type.ts';
import { ITEM_BYTES, ITEM_NULL, TABLE_ROWS } from '../types/value-table.ts';
import type { BoundExpr } from './bound.ts';
import { typedValue, type CodeEnv, type CodeValue, type CodeVariable, type TypedValue } from './code-env.ts';
import type { Compiler } from './compile.ts';

type Arms = Extract<BoundExpr, { kind: 'arms' }>;
type Condition = (env: CodeEnv, expr: BoundExpr) => void;

/** Runs `body` for every row of the table, with its items readable. `body` may leave a block around the loop. */
function eachRow(env: CodeEnv, e: Arms, body: () => void): void {
  const { fb } = env;
  const table = env.valueTable(e.table);
  const [row, end] = [fb.local('i32'), fb.local('i32')];
  fb.get(table);
  fb.i32_const(TABLE_ROWS);
  fb.do('i32_add');
  fb.tee(row);
  fb.get(table);
  fb.mem('i32_load', 0);
  fb.i32_const(e.columns * ITEM_BYTES);
  fb.do('i32_mul', 'i32_add');
  fb.set(end);
  env.tableRows.set(e.table, { table, row });
  env.enter();
  fb.loop((again) => {
    body();
    fb.get(row);
    fb.i32_const(e.columns * ITEM_BYTES);
    fb.do('i32_add');
    fb.tee(row);
    fb.get(end);
    fb.do('i32_lt_u');
    fb.br_if(again);
  });
  env.leave();
  env.tableRows.delete(e.table);
}

export function compileItem(env: CodeEnv, e: Extract<BoundExpr, { kind: 'item' }>): CodeValue {
  const { fb } = env;
  const at = env.tableRows.get(e.table);
  assert(at, 'an item outside its table');
  const offset = e.index * ITEM_BYTES;
  const form = physOf(e.type);
  const v = env.variable(form, e.nullable);
  fb.get(at.row);
  fb.mem(LOAD[form], offset);
  if (form === 'str') {
    // Texts lie at a distance from the table's start.
    fb.get(at.table);
    fb.do('i64_extend_i32_u', 'i64_add');
  }
  fb.set(v.low);
  if (v.high >= 0) {
    fb.get(at.row);
    fb.mem('i64_load', offset + 8);
    fb.set(v.high);
  }
  if (e.nullable) {
    fb.get(at.row);
    fb.mem('i32_load', offset + ITEM_NULL);
    fb.set(v.nullLocal);
  }
  return v;
}

export function compileArms(env: CodeEnv, e: Arms, compile: Compiler, condition: Condition): CodeValue {
  return e.op === 'case' ? caseArms(env, e, compile, condition) : logicArms(env, e, compile);
}

function logicArms(env: CodeEnv, e: Arms, compile: Compiler): CodeValue {
  const { fb } = env;
  const result = env.variable('i32', true);
  const decides = fb.local('i32');
  fb.i32_const(0);
  fb.set(result.nullLocal);
  const floor = env.scratchMark();
  fb.block((decided) => {
    eachRow(env, e, () => {
      env.givingBack(floor, () => {
        const v = compile(env, e.when);
        v.push();
        if (e.op === 'and') fb.do('i32_eqz');
        if (v.pushNull) {
          v.pushNull();
          fb.do('i32_eqz', 'i32_and');
          fb.get(result.nullLocal);
          v.pushNull();
          fb.do('i32_or');
          fb.set(result.nullLocal);
        }
        fb.set(decides);
      });
      fb.get(decides);
      fb.br_if(decided);
    });
  });
  return logicResult(env, e.op === 'and' ? 'and' : 'or', result, decides);
}

/** What AND or OR gives: a dominant argument wins over NULLs, which `result` has gathered. */
export function logicResult(env: CodeEnv, op: 'and' | 'or', result: CodeVariable, isDominant: number): CodeValue {
  const { fb } = env;
  fb.get(isDominant);
  if (op === 'and') fb.do('i32_eqz');
  fb.set(result.low);
  fb.get(result.nullLocal);
  fb.get(isDominant);
  fb.do('i32_eqz', 'i32_and');
  fb.set(result.nullLocal);
  return result;
}

function caseArms(env: CodeEnv, e: Arms, compile: Compiler, condition: Condition): CodeValue {
  const { fb } = env;
  const result = env.variable(physOf(e.type), true);
  const as = (x: BoundExpr | undefined): TypedValue => {
    assert(x, 'CASE has results');
    return typedValue(env, e.type, compile(env, x));
  };
  const holds = fb.local('i32');
  const floor = env.scratchMark();
  fb.block((decided) => {
    eachRow(env, e, () => {
      env.givingBack(floor, () => {
        condition(env, e.when);
        fb.set(holds);
      });
      fb.get(holds);
      env.when(() => {
        result.assign(as(e.then));
        fb.br(decided);
      });
    });
    env.enter();
    result.assign(as(e.otherwise));
    env.leave();
  });
  return result;
}
