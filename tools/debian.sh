# SPDX-FileCopyrightText: 2026 The EventFlux authors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash

# Sourced by tools/demo and tools/check, from the top of the tree: what they need of Debian 12, and how
# a build folder comes to be. Nothing is touched but the package manager's files and build/.

# Debian's own tools alone: what else is in a person's PATH must not decide what is built or tested.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin
unset CC CFLAGS CPPFLAGS LDFLAGS DESTDIR LD_LIBRARY_PATH LD_PRELOAD PKG_CONFIG_PATH GI_TYPELIB_PATH \
    EVENTFLUX_PLUGIN_PATH G_MESSAGES_DEBUG NINJA_STATUS PYTHONPATH NODE_PATH
export LC_ALL=C.UTF-8
# Nothing is left in a home folder, and what stays on this machine goes through no proxy.
export XDG_CACHE_HOME=$PWD/build/cache XDG_CONFIG_HOME=$PWD/build/config GSETTINGS_BACKEND=memory
export no_proxy=${no_proxy:+$no_proxy,}127.0.0.1,localhost

build_packages=(
    gcc libc6-dev meson ninja-build pkg-config python3
    libglib2.0-dev libsoup-3.0-dev libjson-glib-dev libsqlite3-dev zlib1g-dev
    glib-networking
)

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "installing needs root: run this as root, or install sudo, or have an administrator run: $*"
    fi
}

# missing_packages PACKAGE… - prints those that are not installed, one a line
missing_packages() {
    local package
    for package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# install_packages PACKAGE… - installs those that are missing, and says so before it does
install_packages() {
    local missing
    command -v apt-get >/dev/null ||
        die "this needs Debian 12 (apt-get); elsewhere install the dependencies and use meson, see CONTRIBUTING.md"
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0

    echo "Installing from Debian: ${missing[*]}"
    as_root apt-get update -qq || echo "The package lists could not be brought up to date; trying with what there is."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 "${missing[@]}" >build/install.log 2>&1 || {
        tail -n 20 build/install.log
        die "apt-get could not install ${missing[*]}; the whole log is in build/install.log"
    }
}

# configure FOLDER OPTION… - has the folder configured with these options, anew only if they changed
# or a meson.build came or went: Meson does not notice those that it found by looking
configure() {
    local folder=$1 options=("${@:2}") wanted
    wanted="${options[*]} $(find . -name meson.build -not -path './build*' | sort)"
    if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/options" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    rm -rf "$folder"
    meson setup "$folder" "${options[@]}" || return 1
    echo "$wanted" >"$folder/options"
}
