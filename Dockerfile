# The command alone: a static binary in an empty image. There is no shell, no git and
# no terraform in it: plans come as JSON.
#
#   docker run --rm --network none -v "$PWD:/work:ro" grantdiff scan plan.json
#
# Building needs BuildKit (docker buildx build, or docker build since 23.0), which sets
# the platform arguments. A release pins the builder by digest; a tag is enough to build from a checkout.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -mod=readonly -trimpath -buildvcs=false -ldflags="-s -w -X main.version=$VERSION" -o /out/grantdiff ./cmd/grantdiff

FROM scratch
COPY --from=build /out/grantdiff /grantdiff
COPY LICENSE THIRD_PARTY_NOTICES.md /
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/grantdiff"]
