#!/usr/bin/env bash
# run-tests.sh CONFIGURATION ordinary|soak|deploy PROJECT…: runs built test projects, those that measure time or keep the processor busy one after the
# other, since the machine may have two cores, and ends with the sum of their results. A run that stands still is ended after LIMIT seconds and has failed.
# At most FEW tests in the browser that fail are made once more, by themselves, and named: Chromium on a machine that is busy for a moment does not fail
# twice, a fault does. A test that is named here and passes the second time is to be looked at all the same. No other project's tests are repeated.
set -uo pipefail
configuration=$1 kind=$2
shift 2
case $kind in
  soak) filter=(--filter-trait "Category=Soak") ;;
  deploy) filter=(--filter-trait "Category=Deploy") ;;
  *) filter=(--filter-not-trait "Category=Soak" --filter-not-trait "Category=Deploy") ;;
esac
# Several times what the longest project takes on two busy cores.
LIMIT=900
[ "$kind" = ordinary ] || LIMIT=3600
FEW=2
# Projects whose tests mostly wait: in an ordinary run all of them run beside the rest, one after the other.
WAITING=" Chat.Protocol.Tests Chat.Client.Tests Chat.Terminal.Tests Chat.Load.Tests "
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Runs one project; leaves its numbers in $results.
run() {
  local project=$1 program="tests/$1/bin/$configuration/net10.0/$1" output="$results/$1.output" threads=() failures repeated=0 code p f s
  echo "== $project"
  # Most tests wait for something; only the browser's keep the cores busy.
  [ "$project" = Chat.EndToEnd ] || threads=(--max-threads 2x)
  timeout -k 10 "$LIMIT" "$program" "${filter[@]}" "${threads[@]}" --no-progress 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  # 124, 137: ended by the limit.
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then echo "== $project stood still for $LIMIT s"; fi
  mapfile -t failures < <(sed -nE 's/^failed ([^ (]+).*/\1/p' "$output" | sort -u)
  if [ "$project" = Chat.EndToEnd ] && [ "$code" -eq 2 ] && [ "${#failures[@]}" -ge 1 ] && [ "${#failures[@]}" -le "$FEW" ]; then
    echo "== $project, once more: ${failures[*]}"
    timeout -k 10 "$LIMIT" "$program" "${filter[@]}" --filter-method "${failures[@]}" --no-progress && code=0 repeated=1
  fi
  count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$output" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  if [ "$repeated" -eq 1 ]; then
    echo "== $project: failed at first, passed when repeated: ${failures[*]}"
    p=$((p + f)) f=0
  fi
  # 8: no test of this kind in the project.
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

passed=0 failed=0 skipped=0 status=0
for project in "$@"; do
  # A project without numbers did not come to its end.
  read -r code p f s < "$results/$project" || code=1 p=0 f=0 s=0
  if [ "$code" -ne 0 ]; then status=1; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
