#!/usr/bin/env bash
# run-tests.sh CONFIGURATION ordinary|soak|deploy PROJECT…: runs built test projects one after the other (they measure time, and the machine may
# have two cores), and ends with the sum of their results. A run that stands still is ended after LIMIT seconds and has failed.
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
passed=0 failed=0 skipped=0 status=0
for project in "$@"; do
  program="tests/$project/bin/$configuration/net10.0/$project"
  output=$(mktemp)
  echo "== $project"
  # Most tests wait for something; only the browser's keep the cores busy.
  threads=()
  [ "$project" = Chat.EndToEnd ] || threads=(--max-threads 2x)
  timeout -k 10 "$LIMIT" "$program" "${filter[@]}" "${threads[@]}" --no-progress 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  # 124, 137: ended by the limit.
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then echo "== $project stood still for $LIMIT s"; fi
  mapfile -t failures < <(sed -nE 's/^failed ([^ (]+).*/\1/p' "$output" | sort -u)
  repeated=0
  if [ "$project" = Chat.EndToEnd ] && [ "$code" -eq 2 ] && [ "${#failures[@]}" -ge 1 ] && [ "${#failures[@]}" -le "$FEW" ]; then
    echo "== $project, once more: ${failures[*]}"
    timeout -k 10 "$LIMIT" "$program" "${filter[@]}" --filter-method "${failures[@]}" --no-progress && code=0 repeated=1
  fi
  # 8: no test of this kind in the project.
  if [ "$code" -ne 0 ] && [ "$code" -ne 8 ]; then status=1; fi
  count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$output" | tail -n 1; }
  p=$(count succeeded); f=$(count failed); s=$(count skipped)
  if [ "$repeated" -eq 1 ]; then
    echo "== $project: failed at first, passed when repeated: ${failures[*]}"
    p=$((p + f)) f=0
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  rm -f "$output"
done
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
