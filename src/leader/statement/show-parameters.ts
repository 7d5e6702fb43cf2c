/**
 * The parameters of SHOW: Redshift's drivers give every part of a name, every argument type and the pattern of LIKE as
 * one. Values are names as they are, whatever their case. Used by execute.ts.
 */
import type { ConstValue } from '../../expressions/bound.ts';
import { varchar, type SqlType } from '../../types/sql-type.ts';
import type { Given, ShowObjects } from '../parser/statements/show.ts';

const NAME = varchar(65535);

const givenIn = ({ names, types = [], like }: ShowObjects): readonly Given[] =>
  like === undefined ? [...names, ...types] : [...names, ...types, like];

/** Types of $1, $2 ...: every one is a text. */
export function parametersOfShow(statement: ShowObjects): readonly SqlType[] {
  const numbers = givenIn(statement).map((part) => (typeof part === 'string' ? 0 : part.parameter));
  return Array.from({ length: Math.max(0, ...numbers) }, () => NAME);
}

/** The statement with its parameters put in. NULL is the empty text, which names nothing. */
export function withValues(statement: ShowObjects, values: readonly ConstValue[]): ShowObjects<string> {
  const valueOf = (part: Given): string => {
    if (typeof part === 'string') return part;
    const value = values[part.parameter - 1];
    return typeof value === 'string' ? value : '';
  };
  const { names, types, like, ...rest } = statement;
  return {
    ...rest,
    names: names.map(valueOf),
    ...(types === undefined ? {} : { types: types.map(valueOf) }),
    ...(like === undefined ? {} : { like: valueOf(like) }),
  };
}
