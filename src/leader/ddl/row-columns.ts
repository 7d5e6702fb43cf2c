/**
 * Columns of commands that answer with rows, all of them texts: known before the command runs.
 */
import type { Statement } from '../parser/ast.ts';

export const ROW_COLUMNS: Readonly<Partial<Record<Statement['kind'], readonly string[]>>> = {
  'analyze-compression': ['Table', 'Column', 'Encoding', 'Est_reduction_pct'],
  'show-procedure': ['Stored Procedure Definition'],
  'desc-datashare': [
    'producer_account',
    'producer_namespace',
    'share_type',
    'share_name',
    'object_type',
    'object_name',
    'include_new',
  ],
  'show-datashares': [
    'share_name',
    'share_owner',
    'source_database',
    'consumer_database',
    'share_type',
    'createdate',
    'is_publicaccessible',
    'share_acl',
    'producer_account',
    'producer_namespace',
  ],
};
