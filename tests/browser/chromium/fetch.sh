#!/bin/sh
# Unpacks a Chromium into build/chromium for the tests of the pages, where the machine has none: fetch.sh PYTHON
set -eu
python=$(command -v "$1")
case $python in /*) ;; *) python=$PWD/$python ;; esac
cd "$(dirname "$0")"
. ../../../api/frontend/node.sh
needs_node "$python" ../../..
npm ci --silent
node fetch.mjs ../../../build/chromium
