/** SYS_USERLOG: users that were made, changed and dropped, as STL_USERLOG has them. */
import { columns, viewOver } from './define.ts';
import stl_userlog from './stl_userlog.ts';

export default viewOver(stl_userlog, {
  name: 'sys_userlog',
  doc: 'users that were made, changed and dropped.',
  columns: columns(`
    user_id integer, user_name character(50), original_user_name character(50), action character(10),
    has_create_db_privs integer, is_superuser integer, has_update_catalog_privs integer,
    password_expiration timestamp, session_id integer, transaction_id bigint, record_time timestamp
  `),
  of: {
    user_id: 'userid',
    user_name: 'username',
    original_user_name: 'oldusername',
    has_create_db_privs: 'usecreatedb',
    is_superuser: 'usesuper',
    has_update_catalog_privs: 'usecatupd',
    password_expiration: 'valuntil',
    session_id: 'pid',
    transaction_id: 'xid',
    record_time: 'recordtime',
  },
});
