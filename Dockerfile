# syntax=docker/dockerfile:1
# One static binary in an empty image: no shell, no package manager, no root. Zone data is inside the binary.

FROM golang:1.26-alpine AS build
RUN apk add --no-cache ca-certificates
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY bot ./bot
COPY cmd ./cmd
COPY deploy ./deploy
COPY prompts ./prompts
COPY scheduler ./scheduler
COPY storage ./storage
# What `rapport version` and the metric rapport_build_info say: --build-arg VERSION=…
ARG VERSION=""
# timetzdata embeds the zone database: hours are decided by IANA names, and an empty image has none.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags "-s -w -X main.version=${VERSION}" -o /rapport ./cmd/rapport
# An empty image cannot make the folder of the embedded store. A named volume that is mounted there takes over owner and mode.
RUN mkdir -p /empty/data && chmod 0700 /empty/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /rapport /rapport
COPY --from=build --chown=65532:65532 /empty/ /
# A number, so that Kubernetes can check that it is not root.
USER 65532:65532
# Outside a container the default is loopback only. In one, health has to be reachable by who runs it.
ENV HTTP_ADDR=:8080
# The embedded store, which is used if REDIS_URL is not set. Mount a volume here, and set RAPPORT_KEY: the key does not belong beside the data.
ENV RAPPORT_DATA_DIR=/data
# `rapport import -` puts aside what it reads, and this is the only place where it can.
ENV TMPDIR=/data
VOLUME /data
EXPOSE 8080
# Healthy is what /readyz calls ready. Docker shows it, and compose waits for it; whatever restarts what is unhealthy should ask /healthz instead.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/rapport", "health"]
ENTRYPOINT ["/rapport"]
CMD ["run"]
