#!/bin/sh
# Prints the Python of a version, as `find_python.sh 3.12`: the one on the PATH, or pyenv's.
# Where there is none it prints the name alone, with which whoever runs it says what is missing.
set -eu

version=$1

is_it() {
    "$1" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" >/dev/null 2>&1
}

# pyenv puts a `python3.12` on the PATH that fails where another version is chosen.
for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
    if is_it "$python"; then
        echo "$python"
        exit
    fi
done
echo "python$version"
