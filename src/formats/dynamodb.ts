/**
 * Items of a DynamoDB table, each as JSON on a line (src/remote/dynamodb): attributes fill the columns of their name whatever its case,
 * those without a column are passed over. Only strings and numbers are loaded; Redshift's COPY fails where another type has a column,
 * or two names differ in nothing but case.
 */
import { DynamoReader, type DynamoPlan } from './dynamodb/reader.ts';
import type { LoadFormat } from './load-format.ts';
import { textPlan, type TextLoadOptions } from './text/text-load.ts';

export const dynamodb: LoadFormat<TextLoadOptions, DynamoPlan> = {
  split: () => Promise.resolve([]),
  schema: (columns, options) =>
    Promise.resolve({
      delivers: 'text',
      plan: { ...textPlan(columns, options), names: columns.map((c) => c.name.toLowerCase()) },
    }),
  open: (load, plan) => new DynamoReader(load, plan),
};
