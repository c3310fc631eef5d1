#!/bin/sh
# Builds the typeface of the pages and their scripts into api/static/built: build.sh PYTHON
set -eu
python=$(command -v "$1")
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$(dirname "$0")"
. ./node.sh
needs_node "$python" ../..
npm ci --silent
npm run --silent build
