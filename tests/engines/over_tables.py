"""Runs the queries over tables of query engines, and compares their reports with those of the tables' exports read directly.

Each by DuckDB over CSV and over Parquet, and by PostgreSQL: with a list of tables, so that whole rows are taken, and with one of
columns, so that only these are. CloudQuery's by Spark over CSV, where Spark is named.
"""

import json
import subprocess

import compare
import tables


def parquet(connection, path, rows):
    """Writes a table as Parquet: JSON as text, as exports have it."""
    kinds = {"jsonb": "VARCHAR", "text": "VARCHAR", "boolean": "BOOLEAN", "bigint": "BIGINT"}
    names = tables.columns(rows)
    connection.sql("CREATE OR REPLACE TABLE written (" + ", ".join(f'"{name}" {kinds[tables.kind(name, rows)]}' for name in names) + ")")
    connection.executemany(
        f"INSERT INTO written VALUES ({', '.join('?' for _ in names)})",
        [[row.get(name) if isinstance(row.get(name), (bool, int)) else tables.cell(row.get(name)) for name in names] for row in rows])
    connection.sql(f"COPY written TO '{path}' (FORMAT parquet)")


def load(psql, name, rows):
    """Makes a table of PostgreSQL."""
    names = tables.columns(rows)
    columns = ", ".join(f'"{column}" {tables.kind(column, rows)}' for column in names)

    def field(value):
        text = tables.cell(value)
        return "\\N" if text is None else text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")

    lines = "".join("\t".join(field(row.get(column)) for column in names) + "\n" for row in rows)
    subprocess.run([*psql, "-c", f"CREATE TABLE {name} ({columns})"], check=True)
    subprocess.run([*psql, "-c", f"COPY {name} FROM STDIN"], check=True, input=lines.encode())


def spark(session, exports, query, groups):
    """Writes what Spark makes of a query over tables that were exported as CSV."""
    import csv as format

    for file in exports.iterdir():
        session.read.option("header", True).option("escape", '"').csv(str(file)).createOrReplaceTempView(file.stem)
    rows = session.sql(query).collect()
    with open(groups, "w", encoding="utf-8", newline="") as file:
        writer = format.writer(file)
        writer.writerow(rows[0].__fields__)
        writer.writerows(list(row) for row in rows)


def differs(what, direct, program, report, folder, groups):
    """Tells whether the report of groups is another than that of what they were counted from."""
    data = report(program, folder, groups)[1]
    found = list(compare.differences(compare.told(direct), compare.told(data)))
    rows = sum(1 for _ in open(groups, encoding="utf-8", errors="replace")) if groups.suffix == ".csv" else "?"
    print(f"{what}: {'the same report' if not found else 'ANOTHER REPORT'}; {rows} lines of groups", flush=True)
    for line in found[:20]:
        print(f"  {line}", flush=True)
    return bool(found)


def run(program, resources, engines, folder, rules, report, server, counted, session):
    """Whether any report differs."""
    failed = False
    for source, make in tables.ENGINES.items():
        rows = make(resources)
        csv, columnar = folder / f"{source}.csv.d", folder / f"{source}.parquet.d"
        csv.mkdir()
        columnar.mkdir()
        for name, of in rows.items():
            tables.csv(csv / f"{name}.csv", of)
        direct = report(program, folder, csv)[1]
        assert len(json.loads(direct)["resources"]) > 100

        def query(dialect, listed, *more):
            arguments = [program, "query", source, "--dialect", dialect, "--tables", "-", *more, *rules]
            text = subprocess.run(arguments, check=True, capture_output=True, text=True, input=listed).stdout
            assert "never to be asked for" not in text
            return text

        names = "".join(f"{name}.csv\n" for name in rows)
        if "duckdb" in engines:
            import duckdb

            connection = duckdb.connect()
            for name, of in rows.items():
                parquet(connection, columnar / f"{name}.parquet", of)
            for form, read in [
                ("csv", f"read_csv('{csv}/{{table}}.csv', header = true, all_varchar = true)"),
                ("parquet", f"read_parquet('{columnar}/{{table}}.parquet', binary_as_string = true)"),
            ]:
                groups = folder / f"{source}.{form}.groups.csv"
                connection.sql(f"COPY ({query('duckdb', names, '--table', read)}) TO '{groups}' (HEADER)")
                failed |= differs(f"duckdb over {source}'s {form}", direct, program, report, folder, groups)
        if "spark" in engines and source == "cloudquery":
            groups = folder / "spark.groups.csv"
            with session() as running:
                spark(running, csv, query("spark", names), groups)
            failed |= differs(f"spark over {source}'s csv", direct, program, report, folder, groups)
        if "postgres" in engines:
            with server() as psql:
                for name, of in rows.items():
                    load(psql, name, of)
                listed = subprocess.run(
                    [*psql, "-Atc", "SELECT table_name, column_name FROM information_schema.columns"], check=True, capture_output=True, text=True)
                for what, listing in [("whole rows of", names), ("columns of", listed.stdout)]:
                    groups = counted(psql, query("postgres", listing), folder)
                    failed |= differs(f"postgres over {what} {source}'s tables", direct, program, report, folder, groups)
    return failed
