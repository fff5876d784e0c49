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
# timetzdata embeds the zone database: hours are decided by IANA names, and an empty image has none.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags '-s -w' -o /rapport ./cmd/rapport

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /rapport /rapport
# A number, so that Kubernetes can check that it is not root.
USER 65532:65532
# Outside a container the default is loopback only. In one, health has to be reachable by who runs it.
ENV HTTP_ADDR=:8080
EXPOSE 8080
ENTRYPOINT ["/rapport"]
CMD ["run"]
