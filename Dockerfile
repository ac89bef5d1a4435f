# One static program and nothing else: no shell, no package, no user but a number. `dist/linux-ARCHITECTURE/` holds what a
# release's archive for that architecture holds; docs/ci.md tells how to fill it. The folder to work in is mounted:
#
#   docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD:/work" IMAGE report inventories/payments -o out/
FROM scratch
ARG TARGETARCH
COPY --chmod=755 dist/linux-${TARGETARCH}/cloudraci /usr/local/bin/cloudraci
COPY --chmod=644 LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/cloudraci/
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/cloudraci"]
CMD ["--help"]
