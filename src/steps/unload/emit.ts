/**
 * The unload step: a row becomes one line of text in the output buffer, fields separated by the delimiter. The format
 * is a small descriptor the host places in node memory (see UNLOAD_FORMAT); quoting and escaping of strings is a kernel
 * (unload_field). With `ordered` each line is preceded by its sort key so that one writer can merge all slices.
 */
import { compileExpr } from '../../expressions/compile.ts';
import { forRows, type RowSet, type StageEnv } from '../segment-code.ts';
import { SORT_KEY_ID, type SinkSpec } from '../spec.ts';
import { advance, copyString, OUTPUT, reserve, writeText } from '../return/emit.ts';
import { countInput } from '../hash/emit.ts';
import { isString } from '../../types/sql-type.ts';

type UnloadSpec = Extract<SinkSpec, { kind: 'unload' }>;

/** Delimiter and flags are part of the code's shape; the NULL text is a parameter. */
export function emitUnload(env: StageEnv, spec: UnloadSpec, input: RowSet, step: number): void {
  const { fb } = env;
  countInput(env, input, step);
  const output = env.code.output;
  const f = spec.format;
  const nullText = env.settle(compileExpr(env, f.nullAs));
  const delimiter = f.delimiter;
  forRows(env, input, (loop) => {
    const values = spec.columns.map((c) => env.settle(compileExpr(env, c.expr)));
    const key = spec.ordered ? env.settle(env.column(SORT_KEY_ID)) : undefined;
    const out = fb.local('i32');
    const nulls = spec.columns.map(() => nullText);
    reserve(env, output, spec.columns.map((c) => c.type), [...(key ? [key] : []), ...values, ...nulls], loop, 2);
    env.getState(output + OUTPUT.CUR);
    fb.set(out);
    if (key) {
      fb.get(out);
      key.push();
      fb.i64_const(32n);
      fb.do('i64_shr_u', 'i32_wrap_i64');
      fb.mem('i32_store', 0);
      advance(env, out, 4);
      copyString(env, out, key);
    }
    const lengthAt = fb.local('i32');
    if (key) {
      fb.get(out);
      fb.set(lengthAt);
      advance(env, out, 4);
    }
    for (const [i, c] of spec.columns.entries()) {
      const v = values[i]!;
      if (i > 0) byte(env, out, delimiter);
      const body = (): void => {
        if (!isString(c.type) && !f.addQuotes) return writeText(env, out, v, c.type);
        const start = fb.local('i32');
        fb.get(out);
        fb.set(start);
        writeText(env, out, v, c.type);
        fb.get(env.ctx);
        fb.get(start);
        fb.get(out);
        fb.i32_const(delimiter);
        fb.i32_const((f.csv ? 1 : 0) | (f.addQuotes ? 2 : 0) | (f.escape ? 4 : 0));
        fb.call(env.kernel('unload_quote', ['i32', 'i32', 'i32', 'i32', 'i32'], ['i32']));
        fb.set(out);
      };
      if (!v.pushNull) body();
      else {
        v.pushNull();
        fb.if_(() => copyString(env, out, nullText), body);
      }
    }
    byte(env, out, 10);
    if (key) {
      fb.get(lengthAt);
      fb.get(out);
      fb.get(lengthAt);
      fb.do('i32_sub');
      fb.i32_const(4);
      fb.do('i32_sub');
      fb.mem('i32_store', 0);
    }
    env.setState(output + OUTPUT.CUR, () => fb.get(out));
    env.setState(output + OUTPUT.ROWS, () => {
      env.getState(output + OUTPUT.ROWS);
      fb.i32_const(1);
      fb.do('i32_add');
    });
  });
}

function byte(env: StageEnv, out: number, value: number): void {
  const { fb } = env;
  fb.get(out);
  fb.i32_const(value);
  fb.mem('i32_store8', 0);
  advance(env, out, 1);
}
