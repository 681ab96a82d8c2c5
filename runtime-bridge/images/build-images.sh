#!/bin/bash
# Builds the images of the samples from Debian packages and imports them into a containerd.
#
#   build-images.sh CACHE_DIR [CONTAINERD_SOCKET] [IMAGE...]
#
# CACHE_DIR keeps the image archives and the downloaded packages; an archive that is there and was built
# from the same inputs is not built again. With a socket the images are imported into its k8s.io namespace.
# IMAGE is pause, nginx, nodejs or busybox; the first three without. Packages come from apt as the machine has it.
set -euo pipefail

if [ $# -lt 1 ]; then
  sed -n '2,8p' "$0" >&2
  exit 2
fi

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cache=$(cd "$1" && pwd)
socket=${2:-}
shift $(($# > 1 ? 2 : 1))
images=("$@")
[ ${#images[@]} -gt 0 ] || images=(pause nginx nodejs)

say() { printf '%s images: %s\n' "$(date +%H:%M:%S)" "$*"; }

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { say "missing: $tool" >&2; exit 1; }
  done
}
need umoci skopeo dpkg-deb apt-get

work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT

reference() {
  case $1 in
    pause) echo registry.k8s.io/pause:3.6 ;;
    nginx) echo docker.io/library/nginx:1.14.2 ;;
    nodejs) echo docker.io/library/nodejs:10.15.0 ;;
    busybox) echo docker.io/library/busybox:1.35.0 ;;
    *) say "unknown image $1" >&2; exit 2 ;;
  esac
}

stamp() {
  local inputs=("$0")
  case $1 in
    pause) inputs+=("$here/pause.c") ;;
    nodejs) inputs+=("$here/nodejs/server.js") ;;
  esac
  cat "${inputs[@]}" | sha256sum | cut -d' ' -f1
}

# unpack_packages ROOT PACKAGE...
unpack_packages() {
  local root=$1 package file debs=$cache/debs
  shift
  mkdir -p "$root" "$debs"
  for package in "$@"; do
    file=$(find "$debs" -maxdepth 1 -name "${package%%=*}_*.deb" | head -n 1)
    if [ -z "$file" ]; then
      say "download $package"
      (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download "$package")
      file=$(find "$debs" -maxdepth 1 -name "${package%%=*}_*.deb" | head -n 1)
    fi
    dpkg-deb -x "$file" "$root"
  done
}

# base_files ROOT: what every image of ours has: busybox as its shell, users, names.
base_files() {
  local root=$1 applet
  mkdir -p "$root"/{bin,sbin,etc,tmp,proc,sys,dev,run,root,var/tmp,usr/bin}
  chmod 1777 "$root/tmp" "$root/var/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$applet" ] || [ -e "$root/usr/bin/$applet" ] || ln -s /bin/busybox "$root/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n' \
    >"$root/etc/passwd"
  printf 'root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n' >"$root/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
}

root_pause() {
  need gcc
  mkdir -p "$1"
  gcc -Os -static -s -o "$1/pause" "$here/pause.c"
}

root_nginx() {
  unpack_packages "$1" nginx nginx-common libpcre2-8-0 libssl3 libcrypt1 zlib1g libc6 base-files netbase media-types
  base_files "$1"
  mkdir -p "$1"/var/log/nginx "$1"/var/lib/nginx "$1"/etc/nginx/modules-enabled
  rm -f "$1"/etc/nginx/modules-enabled/*
  ln -sf /dev/stdout "$1/var/log/nginx/access.log"
  ln -sf /dev/stderr "$1/var/log/nginx/error.log"
  mkdir -p "$1/etc/nginx/sites-enabled"
  ln -sf /etc/nginx/sites-available/default "$1/etc/nginx/sites-enabled/default"
  sed -i '/listen \[::\]/d' "$1/etc/nginx/sites-available/default"
  # Debian's package puts the welcome page here when it is configured.
  mkdir -p "$1/var/www/html"
  cp "$1/usr/share/nginx/html/index.html" "$1/var/www/html/index.nginx-debian.html"
}

root_nodejs() {
  unpack_packages "$1" 'nodejs=18.*' libnode108 libuv1 libc-ares2 libnghttp2-14 libicu72 libbrotli1 libssl3 \
    libstdc++6 libgcc-s1 gcc-12-base zlib1g libc6 base-files netbase node-acorn node-cjs-module-lexer node-undici \
    node-busboy node-xtend
  base_files "$1"
  mkdir -p "$1/opt/server" "$1/usr/src/app"
  cp "$here/nodejs/server.js" "$1/opt/server/server.js"
}

root_busybox() {
  base_files "$1"
}

config_of() {
  case $1 in
    pause) echo --config.entrypoint /pause ;;
    nginx) echo --config.cmd nginx --config.cmd -g --config.cmd 'daemon_off;' --config.stopsignal SIGQUIT \
      --config.exposedports 80/tcp ;;
    busybox) echo --config.cmd sh ;;
    nodejs) echo --config.cmd node --config.cmd /opt/server/server.js --config.workingdir /usr/src/app \
      --config.exposedports 3000/tcp ;;
  esac
}

build() {
  local name=$1 layout=$work/$1 ref
  ref=$(reference "$name")
  say "build $name as $ref"
  umoci init --layout "$layout"
  umoci new --image "$layout:latest"
  umoci unpack --image "$layout:latest" "$work/$name-bundle"
  "root_$name" "$work/$name-bundle/rootfs"
  umoci repack --image "$layout:latest" "$work/$name-bundle"
  local arguments=() argument
  for argument in $(config_of "$name"); do
    arguments+=("${argument//_/ }")
  done
  umoci config --image "$layout:latest" --config.env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${arguments[@]}"
  rm -f "$cache/$name.tar"
  skopeo --insecure-policy copy --quiet "oci:$layout:latest" "docker-archive:$work/$name.tar:$ref"
  mv "$work/$name.tar" "$cache/$name.tar"
  stamp "$name" >"$cache/$name.stamp"
  rm -rf "$layout" "$work/$name-bundle"
  say "built $name ($(du -h "$cache/$name.tar" | cut -f1))"
}

for image in "${images[@]}"; do
  reference "$image" >/dev/null
  if [ -f "$cache/$image.tar" ] && [ "$(cat "$cache/$image.stamp" 2>/dev/null)" = "$(stamp "$image")" ]; then
    say "$image is built"
  else
    build "$image"
  fi
  if [ -n "$socket" ]; then
    ctr --address "$socket" -n k8s.io images import "$cache/$image.tar" >/dev/null
    say "imported $(reference "$image")"
  fi
done
