#!/usr/bin/env bash
# scripts/image/base.sh NAME NODE: makes a base image where none can be pulled, from Debian's archive, the given Node and
# the npm of this machine. Needs root, debootstrap and buildah.
set -euo pipefail
name=$1 node=$2
root=$(mktemp --directory)
trap 'rm --recursive --force "$root"' EXIT
debootstrap --variant=minbase --include=ca-certificates,libatomic1 bookworm "$root" >/dev/null
rm --recursive --force "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
install --mode=0755 "$node" "$root/usr/local/bin/node"
npm=$(dirname "$(realpath "$(command -v npm)")")/..
mkdir --parents "$root/usr/local/lib/node_modules"
cp --recursive "$(realpath "$npm")" "$root/usr/local/lib/node_modules/npm"
ln --symbolic ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
container=$(buildah --storage-driver vfs from scratch)
buildah --storage-driver vfs add --quiet "$container" "$root" / >/dev/null
buildah --storage-driver vfs config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
buildah --storage-driver vfs commit --quiet --rm "$container" "$name" >/dev/null
