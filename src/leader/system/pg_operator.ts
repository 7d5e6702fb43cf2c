/**
 * PG_OPERATOR: comparison, arithmetic and pattern operators on values of one type.
 */
import { TYPE_INFO } from '../../types/sql-type.ts';
import { PG_CATALOG_OID } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

const COMPARED = [
  'bool',
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'char',
  'varchar',
  'text',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'timetz',
  'intervaly2m',
  'intervald2s',
  'varbyte',
] as const;
const NUMBERS = ['int2', 'int4', 'int8', 'numeric', 'float8'] as const;
type Name = keyof typeof TYPE_INFO;
const OPERATORS: readonly (readonly [string, Name, Name])[] = [
  ...COMPARED.flatMap((t) => ['=', '<>', '<', '<=', '>', '>='].map((op) => [op, t, 'bool'] as const)),
  ...NUMBERS.flatMap((t) => ['+', '-', '*', '/', '%'].map((op) => [op, t, t] as const)),
  ...['~', '!~', '~~', '!~~', '~~*', '!~~*'].map((op) => [op, 'text', 'bool'] as const),
  ['||', 'text', 'text'],
];

export default systemView({
  name: 'pg_operator',
  schema: 'pg_catalog',
  oid: 2617,
  doc: 'comparison, arithmetic and pattern operators on values of one type.',
  visibleTo: 'everyone',
  columns: columns(`
    oprname name, oprnamespace oid, oprowner integer, oprkind "char", oprcanhash boolean, oprleft oid,
    oprright oid, oprresult oid, oprcode regproc, oid oid
  `),
  rows: () =>
    OPERATORS.map(([oprname, operand, result], i) => ({
      oprname,
      oprnamespace: PG_CATALOG_OID,
      oprowner: 1,
      oprkind: 'b',
      oprcanhash: oprname === '=',
      oprleft: TYPE_INFO[operand].oid,
      oprright: TYPE_INFO[operand].oid,
      oprresult: TYPE_INFO[result].oid,
      oprcode: 0,
      oid: 15_000 + i,
    })),
});
