/** Makes the variables of a block when it begins: their types from the catalog of now, and what they begin with. */
import { undefinedTargetColumn } from '../../common/errors/catalogue.ts';
import { nullAssigned } from '../../common/errors/routine-errors.ts';
import { varchar, type SqlType } from '../../types/sql-type.ts';
import { requireRelation } from '../catalog/names.ts';
import { columnByName, liveColumns } from '../catalog/objects.ts';
import { typeOfVariable } from '../catalog/value-types.ts';
import type { SessionScope } from '../session/scope.ts';
import type { Declaration, Declared } from './body.ts';
import { converted, type Frame, type Variable } from './frame.ts';
import type { SqlRunner } from './run-sql.ts';

interface Declaring {
  readonly stack: { readonly scope: SessionScope };
  readonly frame: Frame;
  readonly sql: SqlRunner;
}
const CURSOR_NAME: SqlType = { name: 'refcursor' };
type Shape = Pick<Variable, 'kind' | 'type' | 'row' | 'cursor'>;

function shapeOf({ stack, frame }: Declaring, declared: Declared): Shape {
  const { scope } = stack;
  const catalog = scope.block.require().catalog();
  const scalar = (type: SqlType): Shape => ({ kind: 'scalar', type });
  switch (declared.kind) {
    case 'type':
      return scalar(typeOfVariable(declared.type));
    case 'column': {
      const relation = requireRelation(catalog, scope.searchPath(), declared.table);
      const column = columnByName(relation, declared.column);
      if (column === undefined) throw undefinedTargetColumn(declared.column, relation.name);
      return scalar(column.type);
    }
    case 'row': {
      const columns = liveColumns(requireRelation(catalog, scope.searchPath(), declared.table));
      const row = { names: columns.map((c) => c.name), types: columns.map((c) => c.type) };
      return { kind: 'record', type: { name: 'record' }, row };
    }
    case 'like': {
      const { kind, type, row } = frame.at(declared.place.variable);
      if (declared.place.field !== undefined) return scalar(frame.get(declared.place).type);
      return row === undefined ? { kind, type } : { kind, type, row };
    }
    case 'record':
      return { kind: 'record', type: { name: 'record' } };
    case 'refcursor':
      return { kind: 'cursor', type: CURSOR_NAME };
    case 'cursor': {
      for (const parameter of declared.parameters) frame.declare(parameter, parameterOf(parameter));
      const { query, parameters } = declared;
      return { kind: 'cursor', type: CURSOR_NAME, cursor: { query, parameters } };
    }
  }
}
const parameterOf = (index: number): Variable => ({
  name: `$${index}`,
  kind: 'scalar',
  type: varchar(65_535),
  value: null,
  constant: false,
  notNull: false,
});

export async function declareVariable(declaring: Declaring, declaration: Declaration): Promise<void> {
  const { name, variable, declared, constant, notNull, initial } = declaration;
  const shape = shapeOf(declaring, declared);
  const { sql, frame, stack } = declaring;
  const given = initial === undefined ? undefined : await sql.evaluate(initial);
  const value = given === undefined ? null : converted(given, shape.type, stack.scope.textSettings());
  if (notNull && value === null) throw nullAssigned(name);
  const { row } = shape;
  const record = row && { names: row.names, values: row.types.map((type) => ({ type, value: null })) };
  frame.declare(variable, { name, ...shape, value, constant, notNull, ...(record === undefined ? {} : { record }) });
}
