/**
 * SVV_ALTER_TABLE_RECOMMENDATIONS: changes to tables that Amazon Redshift Advisor recommends; there are no recommendations of Advisor.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_alter_table_recommendations',
  schema: 'pg_catalog',
  doc: 'changes to tables that Amazon Redshift Advisor recommends.',
  visibleTo: 'superuser',
  without: 'recommendations of Advisor',
  columns: columns(`
    type character(30), database character(128), table_id integer, group_id integer, ddl character(1024),
    auto_eligible character(1)
  `),
});
