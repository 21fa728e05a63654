"""The plain way to post a month on PostgreSQL (reference/month_postgres.sql), and whether it left
what `jaring month` left; used by bench/nation."""
from bench_tools import HOME, ROOT

SCRIPT = ROOT / "bench" / "reference" / "month_postgres.sql"
# What each payment of the month bought, and how the member stands after it.
BILLS = """
SELECT p.person_id, COALESCE(c.months, 0), COALESCE(c.jkk_rupiah, 0), COALESCE(c.jkm_rupiah, 0),
       COALESCE(c.jht_rupiah, 0), m.paid_through, m.credit_rupiah
FROM payment p
LEFT JOIN contribution c ON c.person_id = p.person_id AND c.payment_id = p.payment_id
JOIN membership m ON m.person_id = p.person_id AND m.ended_on IS NULL
WHERE p.payment_id >= (SELECT first_payment_id FROM month_run)
ORDER BY p.person_id
"""
# Rows and sums; products show that what belongs together does.
FIGURES = {
    "payment": "COUNT(*), SUM(amount_rupiah), SUM(paid_at / 1000000),"
               " SUM((payment_id % 9973) * (person_id % 9967))",
    "payment_reference": "COUNT(*), SUM(amount_rupiah),"
                         " SUM((payment_id % 9973) * (person_id % 9967))",
    "contribution": "COUNT(*), SUM(months), SUM(jkk_rupiah), SUM(jkm_rupiah), SUM(jht_rupiah),"
                    " SUM(first_month), SUM((contribution_id % 9973) * (payment_id % 9967))",
    "membership": "COUNT(*), COUNT(paid_through), SUM(paid_through), SUM(credit_rupiah),"
                  " SUM((paid_through % 9973) * (person_id % 9967))",
    "journal_line": "COUNT(*), SUM(amount_rupiah * account),"
                    " SUM(amount_rupiah * (business_day % 97))",
    "coverage_counter": "COUNT(*), SUM(paid_through * month), SUM(months_bought * cohort_id),"
                        " SUM(received_rupiah)",
    "coverage_sum WHERE dimension < 4": "COUNT(*), SUM(paid_through * month), SUM(months_bought * first_value),"
                    " SUM(received_rupiah * dimension)",
}


def figures(database):
    return {table: database.rows(f"SELECT {sums} FROM {table}")[0]
            for table, sums in FIGURES.items()}


def write_bills(done, file):
    done.cluster.sql(f"\\copy ({' '.join(BILLS.split())}) TO '{file}' CSV", done.name)


def load_bills(database, file):
    database.cluster.sql(
        "CREATE TABLE bill (person_id bigint NOT NULL, months bigint NOT NULL, jkk bigint NOT NULL,"
        " jkm bigint NOT NULL, jht bigint NOT NULL, paid_through bigint NOT NULL,"
        " credit bigint NOT NULL)", database.name)
    database.cluster.sql(f"\\copy bill FROM '{file}' CSV", database.name)
    database.cluster.sql("ALTER TABLE bill ADD PRIMARY KEY (person_id)", database.name)
    database.cluster.sql("VACUUM ANALYZE bill", database.name)
    database.settle()


def write_copies(database, inbox, file):
    """A \\copy for each payment file: whose it is comes from its name."""
    partners = {code: number for number, code in
                database.rows("SELECT partner_id, code FROM partner")}
    with open(file, "w", encoding="utf-8") as out:
        for path in sorted(inbox.glob("*.csv")):
            partner = partners[path.name.split("_")[0]]
            out.write(f"ALTER TABLE staging ALTER partner_id SET DEFAULT {partner};\n"
                      "\\copy staging (bill_code, amount, paid_at, reference, channel)"
                      f" FROM '{path}' CSV HEADER\n")


def post(database, inbox, bills):
    """Posts the month the plain way: (payments, what it used)."""
    load_bills(database, bills)
    copies = HOME / "month-copies.sql"
    write_copies(database, inbox, copies)
    try:
        ran = database.measure("psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-v", f"copies={copies}",
                               "-f", SCRIPT, database.address)
    finally:
        copies.unlink()
    return int(ran.out.split()[-1]), ran


def check_same(ours, theirs):
    """Stops when the plain way left other rows than `jaring month`."""
    different = [f"{table}: {ours[table]} and {theirs[table]}" for table in FIGURES
                 if ours[table] != theirs[table]]
    if different:
        raise SystemExit("bench: the plain way wrote other rows in " + "; ".join(different))
