#!/usr/bin/env bash
# run-tests.sh CONFIGURATION ordinary|soak|deploy PROJECT…: runs test projects that are already built, and prints the sum of their results.
# Projects that measure time or keep the processor busy run one after another, since the machine may have only two cores. A run that hangs
# is ended after LIMIT seconds and counts as failed. If at most FEW browser tests fail, they are repeated alone and named: Chromium
# on a machine that was briefly busy does not fail twice, but a real fault does. Look into a test that passes only the second time. The
# tests of other projects are not repeated.
set -uo pipefail
configuration=$1 kind=$2
shift 2
case $kind in
  soak) filter=(--filter-trait "Category=Soak") ;;
  deploy) filter=(--filter-trait "Category=Deploy") ;;
  *) filter=(--filter-not-trait "Category=Soak" --filter-not-trait "Category=Deploy") ;;
esac
# Several times as long as the longest project takes on two busy cores.
LIMIT=900
[ "$kind" = ordinary ] || LIMIT=3600
FEW=2
# Projects whose tests mostly wait. In an ordinary run, they run one after another, in parallel with the other projects.
WAITING=" Chat.Protocol.Tests Chat.Client.Tests Chat.Terminal.Tests Chat.Load.Tests Chat.Log.Postgres.Tests "
# Most of the tests' own code runs only a few times. Collecting profiles of it costs a quarter of all processor time and gains nothing.
[ "$kind" != ordinary ] || export DOTNET_TieredPGO=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Runs one project and stores its numbers in $results.
run() {
  local project=$1 program="tests/$1/bin/$configuration/net10.0/$1" output="$results/$1.output" threads=2x failures repeated=0 code p f s
  echo "== $project"
  # Most tests wait for something. Pages keep the cores busier: with more of them at a time, each takes too long.
  [ "$project" != Chat.EndToEnd ] || threads=1.5x
  timeout -k 10 "$LIMIT" "$program" "${filter[@]}" --max-threads "$threads" --no-progress 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  # 124, 137: the time limit ended it.
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then echo "== $project did not finish within $LIMIT s"; fi
  mapfile -t failures < <(sed -nE 's/^failed ([^ (]+).*/\1/p' "$output" | sort -u)
  if [ "$project" = Chat.EndToEnd ] && [ "$code" -eq 2 ] && [ "${#failures[@]}" -ge 1 ] && [ "${#failures[@]}" -le "$FEW" ]; then
    echo "== $project, repeated: ${failures[*]}"
    timeout -k 10 "$LIMIT" "$program" "${filter[@]}" --filter-method "${failures[@]}" --no-progress && code=0 repeated=1
  fi
  count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$output" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  if [ "$repeated" -eq 1 ]; then
    echo "== $project: failed at first, passed when repeated: ${failures[*]}"
    p=$((p + f)) f=0
    : > "$output"
  fi
  # 8: the project has no tests of this kind.
  if [ "$code" -eq 8 ]; then code=0; fi
  echo "$code ${p:-0} ${f:-0} ${s:-0}" > "$results/$project"
}

aside=()
if [ "$kind" = ordinary ] && [ $# -gt 1 ]; then
  for project in "$@"; do [[ $WAITING == *" $project "* ]] && aside+=("$project"); done
fi
for project in "${aside[@]}"; do run "$project"; done > "$results/aside" 2>&1 &
for project in "$@"; do
  [[ " ${aside[*]} " == *" $project "* ]] || run "$project"
done
wait
cat "$results/aside"

# What failed comes last as well, with the first two lines of why: often only the end of a long output is kept.
for project in "$@"; do
  awk -v project="$project" '/^failed /{n = 3; $0 = "== " project " " $0} n-- > 0' "$results/$project.output" 2>/dev/null
done | head -n 60

passed=0 failed=0 skipped=0 status=0
for project in "$@"; do
  # A project without numbers did not finish.
  read -r code p f s < "$results/$project" || code=1 p=0 f=0 s=0
  if [ "$code" -ne 0 ]; then status=1; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
