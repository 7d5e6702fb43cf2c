// pgjdbc over TLS: one query. Arguments: url with sslmode and the rest, user, password.
import java.sql.*;

public class JdbcTls {
  public static void main(String[] a) throws Exception {
    try (Connection c = DriverManager.getConnection(a[0], a[1], a[2]); Statement s = c.createStatement();
         ResultSet r = s.executeQuery("select sslversion from stl_connection_log where pid = pg_backend_pid() and event = 'authenticated'")) {
      r.next();
      System.out.println(r.getString(1).trim());
    }
  }
}
