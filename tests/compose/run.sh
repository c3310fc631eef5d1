#!/usr/bin/env bash
# Builds the image and runs docker-compose.yml for real: two containers, a password and a port made up for this run, the sample
# loaded, the page and the main question asked over loopback, everything taken down again.
#
# An engine that answers and has (or can pull) the two base images is used. Otherwise, as root on Debian, an engine is installed
# and started for this run alone, and images that no hub gives are made here: Debian's Python for the one, the jars and the JRE
# that the project locks for Neo4j. The last lines say which of these it was.
#
#   KETNOI_COMPOSE_OPTIONAL=1   without an engine: say so and end with 0 (otherwise 3)
#   KETNOI_COMPOSE_CACHE        what is kept between runs (default: ketnoi below XDG_CACHE_HOME or ~/.cache)
#   KETNOI_COMPOSE              the compose program (default: "docker compose" if there is one, else docker-compose)
set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${KETNOI_COMPOSE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ketnoi}
project=ketnoi-compose-test-$$
base_image=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' "$root/Dockerfile" | sort -u)
neo4j_image=$(sed -n 's/^ *image: *//p' "$root/docker-compose.yml")
docker=docker
engine=
up=
verdict=FAILED
files=(-f "$root/docker-compose.yml")

say() { printf 'compose-test: [%4d s] %s\n' "$SECONDS" "$*"; }

# no_engine REASON: the end of a run that could not begin.
no_engine() {
  verdict="NOT RUN, docker-compose.yml was not tried: no container engine with the base images can be had ($*)"
  [ "${KETNOI_COMPOSE_OPTIONAL:-}" != 1 ] || exit 0
  exit 3
}

compose() {
  local program
  if [ -n "${KETNOI_COMPOSE:-}" ]; then
    read -ra program <<<"$KETNOI_COMPOSE"
  elif "$docker" compose version >/dev/null 2>&1; then
    program=("$docker" compose)
  else
    program=(docker-compose)
  fi
  "${program[@]}" -p "$project" "${files[@]}" "$@"
}

engine_answers() { timeout 20 "$docker" info >/dev/null 2>&1 && compose version >/dev/null 2>&1; }

has() { "$docker" image inspect "$1" >/dev/null 2>&1 || timeout 600 "$docker" pull -q "$1" >/dev/null 2>&1; }

# origin IMAGE: where it comes from, so that no stand-in passes for the hub's.
origin() {
  local label digests
  label=$("$docker" image inspect -f '{{index .Config.Labels "ketnoi.stand-in"}}' "$1")
  digests=$("$docker" image inspect -f '{{len .RepoDigests}}' "$1")
  if [ -n "$label" ]; then
    echo "$label in a stand-in image, NOT the hub's $1"
  elif [ "$digests" = 0 ]; then
    echo "an image of this engine that is called $1 and was not pulled from a hub"
  else
    echo "the hub's $1"
  fi
}

clean() {
  local code=$?
  trap - EXIT
  set +e
  exec >&3 2>&4 # a signal may come while a command's output goes into a file
  if [ -n "$up" ]; then
    if [ $code -ne 0 ]; then
      say "failed ($code); what the containers said:"
      compose ps
      compose logs --no-color --tail 100
    fi
    compose down --volumes --remove-orphans --rmi local --timeout 20 >"$temp/down" 2>&1 || cat "$temp/down"
    say 'containers, volumes and the network are gone'
  fi
  [ -z "$engine" ] || stop_engine
  rm -rf --one-file-system "$temp"
  say "$verdict"
  exit $code
}

