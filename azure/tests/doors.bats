#!/usr/bin/env bats
# The doors of azure/: what they refuse, and which command they end in. No Azure and no Java are needed.

setup() {
  home=$BATS_TEST_TMPDIR/home
  mkdir -p "$home/azure"
  cp "$BATS_TEST_DIRNAME"/../*.sh "$home/azure/"
  printf '#!/bin/sh\nprintf "ran:"\nprintf " <%%s>" "$@"\necho\n' > "$home/txlookup"
  chmod +x "$home/txlookup"
  subscription=11111111-2222-3333-4444-555555555555
  image=registry.example/txlookup@sha256:abcd
  export TXLOOKUP_DATABASE_PASSWORD=of-a-test TXLOOKUP_CURSOR_SECRET=of-a-test
}

recreate() { run "$home/azure/recreate.sh" "$@"; }
promote() { run "$home/azure/promote.sh" "$@"; }

@test "recreate shows what it is about and ends in the command, more options last" {
  recreate $subscription kim dev 2026-12-31 $image --yes
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = "subscription $subscription" ]
  [ "${lines[1]}" = "environment  kim/dev, stage cloud-test, until 2026-12-31" ]
  [[ "${lines[3]}" == "ran: <env> <recreate> <--profile> <cloud-test> <--owner> <kim> <--env> <dev> <--set> <naming.ttl=2026-12-31>"* ]]
  [[ "${lines[3]}" == *"<--yes>" ]]
}

@test "recreate refuses an empty or blank or strange subscription, owner, env, ttl and image" {
  for empty in "" " " "K" "a b" "a*"; do
    recreate "$empty" kim dev 2026-12-31 $image
    [ "$status" -eq 4 ]
    recreate $subscription "$empty" dev 2026-12-31 $image
    [ "$status" -eq 4 ]
    recreate $subscription kim "$empty" 2026-12-31 $image
    [ "$status" -eq 4 ]
    recreate $subscription kim dev "$empty" $image
    [ "$status" -eq 4 ]
    recreate $subscription kim dev 2026-12-31 "$empty"
    [ "$status" -eq 4 ]
    [[ "$output" != *ran:* ]]
  done
}

@test "recreate refuses an image without digest" {
  recreate $subscription kim dev 2026-12-31 registry.example/txlookup:latest
  [ "$status" -eq 4 ]
  [[ "$output" == *"by digest"* ]]
}

@test "recreate and promote want the secrets from the environment" {
  mkdir "$BATS_TEST_TMPDIR/evidence"
  touch "$BATS_TEST_TMPDIR/evidence/rebuild.json"
  unset TXLOOKUP_CURSOR_SECRET
  recreate $subscription kim dev 2026-12-31 $image
  [ "$status" -eq 4 ]
  [[ "$output" == *"TXLOOKUP_CURSOR_SECRET is not set"* ]]
  promote $subscription kim prod $image "$BATS_TEST_TMPDIR/evidence"
  [ "$status" -eq 4 ]
}

@test "promote ends in the command with its evidence" {
  mkdir "$BATS_TEST_TMPDIR/my evidence"
  touch "$BATS_TEST_TMPDIR/my evidence/rebuild.json"
  promote $subscription kim prod $image "$BATS_TEST_TMPDIR/my evidence" --check-only
  [ "$status" -eq 0 ]
  [[ "$output" == *"<env> <promote> <--profile> <cloud-secure> <--owner> <kim> <--env> <prod>"* ]]
  [[ "$output" == *"<--from> <$BATS_TEST_TMPDIR/my evidence> <--check-only>" ]]
}

@test "promote refuses what holds no evidence" {
  promote $subscription kim prod $image "$BATS_TEST_TMPDIR"
  [ "$status" -eq 4 ]
  [[ "$output" == *"no rebuild.json"* ]]
}

@test "destroy ends in the command, and refuses a missing plan and an empty confirmation" {
  touch "$BATS_TEST_TMPDIR/plan.json"
  run "$home/azure/destroy.sh" "$BATS_TEST_TMPDIR/plan.json" 0123456789ab
  [ "$status" -eq 0 ]
  [ "$output" = "ran: <env> <destroy> <--plan> <$BATS_TEST_TMPDIR/plan.json> <--confirm> <0123456789ab>" ]
  run "$home/azure/destroy.sh" "$BATS_TEST_TMPDIR/none.json" 0123456789ab
  [ "$status" -eq 4 ]
  run "$home/azure/destroy.sh" "$BATS_TEST_TMPDIR/plan.json" ""
  [ "$status" -eq 4 ]
}

@test "every door shows its usage when it is given too little" {
  for door in recreate promote destroy; do
    run "$home/azure/$door.sh"
    [ "$status" -eq 4 ]
    [[ "$output" == usage:* ]]
  done
}
