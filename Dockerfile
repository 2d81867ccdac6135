# The reference relay. `docker build -t 0k-sync-relay .`, or any other builder of container images.
# Its base has Node >= 22.19 and, for the first two stages, npm.
ARG BASE=node:26-bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY . .
# Certificates of a network that inspects TLS: --secret id=ca,src=FILE.
ENV NPM_CONFIG_UPDATE_NOTIFIER=false
RUN --mount=type=secret,id=ca \
    if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --include-workspace-root --workspace spec --workspace reference --workspace relay && \
    npm run build --workspace spec --workspace reference --workspace relay && \
    npm ci --omit=dev --workspace spec --workspace reference --workspace relay && \
    mkdir /app && cp -R --parents node_modules \
      spec/package.json spec/dist reference/package.json reference/dist \
      relay/package.json relay/dist relay/bin relay/certify.toml LICENSE-APACHE LICENSE-MIT /app

FROM ${BASE}
COPY --from=build /app /app
# A number, since orchestrators can't tell from a name that it is not root.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080 9090
ENV NODE_ENV=production \
    ZK_SYNC_SERVER_BIND=0.0.0.0:8080 \
    ZK_SYNC_ADMIN_BIND=127.0.0.1:9090 \
    ZK_SYNC_STORAGE_DATABASE=/data/relay.db
# The admin listener tells of storage too; where it is turned off the public one has to do.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ZK_SYNC_ADMIN_BIND || process.env.ZK_SYNC_SERVER_BIND).split(':').pop() + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/relay/bin/0k-sync-relay.js"]
