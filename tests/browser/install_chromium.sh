#!/bin/sh
# Gives the browser tests a Chromium where that can be had. Without one they are skipped,
# but never where CI is set: there a skip would look like a pass.
# The headless shell is the same engine at less than half the work; one test needs the whole browser.
set -eu

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install() {
    as_root apt-get install -q -y --no-install-recommends "$@"
}

install_chromium() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || return 1
    echo "Installing Debian's chromium for the browser tests."
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q || return 1
    # Not every release has the headless shell.
    install chromium chromium-headless-shell || install chromium
}

if command -v chromium >/dev/null; then
    # The tests run without the shell too, so nobody is asked for a password to get it.
    [ "$(id -u)" -ne 0 ] || command -v chromium-headless-shell >/dev/null || install_chromium || true
    exit 0
fi
install_chromium && exit 0

echo "The browser tests need Chromium, which could not be installed here." \
    "Install it so that \`chromium\` is on the PATH." >&2
[ -z "${CI:-}" ] || exit 1
echo "Until then they are skipped." >&2
