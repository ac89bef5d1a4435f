"""Runs the queries of `cloudraci query` by the engines that are here, and compares reports.

run.py PROGRAM [RESOURCES [ENGINE...]]
"""

import contextlib
import json
import os
import pwd
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import compare
import estate
import over_tables

# What the program reads whole, in bytes; of what is longer it counts what is alike.
WHOLE = 32 << 20

# How long an engine may take, in seconds.
LONGEST = 240

INVENTORY = """inventory: 1
title: Estate
organization: Example
parties: {team: {kind: customer}, other: {kind: customer}}
assignments:
- {responsible: [team], accountable: team}
- {match: {tag: {env: dev}}, responsible: [other], accountable: other}
imports:
- file: estate
"""

TABLES = """configurationItems array<struct<resourceType:string, resourceId:string, resourceName:string, ARN:string, awsAccountId:string,
awsRegion:string, availabilityZone:string, configurationItemStatus:string, configurationItemCaptureTime:string,
configuration:string, supplementaryConfiguration:map<string,string>, tags:map<string,string>>>"""


def loud(what):
    line = "#" * 60
    print(f"{line}\n# NOT TRIED: {what}\n{line}", flush=True)


def duckdb(query, folder):
    import duckdb as engine

    connection = engine.connect()
    connection.sql("SET threads = 2")
    groups = folder / "groups.parquet"
    connection.sql(f"COPY ({query}) TO '{groups}'")
    return groups


