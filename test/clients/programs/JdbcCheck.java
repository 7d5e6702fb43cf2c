// pgjdbc: metadata, prepared statements of every type, fetch size, batches, transactions. Arguments: url user.
import java.sql.*;
import java.math.BigDecimal;

public class JdbcCheck {
  static void check(boolean ok, String what) { if (!ok) throw new RuntimeException(what); }

  public static void main(String[] a) throws Exception {
    try (Connection c = DriverManager.getConnection(a[0], a[1], "x")) {
      try (Statement s = c.createStatement()) {
        s.execute("drop table if exists jdbc_check");
        s.execute("create table jdbc_check (a int not null, b varchar(20), c numeric(10,2), d date, e timestamp, f boolean, g float8, h bigint, primary key (a))");
      }
      try (PreparedStatement p = c.prepareStatement("insert into jdbc_check values (?,?,?,?,?,?,?,?)")) {
        for (int i = 1; i <= 7; i++) {
          p.setInt(1, i); p.setString(2, "n" + i); p.setBigDecimal(3, new BigDecimal("1.50")); p.setDate(4, Date.valueOf("2024-02-29"));
          p.setTimestamp(5, Timestamp.valueOf("2024-02-29 01:02:03")); p.setBoolean(6, true); p.setDouble(7, 2.5); p.setLong(8, 1L << 40);
          check(p.executeUpdate() == 1, "insert count");
        }
      }
      try (PreparedStatement p = c.prepareStatement("select * from jdbc_check where a = ? and d = ? and e >= ? and b like ?")) {
        for (int i = 1; i <= 7; i++) {
          p.setInt(1, i); p.setDate(2, Date.valueOf("2024-02-29")); p.setTimestamp(3, Timestamp.valueOf("2024-01-01 00:00:00")); p.setString(4, "n%");
          try (ResultSet r = p.executeQuery()) {
            check(r.next(), "row " + i);
            check(r.getInt(1) == i && r.getString(2).equals("n" + i) && r.getBigDecimal(3).equals(new BigDecimal("1.50")), "values");
            check(r.getDate(4).equals(Date.valueOf("2024-02-29")) && r.getTimestamp(5).equals(Timestamp.valueOf("2024-02-29 01:02:03")), "dates");
            check(r.getBoolean(6) && r.getDouble(7) == 2.5 && r.getLong(8) == 1L << 40, "numbers");
            ResultSetMetaData m = r.getMetaData();
            check(m.getPrecision(3) == 10 && m.getScale(3) == 2 && m.getColumnDisplaySize(2) == 20, "modifiers");
            check(m.isNullable(1) == ResultSetMetaData.columnNoNulls && m.getTableName(1).isEmpty() == false, "origin");
          }
        }
      }
      c.setAutoCommit(false);
      try (Statement s = c.createStatement()) {
        s.setFetchSize(100);
        int n = 0;
        try (ResultSet r = s.executeQuery("select g from generate_series(1, 1050) g")) { while (r.next()) check(r.getInt(1) == ++n, "order"); }
        check(n == 1050, "fetch size: " + n);
      }
      try (Statement s = c.createStatement()) {
        s.executeUpdate("delete from jdbc_check where a > 5");
        c.rollback();
        try (ResultSet r = s.executeQuery("select count(*) from jdbc_check")) { r.next(); check(r.getInt(1) == 7, "rollback"); }
        c.commit();
      }
      c.setAutoCommit(true);
      DatabaseMetaData m = c.getMetaData();
      section("getTables", () -> { try (ResultSet r = m.getTables(null, "public", "jdbc%", new String[] {"TABLE"})) { check(r.next() && r.getString("TABLE_NAME").equals("jdbc_check"), "table"); } });
      section("getSchemas", () -> { try (ResultSet r = m.getSchemas()) { check(r.next(), "schema"); } });
      section("getColumns", () -> {
        int n = 0;
        try (ResultSet r = m.getColumns(null, "public", "jdbc_check", "%")) { while (r.next()) n++; }
        check(n == 8, "columns " + n);
      });
      section("getPrimaryKeys", () -> { try (ResultSet r = m.getPrimaryKeys(null, "public", "jdbc_check")) { check(r.next() && r.getString("COLUMN_NAME").equals("a"), "key"); } });
      section("getIndexInfo", () -> { try (ResultSet r = m.getIndexInfo(null, "public", "jdbc_check", false, true)) { r.next(); } });
      section("getImportedKeys", () -> { try (ResultSet r = m.getImportedKeys(null, "public", "jdbc_check")) { r.next(); } });
      section("getTypeInfo", () -> { try (ResultSet r = m.getTypeInfo()) { check(r.next(), "types"); } });
      section("getTablePrivileges", () -> { try (ResultSet r = m.getTablePrivileges(null, "public", "jdbc_check")) { r.next(); } });
      section("getFunctions", () -> { try (ResultSet r = m.getFunctions(null, null, "abs")) { r.next(); } });
      section("isValid", () -> check(c.isValid(5), "valid"));
      System.out.println("ok");
    }
  }
  interface Body { void run() throws Exception; }
  static void section(String name, Body body) {
    try { body.run(); System.out.println("pass " + name); } catch (Exception e) { System.out.println("fail " + name + ": " + e.getMessage()); }
  }
}
