/**
 * A function of the catalogue from its SQLSTATE and text: texts fill the message, a number behind them is the position.
 */
import { SqlError } from './sql-error.ts';

export const make =
  (sqlstate: string, text: (...args: string[]) => string, hint?: string) =>
  (...args: readonly (string | number | undefined)[]): SqlError => {
    const last = args[args.length - 1];
    const position = typeof last === 'number' ? last : undefined;
    const words = args.filter((a): a is string => typeof a === 'string');
    return new SqlError({ sqlstate, message: text(...words), hint, position });
  };
