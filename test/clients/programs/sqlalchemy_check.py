# SQLAlchemy with psycopg2 and its PostgreSQL dialect: reflection, ORM-style insert and select, transactions.
import sys
import sqlalchemy as sa
h, p, u, d = sys.argv[1:5]
e = sa.create_engine(f'postgresql+psycopg2://{u}:x@{h}:{p}/{d}', use_native_hstore=False)
with e.begin() as c:
    c.execute(sa.text('drop table if exists alchemy'))
    c.execute(sa.text('create table alchemy (id int not null, name varchar(30), amount numeric(8,2) default 1.5, primary key (id))'))
m = sa.MetaData()
t = sa.Table('alchemy', m, autoload_with=e)
assert [c.name for c in t.columns] == ['id', 'name', 'amount']
assert [c.name for c in t.primary_key.columns] == ['id'], t.primary_key
assert isinstance(t.c.name.type, sa.VARCHAR) and t.c.name.type.length == 30
i = sa.inspect(e)
assert 'alchemy' in i.get_table_names() and i.has_table('alchemy')
i.get_view_names(); i.get_schema_names(); i.get_foreign_keys('alchemy'); i.get_indexes('alchemy'); i.get_unique_constraints('alchemy')
with e.begin() as c:
    c.execute(t.insert().inline(), [{'id': 1, 'name': 'a', 'amount': 2}, {'id': 2, 'name': 'b', 'amount': 3}])
with e.connect() as c:
    assert c.execute(sa.select(sa.func.sum(t.c.amount)).where(t.c.name.in_(['a', 'b']))).scalar() == 5
print('ok')
