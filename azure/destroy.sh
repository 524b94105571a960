#!/bin/sh
# Destroys one Azure environment by a plan that was shown and confirmed:
#   azure/destroy.sh plan.json 0123456789ab
# Makes no plan and chooses nothing: txlookup env plan shows what goes and what stays, and both arguments.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)

if [ $# -ne 2 ] || [ -z "$1" ] || [ -z "$2" ]; then
  echo "usage: azure/destroy.sh PLAN FIRST-12-OF-ITS-SHA256" >&2
  exit 4
fi
if [ ! -f "$1" ]; then
  echo "azure/destroy.sh: no plan at $1; make one with ./txlookup env plan" >&2
  exit 4
fi
exec "$home/txlookup" env destroy --plan "$1" --confirm "$2"
