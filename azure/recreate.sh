#!/bin/sh
# Makes one disposable Azure environment from nothing, in the seven steps:
#   azure/recreate.sh SUBSCRIPTION OWNER ENV TTL IMAGE [more options of txlookup env recreate]
# Shows what it will do, checks it, and asks nothing of Azure before both. Run it again after a kill: it resumes.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)

refuse() {
  echo "azure/recreate.sh: $1" >&2
  exit 4
}

if [ $# -lt 5 ]; then
  echo "usage: azure/recreate.sh SUBSCRIPTION OWNER ENV YYYY-MM-DD REGISTRY/REPOSITORY@sha256:DIGEST [OPTION...]" >&2
  exit 4
fi
subscription=$1 owner=$2 env=$3 ttl=$4 image=$5
shift 5

echo "subscription $subscription"
echo "environment  $owner/$env, stage cloud-test, until $ttl"
echo "image        $image"

case $subscription in
  ????????-????-????-????-????????????) ;;
  *) refuse "the subscription is \"$subscription\"; give its id" ;;
esac
case $owner in '' | *[!a-z0-9]*) refuse "the owner is \"$owner\"; lowercase letters and digits, at least one" ;; esac
case $env in '' | *[!a-z0-9]*) refuse "the env is \"$env\"; lowercase letters and digits, at least one" ;; esac
case $ttl in
  [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
  *) refuse "the ttl is \"$ttl\"; a day as YYYY-MM-DD" ;;
esac
case $image in
  */*@sha256:*) ;;
  *) refuse "the image is \"$image\"; give it by digest" ;;
esac
for secret in TXLOOKUP_DATABASE_PASSWORD TXLOOKUP_CURSOR_SECRET; do
  printenv "$secret" >/dev/null || refuse "$secret is not set; export it, it is never an argument"
done

exec "$home/txlookup" env recreate --profile cloud-test --owner "$owner" --env "$env" --set "naming.ttl=$ttl" \
  --subscription "$subscription" --image "$image" "$@"
