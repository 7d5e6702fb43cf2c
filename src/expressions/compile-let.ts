/**
 * A function of users, written out: its arguments are computed into locals, which its body reads. What the body computes is
 * not remembered outside of it, since the same local may be another value there.
 */
import type { BoundExpr } from './bound.ts';
import { typedValue, type CodeEnv, type TypedValue } from './code-env.ts';

export function compileLet(
  env: CodeEnv,
  { ids, args, body, type }: Extract<BoundExpr, { kind: 'let' }>,
  compile: (env: CodeEnv, e: BoundExpr) => TypedValue,
): TypedValue {
  const given = args.map((arg) => ({ type: arg.type, variable: env.held(compile(env, arg)) }));
  const before = ids.map((id) => env.locals.get(id));
  for (const [i, id] of ids.entries()) env.locals.set(id, given[i]!);
  env.enter();
  const result = env.settle(typedValue(env, type, compile(env, body)));
  env.leave();
  for (const [i, id] of ids.entries()) {
    const outer = before[i];
    if (outer === undefined) env.locals.delete(id);
    else env.locals.set(id, outer);
  }
  return result;
}
