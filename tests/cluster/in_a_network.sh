#!/bin/sh
# Runs a command with a network, and a list of processes, of its own: nothing that it starts can reach
# anything else, and all of it ends with the command. Where that cannot be had, it runs as it is.
set -eu

alone() {
    unshare --net --mount --pid --fork --kill-child --mount-proc "$@"
}

if [ "${CLUSTER:-}" != loopback ] && alone ip link add probe type bridge 2>/dev/null; then
    export CLUSTER=namespaces
    exec unshare --net --mount --pid --fork --kill-child --mount-proc "$@"
fi
export CLUSTER=loopback
exec "$@"
