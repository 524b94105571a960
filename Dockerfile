# The program in a container, as it is built by: mvn package
#   docker build --build-arg BASE_DIGEST=sha256:... -t txlookup .
#   docker run --read-only --tmpfs /data:uid=10001 txlookup --help
#   docker run -v ./drivers:/app/drivers:ro txlookup backfill: with other databases' JDBC drivers
# The base is pinned by digest and has no default: what is built is what was asked for. A JRE of JDK 25 is wanted.
ARG BASE_DIGEST
FROM eclipse-temurin@${BASE_DIGEST}
ARG SOURCE_DATE_EPOCH=1767225600

COPY cli/target/lib/ /app/lib/
COPY cli/target/txlookup.jar /app/

# The archive of loaded classes is only used with the very files that it was made of, their times included; so the times
# are the same in each build.
RUN find /app -exec touch -h -d "@${SOURCE_DATE_EPOCH}" {} + \
 && java -XX:AOTCacheOutput=/app/txlookup.aot -jar /app/txlookup.jar --help > /dev/null \
 && touch -d "@${SOURCE_DATE_EPOCH}" /app/txlookup.aot /app \
 && mkdir /data \
 && chown 10001:10001 /data

# All that is ever written: temporary files, and the manifest of a backfill. The rest may be read-only.
VOLUME /data
WORKDIR /data
ENV HOME=/data
USER 10001:10001
EXPOSE 8080 8081

ENTRYPOINT ["java", "-XX:InitialRAMPercentage=60", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/app/txlookup.aot", "-Djava.io.tmpdir=/data", "-Dtxlookup.terminal=false", "-Dtxlookup.drivers=/app/drivers", "-cp", "/app/txlookup.jar:/app/drivers/*", "txlookup.cli.Main"]
CMD ["--help"]
