#!/bin/sh
# Gives the tests of several machines their servers, from Debian's packages. None of them is started.
set -eu
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

is_there() {
    PATH="$PATH:/usr/sbin" command -v nginx && PATH="$PATH:/usr/sbin" command -v pgbouncer &&
        PATH="$PATH:/usr/sbin" command -v ip && command -v openssl && ls /usr/lib/postgresql/*/bin/postgres
} >/dev/null 2>&1

is_there && exit
echo "Installing nginx, PostgreSQL and PgBouncer from Debian's packages"
as_root apt-get update -q
as_root apt-get install -q -y --no-install-recommends nginx postgresql pgbouncer iproute2 openssl
