"""PostgreSQL databases of this bench: found by URL, driven by `psql`."""

import contextlib
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from .options import BENCH, OUTPUT, USGS, Failure

LONGEST_FILLING = 1800


class Postgres:
    """One database of a server."""

    def __init__(self, url: str):
        self.parts = urllib.parse.urlsplit(url)
        if self.parts.scheme not in ("postgres", "postgresql"):
            raise Failure("the database URL must begin with postgres://")

    @property
    def url(self) -> str:
        return urllib.parse.urlunsplit(self.parts)

    @property
    def name(self) -> str:
        return self.parts.path.lstrip("/")

    @property
    def address(self) -> tuple[str, int]:
        return self.parts.hostname or "127.0.0.1", self.parts.port or 5432

    def sibling(self, name: str) -> "Postgres":
        """Another database of the same server."""
        return Postgres(urllib.parse.urlunsplit(self.parts._replace(path="/" + name)))

    def through(self, port: int) -> str:
        """The URL that reaches this database by a proxy on this machine."""
        user = self.parts.netloc.rpartition("@")[0]
        netloc = f"{user}@127.0.0.1:{port}" if user else f"127.0.0.1:{port}"
        return urllib.parse.urlunsplit(self.parts._replace(netloc=netloc))

    def psql(self, *arguments: str, sql: str | None = None, timeout: float = 300) -> str:
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-d", self.url, *arguments]
        done = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=timeout)
        if done.returncode != 0:
            raise Failure(f"psql on {self.name}: {done.stderr.strip()}")
        return done.stdout.strip()

    def rows(self, sql: str) -> list[list[str]]:
        return [line.split("\t") for line in self.psql(sql=sql).splitlines()]

    def value(self, sql: str) -> str:
        return self.psql(sql=sql)

    def create(self, name: str, template: str | None = None) -> "Postgres":
        made = self.sibling(name)
        maintenance = self.sibling("postgres")
        maintenance.psql(sql=f'DROP DATABASE IF EXISTS "{name}"')
        source = f' TEMPLATE "{template}"' if template else ""
        try:
            maintenance.psql(sql=f'CREATE DATABASE "{name}"{source}')
        except Failure as error:
            if "being accessed" in str(error):
                raise Failure(f"{template} cannot be copied while others are connected to it; {error}") from None
            raise
        return made

    def drop(self) -> None:
        self.sibling("postgres").psql(sql=f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def highest_thing(self) -> int:
        return int(self.value("SELECT coalesce(max(id), 0) FROM thing"))

    def purge(self, above: int) -> int:
        """Removes the things with larger ids, which a case has stored, and all that belongs to them."""
        targets = ("notes", "status_history", "permission_history", "data_provenance")
        children = "".join(f"DELETE FROM {t} WHERE target_table = 'thing' AND target_id > {above};" for t in targets)
        count = self.value(f"SELECT count(*) FROM thing WHERE id > {above}")
        self.psql(sql=f"BEGIN; {children} DELETE FROM thing WHERE id > {above}; COMMIT;")
        self.psql(sql="VACUUM ANALYZE")
        return int(count)


def filling(options) -> bool:
    """Whether the data is made here."""
    return bool(options.synthetic or options.sites or options.usgs)


def source(options, binary: Path, name: str = "ocotillo_bench") -> Postgres:
    """The database with the data: the given one, or one of this name that `binary` fills."""
    if not options.database_url:
        raise Failure("--database-url (or DATABASE_URL) is needed")
    given = Postgres(options.database_url)
    if not filling(options):
        return given
    filled = given.create(name)

    def ocotillo(*arguments: str | Path, **streams) -> None:
        command = [binary, *arguments, "--database-url", filled.url]
        subprocess.run(command, check=True, timeout=LONGEST_FILLING, **streams)

    if options.synthetic:
        ocotillo("migrate", "up", stdout=subprocess.DEVNULL)
        ocotillo("seed", stdout=subprocess.DEVNULL)
        filled.psql("-v", f"wells={options.synthetic}", "-f", str(BENCH / "sql" / "synthetic.sql"))
        print(f"filled {filled.name} with {options.synthetic} made-up wells", flush=True)
        return filled
    sites, levels = options.sites, options.levels
    if options.usgs:
        sites, levels = USGS / "usgs_groundwater_sites.csv.gz", USGS / "usgs_groundwater_daily.csv.gz"
        if not sites.is_file():
            raise Failure(f"{sites} is not there; --sites names other files")
    # It names every row that it cannot use.
    with open(OUTPUT / "import.log", "wb") as log:
        ocotillo("import", "usgs", "--sites", sites, *(["--levels", levels] if levels else []), stderr=log)
    print(f"imported into {filled.name}; the next run can name it with --database-url", flush=True)
    return filled


@contextlib.contextmanager
def scratch_copy(of: Postgres, name: str = "ocotillo_bench_run") -> Iterator[Postgres]:
    """A copy of the data that may be written to; dropped at the end."""
    copy = of.create(name, template=of.name)
    try:
        copy.psql(sql="VACUUM ANALYZE")
        yield copy
    finally:
        copy.drop()
