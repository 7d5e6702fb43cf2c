/**
 * COPY as segments: parse on every slice, rows to the slices where the table's distribution wants them, insert there.
 * Built by hand because there is nothing to plan. The sampling run of COMPUPDATE and NOLOAD end where they parse.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { LoadSchema } from '../../formats/load-format.ts';
import { isVolatile } from '../../expressions/walk.ts';
import { superOfJson } from '../../functions/super-calls.ts';
import { TEXT } from '../../types/sql-type.ts';
import type { SinkSpec, TransformSpec } from '../../steps/spec.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import type { CompiledPlan } from '../compiler/compile-plan.ts';
import { Cutter } from '../compiler/cut.ts';
import type { Column, Flow } from '../compiler/flow.ts';
import { scalarOf, storageTable, type StatementRunner } from '../statement/statement-runner.ts';
import type { CopyOptions } from './options.ts';
import type { CopyColumns } from './target.ts';

export const LOAD_NUMBER = 1;

export function loadPlan(
  runner: StatementRunner,
  table: TableObject,
  columns: CopyColumns,
  options: CopyOptions,
  schema: Pick<LoadSchema<unknown>, 'delivers' | 'values'>,
  end: 'insert' | 'sample' | 'validate',
): CompiledPlan {
  let nextId = 1;
  const storage = storageTable(table);
  const cutter = new Cutter({
    storageTable: () => storage,
    functionOf: (name) => scalarOf(runner.deps.functions, name),
    nextColId: () => nextId++,
  });
  const ids = new Map<number, ColId>(liveColumns(table).map((c) => [c.attnum, nextId++]));
  const { fields } = columns;
  /** SUPER columns are read as the JSON text that their values are made from. */
  const texts = new Map<number, ColId>(
    fields.filter((c) => c.type.name === 'super').map((c) => [c.attnum, nextId++]),
  );
  const { acceptAnyDate, roundDec, truncateColumns, shapes } = options.conversion;
  const flowColumns = new Map<ColId, Column>(
    fields.map((c) => [ids.get(c.attnum)!, { type: c.type, nullable: !c.notNull }]),
  );
  const transforms: TransformSpec[] = [];
  let flow: Flow = {
    locus: 'compute',
    single: false,
    transforms,
    dependsOn: [],
    stream: 0,
    columns: flowColumns,
    sorted: false,
    source: {
      kind: 'parse',
      load: LOAD_NUMBER,
      label: 'parse',
      conversion: { acceptAnyDate, roundDec, truncateColumns, shapes },
      columns: fields.map((c, i) => ({
        delivered: schema.delivers === 'vectors' || schema.values?.[i] === true ? 'value' : 'text',
        id: texts.get(c.attnum) ?? ids.get(c.attnum)!,
        attnum: c.attnum,
        type: c.type,
        nullable: !c.notNull,
      })),
    },
  };
  if (texts.size > 0) {
    transforms.push({
      kind: 'project',
      columns: [...texts].map(([attnum, id]) => ({
        id: ids.get(attnum)!,
        expr: superOfJson({ kind: 'column', type: TEXT, id }),
      })),
    });
    const nullable = new Map(fields.map((c) => [c.attnum, !c.notNull]));
    for (const [attnum, id] of texts) flowColumns.set(id, { type: TEXT, nullable: nullable.get(attnum)! });
  }
  if (end !== 'validate' && columns.defaults.length > 0) {
    for (const d of columns.defaults)
      flowColumns.set(ids.get(d.column.attnum)!, { type: d.column.type, nullable: cutter.nullable(flow, d.expr) });
    transforms.push({
      kind: 'project',
      columns: columns.defaults.map((d) => ({ id: ids.get(d.column.attnum)!, expr: d.expr })),
    });
  }
  const column = (attnum: number): BoundExpr => ({
    kind: 'column',
    type: table.columns.find((c) => c.attnum === attnum)!.type,
    id: ids.get(attnum)!,
  });
  if (end === 'validate') cutter.close(flow, { kind: 'discard' });
  else {
    if (end === 'insert' && runner.deps.scheduler.cluster.topology.sliceCount > 1) {
      const mode = distMode(table);
      flow = cutter.move(flow, [...ids.values()], mode, mode === 'hash' ? [column(table.distkey!)] : []);
    }
    cutter.close(flow, {
      kind: 'insert',
      table: storage,
      owners: table.effectiveDiststyle === 'all',
      sorted: table.sortkey.length > 0,
      sample: end === 'sample',
      label: `insert tbl=${table.oid}`,
      columns: liveColumns(table).map((c) => ({
        attnum: c.attnum,
        name: c.name,
        type: c.type,
        notNull: c.notNull && end === 'insert',
        expr: column(c.attnum),
      })),
    });
  }
  const draws = columns.defaults.some((d) => isVolatile(d.expr));
  return {
    segments: cutter.segments,
    edges: cutter.edges,
    rows: [],
    recursions: [],
    explained: [],
    draws,
    result: { kind: 'none' },
  };
}

function distMode(table: TableObject): Extract<SinkSpec, { kind: 'dist' }>['mode'] {
  if (table.effectiveDiststyle === 'all') return 'owners';
  return table.effectiveDiststyle === 'key' && table.distkey !== undefined ? 'hash' : 'even';
}
