# Build: one binary that carries SQLite, time zones and certificates with it.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# The manifest names a test binary; the image needs none.
RUN mkdir -p tests/it && echo 'fn main() {}' > tests/it/main.rs \
    && cargo build --locked --profile image --bin openhour

# Run: nothing but the binary and the C library, as a user who owns only /data.
FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin openhour \
    && install -d -o openhour -g openhour -m 0700 /data
COPY --from=build /build/target/image/openhour /usr/local/bin/openhour
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/openhour/
USER openhour
WORKDIR /data
ENV OPENHOUR_DATA_DIR=/data OPENHOUR_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["openhour", "healthcheck"]
ENTRYPOINT ["openhour"]
CMD ["serve"]
