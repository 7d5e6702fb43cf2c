/**
 * A text constant for expansions.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { TEXT } from '../types/sql-type.ts';

export const textConstant = (value: string): BoundExpr => ({ kind: 'const', type: TEXT, value });
