from decimal import Decimal


def test_total(connection):
    cursor = connection.cursor()
    cursor.execute("select sum(amount) from orders where customer = 'ada'")
    assert cursor.fetchone()[0] == Decimal("20.00")


def test_changes_are_rolled_back(connection):
    cursor = connection.cursor()
    cursor.execute("delete from orders")
    cursor.execute("select count(*) from orders")
    assert cursor.fetchone()[0] == 0


def test_they_were(connection):
    cursor = connection.cursor()
    cursor.execute("select count(*) from orders")
    assert cursor.fetchone()[0] == 3
