#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each relative link and picture of a Markdown page leads to a file of the tree, and to a heading or an anchor that is in it.
source "$(dirname "$0")/common.sh"

# anchors PAGE: what #fragments may name: ids, and headings in lower case without punctuation, blanks as hyphens.
anchors() {
  grep -oP 'id="\K[^"]+' "$1" || true
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | tr -cd '[:alnum:] _\n-' | tr ' ' '-'
}

# links PAGE: the targets of its inline links, without those outside of the tree.
links() { grep -oP '\]\(\K[^)\s]+' "$1" | grep -vE '^[a-z]+:' | sort -u || true; }

verdict "$(
  tree '*.md' | while read -r page; do
    links "$page" | while read -r link; do
      file=${link%%#*} fragment=${link#"${link%%#*}"}
      target=$page
      [[ -z $file ]] || target=$(dirname "$page")/$file
      if [[ ! -e $target ]]; then
        echo "$page: the link $link leads nowhere"
      elif [[ -n $fragment ]] && ! grep -qxF "${fragment#\#}" <(anchors "$target"); then
        echo "$page: $target has no ${fragment}"
      fi
    done
  done
)"
