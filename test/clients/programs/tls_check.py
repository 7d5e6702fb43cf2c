# Python drivers over TLS, verified against the server's own authority. Arguments: driver, host, port, password, ca file.
import ssl
import sys

driver, host, port, password, ca = sys.argv[1:]
QUERY = "select sslversion from stl_connection_log where pid = pg_backend_pid() and event = 'authenticated'"
ARGS = dict(host=host, port=int(port), user="awsuser", password=password)


def strict():
    context = ssl.create_default_context(cafile=ca)
    context.verify_flags |= getattr(ssl, "VERIFY_X509_STRICT", 0)
    return context


def rows():
    if driver in ("psycopg2", "psycopg"):
        module = __import__(driver)
        c = module.connect(**ARGS, dbname="dev", sslmode="verify-full", sslrootcert=ca)
    elif driver == "pg8000":
        import pg8000

        c = pg8000.connect(**ARGS, database="dev", ssl=True)
    else:
        import asyncio

        import asyncpg

        async def fetch():
            c = await asyncpg.connect(**ARGS, database="dev", ssl=strict())
            try:
                return [tuple(r) for r in await c.fetch(QUERY)]
            finally:
                await c.close()

        return asyncio.run(fetch())
    cursor = c.cursor()
    cursor.execute(QUERY)
    return cursor.fetchall()


print(rows()[0][0].strip())