install_engine() {
  local wanted=()
  type -P dockerd >/dev/null || wanted+=(docker.io)
  compose version >/dev/null 2>&1 || wanted+=(docker-compose)
  type -P debootstrap >/dev/null || wanted+=(debootstrap)
  [ ${#wanted[@]} -ne 0 ] || return 0
  say "installing ${wanted[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends "${wanted[@]}"; } >"$temp/apt" 2>&1 ||
    { tail -n 20 "$temp/apt"; no_engine "Debian's packages ${wanted[*]} could not be installed"; }
}

# An engine of our own beside any other: no default bridge, its files below the temporary directory.
start_engine() {
  say 'starting a container engine for this run'
  docker=$(PATH=/usr/bin:$PATH type -P docker)
  iptables-save >"$temp/iptables"
  cat /proc/sys/net/ipv4/ip_forward >"$temp/ip_forward"
  dockerd --data-root "$temp/data" --exec-root "$temp/exec" --pidfile "$temp/pid" --host "unix://$temp/socket" \
    --storage-driver=overlay2 --bridge=none >"$temp/dockerd" 2>&1 &
  engine=$!
  export DOCKER_HOST=unix://$temp/socket DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0
  local left
  for ((left = 60; left > 0; left--)); do
    engine_answers && break
    kill -0 "$engine" 2>/dev/null || left=1
    sleep 1
  done
  engine_answers || { tail -n 20 "$temp/dockerd"; no_engine "dockerd did not start"; }
  # Without a default bridge, builds use the host's network; the containers of the compose file have their own.
  printf 'services:\n  ketnoi:\n    build:\n      context: "%s"\n      network: host\n' "$root" >"$temp/override.yml"
  files+=(-f "$temp/override.yml")
}

stop_engine() {
  kill "$engine" 2>/dev/null
  wait "$engine" 2>/dev/null
  awk -v below="$temp/" 'index($2, below) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
  iptables-restore <"$temp/iptables"
  cat "$temp/ip_forward" >/proc/sys/net/ipv4/ip_forward
  say 'the engine is stopped'
}

# Debian with its Python laid out as in the hub's image (python and pip in /usr/local), kept between runs.
make_debian() {
  local kept=$cache/compose-debian-bookworm.tar.gz mirror
  if [ ! -s "$kept" ]; then
    say 'making a Debian image with Python (kept for the next run)'
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 'Created-By: Packages' | head -n 1)
    { debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$temp/debian" "$mirror" &&
      chroot "$temp/debian" python3 -m venv /usr/local; } >"$temp/debootstrap" 2>&1 ||
      { tail -n 20 "$temp/debootstrap"; no_engine 'the hub does not answer and debootstrap failed'; }
    mkdir -p "$cache"
    tar -C "$temp/debian" --exclude=./var/cache/apt/'*' --exclude=./var/lib/apt/lists/'*' -c . | gzip -1 >"$kept.$$"
    mv "$kept.$$" "$kept"
    rm -rf --one-file-system "$temp/debian"
  fi
  "$docker" import "$kept" ketnoi-compose-test/debian >/dev/null
}

# The builds inside must reach the package indexes as this machine does: its certificates and the settings of pip and npm are laid
# over it here, in an image that goes with the engine.
make_base() {
  say "making a stand-in for $base_image"
  make_debian
  mkdir "$temp/base"
  cp /etc/ssl/certs/ca-certificates.crt "$temp/base/" 2>/dev/null || : >"$temp/base/ca-certificates.crt"
  {
    echo '[global]'
    python3 -m pip config list | sed -nE "s/^(global|:env:)\.((extra-)?index-url|trusted-host|timeout|proxy)='(.*)'$/\2 = \4/p"
    [ ! -s "$temp/base/ca-certificates.crt" ] || echo 'cert = /etc/ssl/certs/ca-certificates.crt'
  } >"$temp/base/pip.conf"
  cat >"$temp/base/Dockerfile" <<DOCKERFILE
FROM ketnoi-compose-test/debian
COPY ca-certificates.crt /etc/ssl/certs/
COPY pip.conf /etc/
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt $(npm_settings)
RUN python --version | grep -F " $(sed 's/^[^:]*:\([0-9.]*\).*/\1/' <<<"$base_image")."
DOCKERFILE
  "$docker" build -q --network host --label "ketnoi.stand-in=Debian's Python" -t "$base_image" "$temp/base" >/dev/null
}

npm_settings() {
  ! command -v npm >/dev/null || echo "npm_config_registry=$(npm config get registry)"
}

make_neo4j() {
  say "making a stand-in for $neo4j_image"
  "$docker" image inspect ketnoi-compose-test/debian >/dev/null 2>&1 || make_debian
  make --no-print-directory -C "$root" setup >"$temp/setup" 2>&1 || { tail -n 20 "$temp/setup"; exit 1; }
  mkdir "$temp/neo4j"
  (
    cd "$root"
    .venv/bin/python - "$temp/neo4j" <<'PYTHON'
import sys
from pathlib import Path

from graph.views import neo4j_jars

context = Path(sys.argv[1])
neo4j_jars.classpath()  # compares the jars with the lock
(context / "jars").symlink_to(neo4j_jars.directory())
(context / "jre").symlink_to(neo4j_jars.java().resolve().parents[1])
(context / "version").write_text(neo4j_jars.VERSION)
PYTHON
  )
  cp "$here/neo4j/Dockerfile" "$here/neo4j/entrypoint.sh" "$temp/neo4j/"
  tar -C "$temp/neo4j" -chf - . | "$docker" build -q --network host -t "$neo4j_image" \
    --label "ketnoi.stand-in=Neo4j $(cat "$temp/neo4j/version") from the project's own jars and JRE" - >/dev/null
}

wait_healthy() {
  local state id left
  id=$(compose ps -q "$1")
  for ((left = 180; left > 0; left--)); do
    state=$("$docker" inspect -f '{{.State.Health.Status}}' "$id")
    [ "$state" != healthy ] || { say "$1 is healthy"; return 0; }
    [ "$state" != unhealthy ] || break
    sleep 1
  done
  say "$1 did not become healthy"
  return 1
}

temp=$(mktemp -d "${TMPDIR:-/tmp}/ketnoi-compose.XXXXXX")
exec 3>&1 4>&2
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if ! { engine_answers && has "$base_image" && has "$neo4j_image"; }; then
  if [ "$(id -u)" != 0 ] || [ ! -e /etc/debian_version ]; then
    no_engine 'none answers here, and one can be installed only as root on Debian'
  fi
  install_engine
  start_engine
  has "$base_image" || make_base
  has "$neo4j_image" || make_neo4j
fi

if (unset KETNOI_NEO4J_PASSWORD; compose config >/dev/null 2>&1); then
  say 'docker-compose.yml accepts a missing password'
  exit 1
fi

KETNOI_NEO4J_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
KETNOI_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export KETNOI_NEO4J_PASSWORD KETNOI_PORT

up=1
say "building the image ($base_image)"
compose build >"$temp/build" 2>&1 || { tail -n 40 "$temp/build"; exit 1; }
say 'starting the containers'
compose up -d
wait_healthy neo4j
wait_healthy ketnoi
say 'loading the sample'
compose run --rm -T ketnoi ketnoi sample
say 'the sample is loaded'
[ "$(compose exec -T ketnoi id -u | tr -d '\r')" != 0 ] || { say 'the service runs as root'; exit 1; }
python3 "$here/visit.py" "$KETNOI_PORT"
say "Neo4j: $(origin "$neo4j_image")"
say "Python: $(origin "$base_image")"
verdict=passed
