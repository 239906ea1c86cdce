#!/usr/bin/env bash
# Where Chromium is, for the tests of reports; Debian's is installed where it is missing and can be (root, apt-get, four
# minutes at most). Prints its path, or says on stderr why there is none (exit 1).
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
command -v chromium && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || { echo "no Chromium here: it is not installed, and only root with apt-get can install it" >&2; exit 1; }
install() { timeout 180 apt-get install -y -qq --no-install-recommends chromium > /dev/null 2>&1; }
install || { timeout 60 apt-get update -qq > /dev/null 2>&1 && install; } ||
  { echo "no Chromium here: apt-get cannot install chromium" >&2; exit 1; }
command -v chromium
