#!/bin/sh
# Gives the browser tests a Chromium where that can be had. Without one they are skipped,
# but never where CI is set: there a skip would look like a pass.
set -eu

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_chromium() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || return 1
    echo "Installing Debian's chromium for the browser tests."
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q &&
        as_root apt-get install -q -y --no-install-recommends chromium
}

command -v chromium >/dev/null && exit 0
install_chromium && exit 0

echo "The browser tests need Chromium, which could not be installed here." \
    "Install it so that \`chromium\` is on the PATH; until then they are skipped." >&2
[ -z "${CI:-}" ]
