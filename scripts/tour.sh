#!/usr/bin/env bash
# Takes the README's tour against a running `serve --demo` and fails at the first step that answers otherwise.
#
#   scripts/tour.sh [BASE_URL]        http://127.0.0.1:8080 unless said
#
# The README is the test: each ```sh block of its tour is run here, in this one shell, and what it prints is held to the
# ```text block that follows (none: it must print nothing). In a text block `…` stands for anything, and line breaks and
# the indentation after them are there for the eye only.
readme=$(dirname "$0")/../README.md
server=${1:-http://127.0.0.1:8080}
# answers are compared as bytes; in a multibyte locale bash is slow at it
export LC_ALL=C

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

# one_line: line breaks and indentation away
one_line() {
    sed 's/\r$//; s/^[ \t]*//' | tr -d '\n'
}

# compare GOT WANTED: on a difference `missing` is the first piece that is not there, `found` what stands in its place
compare() {
    local rest=$1 wanted=$2 anywhere=''
    while [[ $wanted = *…* ]]; do
        missing=${wanted%%…*} found=$rest wanted=${wanted#*…}
        [[ $rest = $anywhere"$missing"* ]] || return 1
        rest=${rest#$anywhere"$missing"} anywhere='*'
    done
    missing=$wanted found=$rest
    [[ $rest = $anywhere"$wanted" ]]
}

# step: runs the block read last and compares
step() {
    local got wanted
    # in this shell, not a subshell: what a step defines the next one uses
    eval "$block" >"$folder/out" 2>&1 </dev/null
    got=$(one_line <"$folder/out") wanted=$(one_line <<<"$text")
    if ! compare "$got" "$wanted"; then
        stop "tour: step \"$title\" (README.md, line $line) answers otherwise than the README shows." \
            "-- command" "$block" "-- expected" "$text" "-- came" "$(cat "$folder/out")" \
            "-- the first thing that is missing: ${missing:-(the end)}" "-- instead, there: ${found:0:200}"
    fi
    steps=$((steps + 1))
}

command -v curl >/dev/null || stop "tour: missing: curl (Debian: apt-get install curl)"
curl -s -o /dev/null "$server/readyz" || stop "tour: nothing answers at $server. Start scripts/demo.sh first, or name another address."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

steps=0 n=0 inside='' fence='' title='' block='' text='' line=0
while IFS= read -r row; do
    n=$((n + 1))
    case $fence:$row in
        sh:'```')
            fence=''
            continue ;;
        text:'```')
            fence=''
            continue ;;
        sh:*)
            block+=$row$'\n'
            continue ;;
        text:*)
            text+=$row$'\n'
            continue ;;
    esac
    case $row in
        '## The tour') inside=yes ;;
        '## '*)
            [ -z "$inside" ] || break ;;
    esac
    [ -n "$inside" ] || continue
    case $row in
        '```sh')
            [ -z "$block" ] || step
            block='' text='' line=$n fence=sh ;;
        '```text') fence=text ;;
        '### '*)
            [ -z "$block" ] || step
            block='' text='' title=${row#'### '} ;;
    esac
done <"$readme"
[ -z "$block" ] || step
[ "$steps" -gt 10 ] || stop "tour: only $steps steps found in $readme"
echo "The tour's $steps steps answer as the README shows ($server)."
