/** CREATE [OR REPLACE] FUNCTION of SQL: the body is one expression, bound here to see that it is right. */
import { functionBody, functionExpression, invalidRoutine } from '../../common/errors/routine-errors.ts';
import { lockKeyOf, lockResolved } from '../catalog/lock-by-name.ts';
import { inputsOf, routinesNamed } from '../catalog/routines.ts';
import { typeOfFunctionValue } from '../catalog/value-types.ts';
import { routineReferences } from '../ddl/dependencies.ts';
import { atBody, putRoutine, routineArguments } from '../ddl/new-routine.ts';
import type { Query } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';
import { recorded } from './recorded-command.ts';

async function queryOf({ services }: CommandContext, text: string): Promise<Query> {
  const [statement, second] = await services.parse(text);
  if (statement?.kind !== 'query') throw functionBody('the body of an SQL function is one SELECT');
  if (second !== undefined) throw functionExpression('more than one statement', second.start + 1);
  return statement.query;
}

export default recorded('ddl', {
  kind: 'create-function',
  doc: 'CREATE FUNCTION',
  async run(context, { name, replace, parameters, returns: result, volatility, body }) {
    const { services, session, transaction } = context;
    const given = routineArguments(parameters, typeOfFunctionValue);
    if (given.some((a) => a.mode !== 'in')) throw invalidRoutine('arguments of functions are IN arguments');
    const returns = typeOfFunctionValue(result);
    const types = given.map((a) => a.type);
    const expression = await atBody(body, context.text, async () => {
      const query = await queryOf(context, body.text);
      return lockResolved(transaction, () => {
        const named = routinesNamed(transaction.catalog(), session.searchPath(), 'function', name);
        const replaced = named.find((routine) => {
          const inputs = inputsOf(routine);
          return inputs.length === types.length && inputs.every((a, i) => a.type.name === types[i]!.name);
        });
        const value = services.bindFunction(session, transaction, query, types, returns, replaced?.oid);
        const called = routineReferences(value).map((r) => lockKeyOf(transaction.database, r));
        return { value, locks: new Map(called.map((key) => [key, 'AccessShareLock'])) };
      });
    });
    const made = {
      kind: 'function',
      arguments: given,
      returns,
      language: 'sql',
      source: body.text,
      volatility,
      expression,
      dependsOn: routineReferences(expression),
    } as const;
    await putRoutine(context, name, replace, made);
    return { tag: 'CREATE FUNCTION' };
  },
});
