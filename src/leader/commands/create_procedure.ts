/** CREATE [OR REPLACE] PROCEDURE: the body is read whole, so that what is wrong in it is told here. */
import { invalidRoutine } from '../../common/errors/routine-errors.ts';
import { atBody, putRoutine, routineArguments } from '../ddl/new-routine.ts';
import { parseBody } from '../procedures/parse-body.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-procedure',
  doc: 'CREATE PROCEDURE',
  async run(context, statement) {
    const { name, replace, parameters, body, nonatomic, definer, settings } = statement;
    if (nonatomic === true && (definer === true || settings.length > 0))
      throw invalidRoutine('NONATOMIC procedures support neither SECURITY DEFINER nor SET options');
    const given = routineArguments(parameters);
    // check_function_bodies off: what is wrong in the body is told by its first call.
    if (context.session.setting('check_function_bodies') === 'on')
      await atBody(body, context.text, () => parseBody(body.text, given));
    const made = {
      kind: 'procedure',
      arguments: given,
      language: 'plpgsql',
      source: body.text,
      volatility: 'volatile',
      ...(definer === true ? { definer } : {}),
      ...(nonatomic === true ? { nonatomic } : {}),
      ...(settings.length > 0 ? { settings } : {}),
    } as const;
    await putRoutine(context, name, replace, made);
    return { tag: 'CREATE PROCEDURE' };
  },
});
