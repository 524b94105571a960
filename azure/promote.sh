#!/bin/sh
# Makes the secured environment from a stage A rebuild that was decided GO:
#   azure/promote.sh SUBSCRIPTION OWNER ENV IMAGE EVIDENCE [more options of txlookup env promote]
# EVIDENCE is the folder of that rebuild. What does not hold is refused before anything is asked of Azure.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)

refuse() {
  echo "azure/promote.sh: $1" >&2
  exit 4
}

if [ $# -lt 5 ]; then
  echo "usage: azure/promote.sh SUBSCRIPTION OWNER ENV REGISTRY/REPOSITORY@sha256:DIGEST EVIDENCE [OPTION...]" >&2
  exit 4
fi
subscription=$1 owner=$2 env=$3 image=$4 evidence=$5
shift 5

echo "subscription $subscription"
echo "environment  $owner/$env, stage cloud-secure"
echo "image        $image"
echo "evidence     $evidence"

case $subscription in
  ????????-????-????-????-????????????) ;;
  *) refuse "the subscription is \"$subscription\"; give its id" ;;
esac
case $owner in '' | *[!a-z0-9]*) refuse "the owner is \"$owner\"; lowercase letters and digits, at least one" ;; esac
case $env in '' | *[!a-z0-9]*) refuse "the env is \"$env\"; lowercase letters and digits, at least one" ;; esac
case $image in
  */*@sha256:*) ;;
  *) refuse "the image is \"$image\"; give it by digest" ;;
esac
[ -f "$evidence/rebuild.json" ] || refuse "there is no rebuild.json in \"$evidence\"; give the folder of a stage A rebuild"
for secret in TXLOOKUP_DATABASE_PASSWORD TXLOOKUP_CURSOR_SECRET; do
  printenv "$secret" >/dev/null || refuse "$secret is not set; export it, it is never an argument"
done

exec "$home/txlookup" env promote --profile cloud-secure --owner "$owner" --env "$env" \
  --subscription "$subscription" --image "$image" --from "$evidence" "$@"