@contextlib.contextmanager
def spark_session():
    """Spark on this machine alone."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1", "spark.driver.memory": "4g", "spark.sql.shuffle.partitions": "2",
    }
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def spark(query, folder):
    with spark_session() as session:
        session.read.schema(TABLES).json(str(folder / "estate.json")).createOrReplaceTempView("aws_config_configuration_snapshot")
        session.sql(query).coalesce(1).write.parquet(str(folder / "spark"))
    return next((folder / "spark").glob("*.parquet"))


def without_sample(folder, groups):
    """The same groups without the names of the first and the last of each."""
    import duckdb as engine

    read = f"read_csv('{groups}', header = true, all_varchar = true)" if groups.suffix == ".csv" else f"read_parquet('{groups}')"
    bare = folder / "bare.parquet"
    engine.connect().sql(f"COPY (SELECT * EXCLUDE (last_arn, resource_name, last_resource_name) FROM {read}) TO '{bare}'")
    return bare


@contextlib.contextmanager
def server():
    """A server of PostgreSQL: how `psql` reaches it."""
    programs = shutil.which("initdb") or next(iter(sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))))
    programs = Path(programs).parent
    # A server refuses to be run by root.
    user = {"user": "postgres"} if os.getuid() == 0 else {}
    home = Path(tempfile.mkdtemp(dir="/tmp"))
    if user:
        os.chown(home, pwd.getpwnam("postgres").pw_uid, -1)

    def call(*arguments, **more):
        return subprocess.run([str(programs / arguments[0]), *arguments[1:]], check=True, stdout=subprocess.DEVNULL, cwd=home, **user, **more)

    call("initdb", "-D", "data", "-U", "postgres", "-A", "trust")
    call("pg_ctl", "-D", "data", "-w", "-o", f"-k {home} -c listen_addresses=", "-l", "log", "start")
    try:
        yield [shutil.which("psql") or str(programs / "psql"), "-h", str(home), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q"]
    finally:
        call("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def counted(psql, query, folder):
    """The result of a query as CSV."""
    (folder / "copy.sql").write_text(f"COPY (\n{query}\n) TO STDOUT (FORMAT csv, HEADER)", encoding="utf-8")
    groups = folder / "groups.csv"
    with open(groups, "wb") as file:
        subprocess.run([*psql, "-f", str(folder / "copy.sql")], check=True, stdout=file)
    return groups


def postgres(query, folder):
    with server() as psql:
        subprocess.run([*psql, "-c", "CREATE TABLE aws_config_items (item jsonb)"], check=True)
        with subprocess.Popen([*psql, "-c", "COPY aws_config_items FROM STDIN"], stdin=subprocess.PIPE) as copy:
            for item in json.loads((folder / "estate.json").read_text(encoding="utf-8"))["configurationItems"]:
                copy.stdin.write(json.dumps(item).replace("\\", "\\\\").encode() + b"\n")
            copy.stdin.close()
        assert copy.wait() == 0
        return counted(psql, query, folder)


def can(engine):
    if engine == "duckdb":
        import duckdb as _
    if engine == "spark":
        import pyspark as _
        subprocess.run(["java", "-version"], check=True, capture_output=True)
    if engine == "postgres":
        assert shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), "no initdb"


def is_here(engine):
    try:
        can(engine)
    except Exception:
        return False
    return True


ENGINES = {"duckdb": duckdb, "postgres": postgres, "spark": spark}

# Those that are tried where none is named.
USUAL = ["duckdb", "postgres"]


def by_itself(engine, folder):
    """Runs an engine in a process of its own, which may be ended."""
    run = subprocess.run(
        [sys.executable, __file__, "--engine", engine, str(folder)], check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST)
    return Path(run.stdout.splitlines()[-1])


# A list of tables and columns, for dialects that cannot do without.
COLUMNS = "aws_s3_buckets,arn\naws_s3_buckets,name\naws_s3_bucket_versionings,bucket_arn\naws_s3_bucket_versionings,status\n"


def parse(program, dialects):
    import sqlglot

    for source, more, given in [("aws-config", [], ""), ("cloudquery", ["--tables", "-"], COLUMNS)]:
        for dialect in dialects:
            query = subprocess.run(
                [program, "query", source, "--dialect", dialect, *more], check=True, capture_output=True, text=True, input=given).stdout
            trees = sqlglot.parse(query, read=dialect)
            assert trees and all(tree is not None for tree in trees), dialect
            assert not any(isinstance(tree, sqlglot.exp.Command) for tree in trees), f"{dialect}: not understood"
            print(f"{source} in {dialect}: parsed, {len(query)} bytes", flush=True)


def report(program, folder, estate_file):
    """The report of an estate, in a folder of its own, so that nothing but the estate differs."""
    here = Path(tempfile.mkdtemp(dir=folder))
    (here / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")
    (here / "estate").symlink_to(estate_file)
    began = time.monotonic()
    run = subprocess.run(
        [program, "report", "inventory.yaml", "--as-of", "2026-11-29", "-o", "report.md", "-o", "report.json"],
        cwd=here, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return (here / "report.md").read_bytes(), (here / "report.json").read_bytes(), time.monotonic() - began


def main(program, resources="3000", *engines):
    program = str(Path(program).resolve())
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chmod(folder, 0o755)
        estate.snapshot(folder / "estate.json", int(resources))
        size = (folder / "estate.json").stat().st_size
        estate.snapshot(folder / "long.json", int(resources), max(0, WHOLE + 1 - size))
        markdown, data, took = report(program, folder, folder / "long.json")
        assert b"estate" in data and len(markdown) > 10_000
        print(f"{resources} resources, {size / 1e6:.1f} MB; read directly in {took:.1f} s", flush=True)
        for engine in engines or USUAL:
            try:
                can(engine)
            except Exception as why:
                loud(f"queries by {engine}: {why}")
                continue
            table = ["--table", f"'{folder}/estate.json'"] if engine == "duckdb" else []
            query = subprocess.run(
                [program, "query", "aws-config", "--dialect", engine, *table, *rules(folder)], check=True, capture_output=True, text=True).stdout
            began = time.monotonic()
            (folder / f"{engine}.sql").write_text(query, encoding="utf-8")
            try:
                groups = by_itself(engine, folder)
            except subprocess.TimeoutExpired:
                loud(f"queries by {engine}: not done within {LONGEST} s")
                continue
            took = time.monotonic() - began
            # A file that is counted while it is read names no single resource.
            other = report(program, folder, without_sample(folder, groups))
            named = report(program, folder, groups)
            is_same = (other[0], other[1]) == (markdown, data) and compare.told(named[1]) == compare.told(data)
            assert [bool(re.search("×[0-9]+(, such as|:) ".encode(), one)) for one in (named[1], other[1])] == [True, False]
            failed |= not is_same
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            print(f"{engine}: {'the same report' if is_same else 'ANOTHER REPORT'}; query {took:.1f} s, report {other[2]:.1f} s, "
                  f"groups {groups.stat().st_size / 1e6:.2f} MB, at most {peak} MB so far", flush=True)
            if not is_same:
                (Path("target") / f"engines.{engine}.json").write_bytes(other[1])
                (Path("target") / "engines.direct.json").write_bytes(data)
        here = [engine for engine in engines or USUAL if is_here(engine)]
        failed |= over_tables.run(program, min(int(resources), 1000), here, folder, rules(folder), report, server, counted, spark_session)
    if not engines:
        parse(program, ["athena", "trino", "snowflake", "bigquery", "spark", "duckdb", "postgres"])
    if failed:
        sys.exit("reports differ; target/engines.*.json has them")


def rules(folder):
    """The inventory whose rules name tags."""
    (folder / "rules.yaml").write_text(INVENTORY, encoding="utf-8")
    return [str(folder / "rules.yaml")]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    if sys.argv[1] == "--engine":
        where = Path(sys.argv[3])
        print(ENGINES[sys.argv[2]]((where / f"{sys.argv[2]}.sql").read_text(encoding="utf-8"), where))
    else:
        main(*sys.argv[1:])
