#!/bin/sh
# Gives the browser tests the browsers that are named, from Debian's packages:
# `install_browsers.sh chromium firefox webkit`.
# Without Chromium the everyday tests of the browser are skipped. Where CI is set or another browser
# is asked for, a missing one is an error: there a skip would look like a pass.
set -eu
export DEBIAN_FRONTEND=noninteractive

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

is_there() {
    for command in "$@"; do command -v "$command" >/dev/null || return 1; done
}

install() {
    is_there apt-get || return 1
    [ "$(id -u)" -eq 0 ] || is_there sudo || return 1
    echo "Installing from Debian's packages: $*"
    as_root apt-get update -q || return 1
    as_root apt-get install -q -y --no-install-recommends "$@"
}

# The headless shell is the same engine at less than half the work; one test needs the whole browser.
# Not every release has it, and nobody is asked for a password to get it.
install_chromium() {
    if is_there chromium; then
        [ "$(id -u)" -ne 0 ] || is_there chromium-headless-shell || install chromium-headless-shell || true
    else
        install chromium chromium-headless-shell || install chromium
    fi
}

install_firefox() {
    is_there firefox-esr || install firefox-esr
}

install_webkit() {
    is_there WebKitWebDriver Xvfb || install webkit2gtk-driver xvfb
}

for browser in "$@"; do
    "install_$browser" && continue
    echo "The tests need the browser \"$browser\", which could not be installed here." \
        "On Debian and Ubuntu: apt install chromium firefox-esr webkit2gtk-driver xvfb" >&2
    [ "$browser" = chromium ] && [ -z "${CI:-}" ] || exit 1
    echo "Until then they are skipped." >&2
done
