# The service in a container: built with TLS to PostgreSQL, run as an ordinary user on a read-only root.
#
#   docker build --tag ocotillo .
#
# How it is run is in compose.yaml and deploy/README.md.

FROM rust:1.95-bookworm AS build
WORKDIR /src

# libpq is built from source (crate pq-sys) and takes OpenSSL's headers for the feature postgres-tls. The image has them;
# they are named here so that a slimmer one would do as well.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libssl-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*

# A layer of dependencies alone, rebuilt only when Cargo.toml or Cargo.lock change: they are compiled under an empty
# program. What was compiled of that program is removed again, because cargo goes by time stamps and the sources copied
# below may be older than this layer: it would take the empty program for the finished one.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src tests/api \
 && echo '//! Empty.' > src/lib.rs \
 && echo 'fn main() {}' | tee src/main.rs > tests/api/main.rs \
 && cargo build --release --locked --features postgres-tls \
 && cargo clean --release --locked --package ocotillo \
 && rm -rf src

# Migrations and vocabulary are compiled into the program.
COPY migrations migrations
COPY seed seed
COPY src src
RUN cargo build --release --locked --features postgres-tls --bin ocotillo \
 && target/release/ocotillo openapi > /tmp/openapi.json \
 && grep --quiet '"/health"' /tmp/openapi.json


FROM debian:bookworm-slim

# libssl3 is the only library beyond the C library that the program is linked with; the certificates are for
# sslmode=verify-full&sslrootcert=system. /data is for a SQLite file and stays empty with PostgreSQL.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libssl3 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 ocotillo \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin ocotillo \
 && install --directory --owner 10001 --group 10001 --mode 0750 /data

COPY --from=build /src/target/release/ocotillo /usr/local/bin/ocotillo

# By number, so that an orchestrator can see that it is not root.
USER 10001:10001

# Nothing is written here unless the database is a SQLite file with a relative path. No VOLUME: an unnamed volume would
# hide that a SQLite file has no place to stay.
WORKDIR /data

# Fails the build when a library is missing.
RUN ["ocotillo", "--version"]

# On every address of the container, so that its port can be published: callers then have to say who they are (auth.mode is
# "required" on any address but loopback). A configuration file cannot say otherwise; set the variable to do so.
ENV OCOTILLO_SERVER_BIND=0.0.0.0:8080
EXPOSE 8080

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ocotillo" \
      org.opencontainers.image.description="REST service for a geological survey's groundwater and sample data" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Liveness: the process answers, whatever the database does. Readiness is GET /ready, and a matter of
# whatever sends requests here.
# The start period covers migrations.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["ocotillo", "health"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["ocotillo"]
CMD ["serve"]
